// What goes on paper: the receipt of a case, the queue ticket, the slip of a deposit. Chinese first, one line of English where a guest needs it;
// nothing private beyond the mask, no advertising.

import type { Item } from '../contract/catalogue.ts';
import type { TicketBlock, TicketDocument } from '../../devices/ticket-printer/api.ts';
import type { World } from './events.ts';
import { maskName, maskNumber } from './masks.ts';
import type { CodeDeposit, Priority, Session, Ticket } from './state.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** `2026-11-22 03:07`, in the machine's own time zone. */
export const paperTime = (ms: number): string => {
  const date = new Date(ms);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
};

export const priorityNames: Record<Priority, { zh: string; en: string } | undefined> = {
  none: undefined,
  elder: { zh: '老年人优先', en: 'Elder priority' },
  disabled: { zh: '残疾人优先', en: 'Disability priority' },
  pregnant: { zh: '孕产妇优先', en: 'Pregnancy priority' },
  soldier: { zh: '军人优先', en: 'Service member priority' },
  appointment: { zh: '预约', en: 'Appointment' },
};

/** The QR of a receipt: enough for a counter or a phone to find the case, nothing about the person. */
export const receiptCode = (receiptNumber: string, caseId: string): string => `HKR1|${receiptNumber}|${caseId}`;

const groupsOfFour = (digits: string): string => digits.replaceAll(/(\d{4})(?=\d)/g, '$1 ');

export const receiptDocument = (session: Session, item: Item, world: World, isReprint: boolean): TicketDocument => {
  const { application, person } = session;
  const receipt = application?.receipt;
  if (!application || !receipt) return { blocks: [] };
  const blocks: TicketBlock[] = [
    { type: 'text', text: world.hall.zh, align: 'center', bold: true },
    { type: 'text', text: '收件回执', size: 2, align: 'center', bold: true },
    { type: 'text', text: 'Receipt', align: 'center' },
    { type: 'rule' },
    { type: 'text', text: receipt.number, size: 2, align: 'center', bold: true },
    { type: 'feed', lines: 1 },
    { type: 'pair', label: '事项', value: item.name.zh },
    { type: 'pair', label: '申请人', value: person ? maskName(person.name) : '' },
    { type: 'pair', label: '证件号', value: person ? maskNumber(person.number) : '' },
    { type: 'pair', label: '提交时间', value: paperTime(receipt.submittedAtMs) },
    { type: 'pair', label: '办理时限', value: `${item.duration.workingDays}个工作日` },
  ];
  const materials = item.materials.filter(({ id }) => application.materials[id]?.done);
  if (materials.length > 0) {
    blocks.push({ type: 'rule' }, { type: 'text', text: '已收材料' });
    for (const material of materials) {
      const held = application.materials[material.id];
      const pages = held && held.pages.length > 0 ? `${held.pages.length}页` : '电子';
      blocks.push({ type: 'pair', label: material.name.zh, value: pages });
    }
  }
  const { deposit } = application;
  if (deposit && deposit.state !== 'cancelled')
    blocks.push(
      { type: 'rule' },
      { type: 'text', text: `原件存件柜 ${world.cellName(deposit.cell)} 号`, bold: true },
      { type: 'text', text: '取件码（存入后生效）' },
      { type: 'text', text: groupsOfFour(deposit.pickUpCode), size: 2, align: 'center', bold: true },
    );
  blocks.push({ type: 'rule' }, { type: 'qr', data: receiptCode(receipt.number, application.caseId), moduleDots: 6 });
  item.nextSteps.forEach((step, index) => blocks.push({ type: 'text', text: `${index + 1}. ${step.zh}` }));
  blocks.push(
    { type: 'text', text: world.askAt.zh },
    { type: 'text', text: '请妥善保管，凭此回执查询进度' },
    { type: 'feed', lines: 2 },
  );
  return isReprint ? { blocks, isReprint } : { blocks };
};

export const ticketDocument = (ticket: Ticket, world: World, isReprint: boolean): TicketDocument => {
  const business = world.queue.businesses.find(({ code }) => code === ticket.businessCode);
  const priority = priorityNames[ticket.priority];
  const blocks: TicketBlock[] = [
    { type: 'text', text: world.hall.zh, align: 'center', bold: true },
    { type: 'text', text: '排队号 Your number', align: 'center' },
    { type: 'text', text: ticket.number, size: 3, align: 'center', bold: true },
    { type: 'text', text: business?.name.zh ?? ticket.businessCode, size: 2, align: 'center' },
    ...(priority ? [{ type: 'text' as const, text: priority.zh, align: 'center' as const, bold: true }] : []),
    { type: 'rule' },
    { type: 'pair', label: '前面等候', value: `${ticket.ahead}人` },
    ...(ticket.waitMinutes === undefined
      ? []
      : [{ type: 'pair' as const, label: '预计等候', value: `约${ticket.waitMinutes}分钟` }]),
    { type: 'pair', label: '取号时间', value: paperTime(ticket.takenAtMs) },
    { type: 'pair', label: '地点', value: world.place.zh },
    { type: 'qr', data: `HKQ1|${ticket.number}|${ticket.ticketId}`, moduleDots: 5 },
    { type: 'text', text: '请留意叫号，过号请重新取号', align: 'center' },
    { type: 'feed', lines: 2 },
  ];
  return isReprint ? { blocks, isReprint } : { blocks };
};

/** For papers that were left by a code: there is no other receipt that could carry the pick-up code. */
export const depositDocument = (deposit: CodeDeposit, world: World, isReprint: boolean): TicketDocument => {
  const blocks: TicketBlock[] = [
    { type: 'text', text: world.hall.zh, align: 'center', bold: true },
    { type: 'text', text: '存件凭条 Deposit', align: 'center', bold: true },
    { type: 'text', text: `${world.cellName(deposit.cell)} 号柜`, size: 3, align: 'center', bold: true },
    { type: 'text', text: '取件码', align: 'center' },
    { type: 'text', text: groupsOfFour(deposit.pickUpCode), size: 2, align: 'center', bold: true },
    { type: 'rule' },
    { type: 'pair', label: '材料所属', value: deposit.number },
    { type: 'pair', label: '保管到', value: paperTime(deposit.keepUntilMs) },
    { type: 'pair', label: '地点', value: world.place.zh },
    { type: 'text', text: world.askAt.zh },
    { type: 'text', text: '请妥善保管，凭取件码在本机取回' },
    { type: 'feed', lines: 2 },
  ];
  return isReprint ? { blocks, isReprint } : { blocks };
};
