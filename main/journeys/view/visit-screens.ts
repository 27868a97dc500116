// Screens around the journeys: attract, taking a number, goodbye.

import type { PrintState, ScreenOf } from '../../contract/view.ts';
import type { TicketDocument } from '../../../devices/ticket-printer/api.ts';
import type { World } from '../events.ts';
import { ticketDocument } from '../paper.ts';
import { deviceKindNames } from '../words.ts';
import type { DeviceKindName, Printing, Session, Step } from '../state.ts';

export const printState = (printing: Printing, document: TicketDocument, world: World): PrintState => ({
  phase: printing.phase,
  ...(printing.trouble ? { fault: world.faultText(printing.trouble) } : {}),
  preview: world.preview(document),
  copies: printing.copies,
});

export const attractScreen = (world: World): ScreenOf<'attract'> => ({
  type: 'attract',
  ...(world.announcement ? { announcement: world.announcement } : {}),
  shortcuts: [
    { kind: 'services', name: { zh: '办事', en: 'Services' }, available: true },
    {
      kind: 'queue',
      name: { zh: '取号', en: 'Take a number' },
      available: world.queue.businesses.some(({ open }) => open),
      ...(world.queue.businesses.some(({ open }) => open)
        ? {}
        : { why: { zh: '窗口现在不上班', en: 'The counters are closed now' } }),
    },
    {
      kind: 'locker',
      name: { zh: '存原件', en: 'Leave originals' },
      available: world.devices.locker.available,
      ...(world.devices.locker.fault ? { why: world.devices.locker.fault.what } : {}),
    },
  ],
  unavailable: (Object.keys(deviceKindNames) as DeviceKindName[])
    .filter((kind) => world.devices[kind].configured && !world.devices[kind].available)
    .map((kind) => ({
      what: deviceKindNames[kind],
      why: world.devices[kind].fault?.what ?? { zh: '正在启动', en: 'Starting' },
    })),
  isNight: world.isNight,
});

export const queueScreen = (step: Extract<Step, { type: 'queue' }>, world: World): ScreenOf<'queue'> => ({
  type: 'queue',
  businesses: world.queue.businesses.map((business) => ({ ...business })),
  ...(step.chosen === undefined ? {} : { chosen: step.chosen }),
  priority: step.priority,
  ...(world.queue.asOfMs === undefined ? {} : { asOfMs: world.queue.asOfMs }),
  takesAppointments: world.tokens.appointment,
});

export const ticketScreen = (step: Extract<Step, { type: 'ticket' }>, world: World): ScreenOf<'ticket'> => {
  const { ticket } = step;
  const business = world.queue.businesses.find(({ code }) => code === ticket.businessCode);
  return {
    type: 'ticket',
    number: ticket.number,
    business: business?.name ?? { zh: ticket.businessCode, en: ticket.businessCode },
    ahead: ticket.ahead,
    ...(ticket.waitMinutes === undefined ? {} : { waitMinutes: ticket.waitMinutes }),
    priority: ticket.priority,
    place: world.place,
    takenAtMs: ticket.takenAtMs,
    print: printState(step.printing, ticketDocument(ticket, world, false), world),
  };
};

export const goodbyeScreen = (
  session: Session,
  step: Extract<Step, { type: 'goodbye' }>,
  world: World,
): ScreenOf<'goodbye'> => {
  const { application } = session;
  const take: ScreenOf<'goodbye'>['take'] = [];
  if (session.card !== 'none')
    take.push({
      what: 'card',
      state: session.card === 'taken' ? 'taken' : 'stillThere',
      place: world.devices['id-card-reader'].place,
    });
  if (session.paperOut)
    take.push({
      what: session.ticket && !application?.receipt ? 'ticket' : 'receipt',
      state: 'remember',
      place: world.devices['ticket-printer'].place,
    });
  const scanned = Object.values(application?.materials ?? {}).some(({ pages }) => pages.length > 0);
  if (scanned && application?.deposit?.state !== 'stored')
    take.push({ what: 'originals', state: 'remember', place: world.devices['document-scanner'].place });
  return {
    type: 'goodbye',
    take,
    ...(application?.receipt ? { receiptNumber: application.receipt.number } : {}),
    rated: application?.rated ?? false,
    endsAtMs: step.endsAtMs,
  };
};
