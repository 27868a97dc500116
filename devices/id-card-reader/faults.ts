// Conditions and failures of an ID card reader beside the common ones, in people's words.

import type { FaultTable } from '../kit/status.ts';

export const idCardReaderFaults = {
  samSelfTestFailed: {
    who: 'engineer',
    zh: { what: '身份证阅读器自检没有通过', todo: '请给阅读器断电再上电；仍不通过就更换阅读器' },
    en: { what: 'The ID card reader failed its self test', todo: 'Power it off and on; if it fails again, replace it' },
  },
  samNotAuthorised: {
    who: 'engineer',
    zh: { what: '阅读器里的安全模块没有授权', todo: '请联系阅读器厂家办理安全模块授权或更换' },
    en: {
      what: 'The security module in the reader is not authorised',
      todo: 'Ask the reader’s vendor to authorise or replace the module',
    },
  },
  liftAndRetry: {
    who: 'citizen',
    zh: { what: '没有读到身份证', todo: '请把证件拿开，再平放到读卡区' },
    en: { what: 'The card could not be read', todo: 'Lift the card, then lay it flat on the reader again' },
  },
  unsupportedCard: {
    who: 'citizen',
    zh: { what: '这种卡不能在这里读取', todo: '请放身份证、港澳台居民居住证或外国人永久居留身份证' },
    en: {
      what: 'This kind of card cannot be read here',
      todo: 'Use a resident ID card, a Hong Kong/Macao/Taiwan residence permit or a foreign permanent resident card',
    },
  },
  damagedData: {
    who: 'citizen',
    zh: { what: '证件里的信息有误，没有采用', todo: '请把证件拿开再放一次；还是不行，请到人工窗口办理' },
    en: {
      what: 'The data on the card do not validate and were not used',
      todo: 'Lift the card and try once more; if it fails again, go to a staffed counter',
    },
  },
} as const satisfies FaultTable;
