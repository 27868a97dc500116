// Views of the signed codes for the gallery: showing one, and collecting originals.

import type { FaultView } from '../../main/contract/devices.ts';
import { faults, places, view, type Fixture } from './fixtures-case-base.ts';

const used: FaultView = {
  code: 'tokenUsed',
  who: 'citizen',
  what: { zh: '这个二维码已经用过', en: 'This code has been used before' },
  todo: {
    zh: '11-22 08:30 用过一次，不能再用。不是您用的，请马上找工作人员',
    en: 'It was used at 11-22 08:30 and works only once. If that was not you, tell staff at once',
  },
};

const waiting = { phase: 'waiting', place: places.qr, help: 'none' } as const;
const both = (zh: string) => ({ zh, en: zh });
const cell = {
  what: 'originals' as const,
  cell: '7',
  place: places.locker,
  papers: [both('租赁合同原件'), both('消防安全检查合格证')],
};
const result = {
  ...cell,
  what: 'result' as const,
  cell: 'A12',
  papers: [{ zh: '食品经营许可证（正本、副本）', en: 'Food business licence (original and duplicate)' }],
};
const deposit = {
  cell: 'A12',
  place: places.locker,
  originals: [],
  pickUpCode: '48213377',
  number: 'EZ01-20261122-00017',
};
const slip = {
  phase: 'printed',
  copies: 1,
  preview: [
    '鄂州市政务服务中心',
    '存件凭条 Deposit',
    'A12 号柜',
    '取件码',
    '4821 3377',
    '材料所属  EZ01-20261122-00017',
  ],
} as const;
const revoked: FaultView = {
  code: 'pickUpCodeRevoked',
  who: 'hall',
  what: { zh: '这个取件码已经作废', en: 'This code is no longer valid' },
  todo: {
    zh: '请看短信里有没有新的取件码；没有就到窗口询问',
    en: 'Look for a newer code in your messages; without one, ask at a window',
  },
};

export const tokenFixtures: Fixture[] = [
  view('appointment', { type: 'showToken', purpose: 'appointment', deposits: false, coach: waiting }),
  view('appointment used', {
    type: 'showToken',
    purpose: 'appointment',
    deposits: false,
    coach: waiting,
    failure: used,
  }),
  view('appointment other way', {
    type: 'showToken',
    purpose: 'appointment',
    deposits: false,
    coach: { ...waiting, help: 'otherWay' },
    failure: used,
  }),
  view('pick-up code', { type: 'showToken', purpose: 'pickUp', deposits: true, coach: waiting }),
  view('pick-up code revoked', {
    type: 'showToken',
    purpose: 'pickUp',
    deposits: true,
    coach: waiting,
    failure: revoked,
  }),
  view('pick-up opening', { type: 'pickUp', phase: 'opening', ...cell }),
  view('pick-up open', { type: 'pickUp', phase: 'open', ...cell }),
  view('pick-up is it open', { type: 'pickUp', phase: 'askOpen', ...cell }),
  view('pick-up is it shut', { type: 'pickUp', phase: 'askShut', ...cell, failure: faults.doorStuck }),
  view('pick-up closed', { type: 'pickUp', phase: 'closed', ...cell }),
  view('pick-up failed', { type: 'pickUp', phase: 'failed', ...cell, failure: faults.doorStuck }),
  view('deposit open', { type: 'locker', phase: 'open', ...deposit }),
  view('deposit closed', {
    type: 'locker',
    phase: 'closed',
    ...deposit,
    print: { ...slip, preview: [...slip.preview] },
  }),
  view('deposit not recorded', {
    type: 'locker',
    phase: 'closed',
    cell: deposit.cell,
    place: deposit.place,
    number: deposit.number,
    originals: [],
    failure: faults.depositNotStored,
  }),
  view('deposit failed', { type: 'locker', phase: 'failed', ...deposit, failure: faults.doorStuck }),
  view('result open', { type: 'pickUp', phase: 'open', ...result }),
  view('result is it shut', { type: 'pickUp', phase: 'askShut', ...result }),
  view('result closed', { type: 'pickUp', phase: 'closed', ...result }),
  view('result failed', { type: 'pickUp', phase: 'failed', ...result, failure: faults.doorStuck }),
];
