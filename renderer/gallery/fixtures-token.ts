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
const cell = { cell: '7', place: places.locker, originals: ['租赁合同原件', '消防安全检查合格证'] };

export const tokenFixtures: Fixture[] = [
  view('appointment', { type: 'showToken', purpose: 'appointment', coach: waiting }),
  view('appointment used', { type: 'showToken', purpose: 'appointment', coach: waiting, failure: used }),
  view('appointment other way', {
    type: 'showToken',
    purpose: 'appointment',
    coach: { ...waiting, help: 'otherWay' },
    failure: used,
  }),
  view('pick-up code', { type: 'showToken', purpose: 'pickUp', coach: waiting }),
  view('pick-up opening', { type: 'pickUp', phase: 'opening', ...cell }),
  view('pick-up open', { type: 'pickUp', phase: 'open', ...cell }),
  view('pick-up is it open', { type: 'pickUp', phase: 'askOpen', ...cell }),
  view('pick-up is it shut', { type: 'pickUp', phase: 'askShut', ...cell, failure: faults.doorStuck }),
  view('pick-up closed', { type: 'pickUp', phase: 'closed', ...cell }),
  view('pick-up failed', { type: 'pickUp', phase: 'failed', ...cell, failure: faults.doorStuck }),
];
