// From the signature to the rating, in every phase.

import type { PrintState, ScreenOf } from '../../main/contract/view.ts';
import { faults, materials, nightMs, places, restaurant, view, type Fixture } from './fixtures-case-base.ts';

const sign: ScreenOf<'sign'> = {
  type: 'sign',
  digest: '9f2c7a41d0b85e63c1a94f7720de38b6550c1e8fa2b94d7713c60fe58a41b2d7',
  statement: {
    zh: '本人申请办理“食品经营许可及企业设立登记、户外招牌设置、排水许可一件事”，所填内容和所交材料真实有效，并同意有关部门为办理此事共享和核验这些信息。',
    en: 'I apply for “Food business licence with company registration, shop sign and drainage permit”. What I stated and handed over is true, and I agree that the departments concerned share and verify it for this purpose.',
  },
  name: '欧阳*',
  isSaving: false,
};

const signFixtures: Fixture[] = [
  view('sign', sign, 4),
  view('sign saving', { ...sign, isSaving: true }, 4),
  view('sign text changed', { ...sign, failure: faults.signedTextChanged }, 4),
];

const submit = (change: Partial<ScreenOf<'submit'>> = {}): ScreenOf<'submit'> => ({
  type: 'submit',
  phase: 'ready',
  itemName: restaurant,
  willSendLater: false,
  ...change,
});

const submitFixtures: Fixture[] = [
  view('submit', submit(), 4),
  view('submit offline', submit({ willSendLater: true }), 4, { isOnline: false, waitingToSend: 2 }),
  view('submit saving', submit({ phase: 'saving' }), 4),
  view('submit failed', submit({ phase: 'failed', failure: faults.storeFailed }), 4),
];

const paper = [
  '鄂州市政务服务中心',
  '收件回执',
  'Receipt',
  '--------------------------------',
  'EZ2611220307001',
  '',
  '事项              我要开饭店',
  '申请人                 欧阳*',
  '证件号    420*************1X',
  '提交时间    2026-11-22 03:07',
  '办理时限         15个工作日',
  '--------------------------------',
  '已收材料',
  '企业名称自主申报告知书    电子',
  '经营场所使用证明           6页',
  '--------------------------------',
  '原件存件柜 07 号',
  '取件码（存入后生效）',
  '3086 4417',
];

const print = (phase: PrintState['phase'], change: Partial<PrintState> = {}): PrintState => ({
  phase,
  preview: paper,
  copies: phase === 'printed' ? 1 : 0,
  ...change,
});

const receipt = (change: Partial<ScreenOf<'receipt'>> = {}): ScreenOf<'receipt'> => ({
  type: 'receipt',
  number: 'EZ2611220307001',
  state: 'sending',
  qr: 'HKR1|EZ2611220307001|0190f6c0-1d3b-7c9a-8d21-5b1f0a6e7c44',
  itemName: restaurant,
  submittedAtMs: nightMs,
  nextSteps: [
    {
      zh: '1 个工作日内预审，结果发短信到您的手机',
      en: 'Checked within 1 working day; the result comes by text message',
    },
    {
      zh: '需要现场核查的，工作人员会提前电话预约',
      en: 'If the premises must be inspected, staff call you to arrange a time',
    },
    {
      zh: '15 个工作日内办结，凭取件码在存取柜领取证照',
      en: 'Finished within 15 working days; collect the licences at the locker with your code',
    },
  ],
  askAt: {
    zh: '咨询电话 12345，或一楼综合咨询台（工作日 9:00–17:00）',
    en: 'Call 12345, or ask at the desk on floor 1 (working days 9:00–17:00)',
  },
  print: print('printing'),
  ...change,
});

const receiptFixtures: Fixture[] = [
  view('receipt printing', receipt(), 5),
  view(
    'receipt printed',
    receipt({ state: 'received', centralNumber: '4207002026112200318', print: print('printed') }),
    5,
  ),
  view('receipt offline', receipt({ state: 'savedHere', print: print('printed') }), 5, {
    isOnline: false,
    waitingToSend: 1,
  }),
  view('receipt paper out', receipt({ print: print('printing', { fault: faults.paperOut }) }), 5),
  view('receipt unconfirmed', receipt({ print: print('unconfirmed') }), 5),
  view('receipt print failed', receipt({ print: print('failed', { fault: faults.cutterStuck }) }), 5),
  view(
    'receipt skipped',
    receipt({ state: 'received', centralNumber: '4207002026112200318', print: print('skipped') }),
    5,
  ),
];

const originals = [materials.lease.name, materials.fireSafety.name];
const cell = { cell: '07', pickUpCode: '30864417', place: places.locker };

const lockerFixtures: Fixture[] = [
  view('locker offer', { type: 'locker', phase: 'offer', originals, ...cell }, 5),
  view('locker opening', { type: 'locker', phase: 'opening', originals, ...cell }, 5),
  view('locker open', { type: 'locker', phase: 'open', originals, ...cell }, 5),
  view('locker is it open', { type: 'locker', phase: 'askOpen', originals, ...cell }, 5),
  view('locker is it shut', { type: 'locker', phase: 'askShut', originals, ...cell, failure: faults.doorStuck }, 5),
  view('locker closed', { type: 'locker', phase: 'closed', originals, ...cell }, 5),
  view('locker failed', { type: 'locker', phase: 'failed', originals, ...cell, failure: faults.doorStuck }, 5),
];

const rate: ScreenOf<'rate'> = {
  type: 'rate',
  itemName: restaurant,
  levels: [
    { level: 5, name: { zh: '非常满意', en: 'Very satisfied' } },
    { level: 4, name: { zh: '满意', en: 'Satisfied' } },
    { level: 3, name: { zh: '基本满意', en: 'Fairly satisfied' } },
    { level: 2, name: { zh: '不满意', en: 'Dissatisfied' } },
    { level: 1, name: { zh: '非常不满意', en: 'Very dissatisfied' } },
  ],
  reasons: [
    { id: 'unclear', name: { zh: '指引不清楚', en: 'Instructions were unclear' } },
    { id: 'tooSlow', name: { zh: '花的时间太长', en: 'It took too long' } },
    { id: 'tooManyMaterials', name: { zh: '要的材料太多', en: 'Too many documents' } },
    { id: 'deviceTrouble', name: { zh: '设备不好用', en: 'A device did not work well' } },
    { id: 'screenHard', name: { zh: '屏幕不好操作', en: 'The screen was hard to use' } },
    { id: 'notSolved', name: { zh: '问题没有解决', en: 'My matter was not solved' } },
  ],
};

const rateFixtures: Fixture[] = [view('rate with pad', { ...rate, padPlace: places.pad }), view('rate', rate)];

export const endFixtures: Fixture[] = [
  ...signFixtures,
  ...submitFixtures,
  ...receiptFixtures,
  ...lockerFixtures,
  ...rateFixtures,
];
