// What the printer can have, in words for the hall and the technician. Codes are stable; consoles look them up here.

import type { Who } from '../kit/result.ts';
import type { FaultTable } from '../kit/status.ts';

/** Conditions that the printer reports of itself, and who ends them. */
export const whoActs = {
  unrecoverableError: 'engineer',
  cutterError: 'engineer',
  mechanicalError: 'engineer',
  coverOpen: 'hall',
  paperOut: 'hall',
  overheated: 'system',
  printerOffline: 'hall',
  paperNearEnd: 'hall',
} as const satisfies Record<string, Who>;
export type PrinterFaultCode = keyof typeof whoActs;

export const printerFaults = {
  paperOut: {
    who: 'hall',
    zh: { what: '小票纸用完了', todo: '请打开上盖，按机内图示的方向装入新纸卷；合上盖子后会自动接着打印' },
    en: {
      what: 'The printer is out of paper',
      todo: 'Load a new roll as the picture inside shows and close the cover; printing goes on by itself',
    },
  },
  paperNearEnd: {
    who: 'hall',
    zh: { what: '小票纸快用完了', todo: '还可以打印，请准备更换纸卷' },
    en: { what: 'The paper is running low', todo: 'Printing still works; have a new roll at hand' },
  },
  coverOpen: {
    who: 'hall',
    zh: { what: '打印机上盖没有合好', todo: '请把纸拉出一小段，再合紧上盖' },
    en: { what: 'The printer cover is open', todo: 'Pull out a little paper and close the cover firmly' },
  },
  cutterError: {
    who: 'engineer',
    zh: { what: '打印机切刀卡住了', todo: '请断电后取出卡住的纸，必要时更换切刀；恢复后系统会自动重试' },
    en: {
      what: 'The paper cutter is jammed',
      todo: 'Switch off, remove the jammed paper, replace the cutter if needed; it is tried again by itself',
    },
  },
  mechanicalError: {
    who: 'engineer',
    zh: { what: '打印机机械故障', todo: '请断电检查走纸机构和黑标传感器' },
    en: { what: 'Mechanical error in the printer', todo: 'Switch off and check the paper path and the mark sensor' },
  },
  unrecoverableError: {
    who: 'engineer',
    zh: { what: '打印机发生无法自行恢复的故障', todo: '请断电再上电；仍不恢复时更换打印机' },
    en: {
      what: 'The printer has an error it cannot recover from',
      todo: 'Switch it off and on; replace it if the error stays',
    },
  },
  overheated: {
    who: 'system',
    zh: { what: '打印头过热或供电电压异常', todo: '打印机冷却后会自动恢复；反复出现时检查电源' },
    en: {
      what: 'Hot print head or wrong supply voltage',
      todo: 'It recovers after cooling down; check the power supply if it comes back',
    },
  },
  printerOffline: {
    who: 'hall',
    zh: { what: '打印机处于脱机状态，原因不明', todo: '请看打印机的指示灯和面板，确认没有按住走纸键' },
    en: {
      what: 'The printer is offline and does not say why',
      todo: 'Look at its lamps and panel; check that nobody holds the feed button',
    },
  },
  ticketNotTaken: {
    who: 'citizen',
    zh: { what: '小票还在出纸口', todo: '请取走小票' },
    en: { what: 'The ticket is still in the outlet', todo: 'Please take your ticket' },
  },
  documentInvalid: {
    who: 'system',
    zh: { what: '小票内容无法打印（二维码、条码太长或图片太大）', todo: '请把日志发给软件维护人员' },
    en: {
      what: 'The ticket cannot be printed: a QR code, barcode or image is too large',
      todo: 'Send the log to the software’s maintainers',
    },
  },
  unconfirmed: {
    who: 'hall',
    zh: { what: '打印机没有确认打印完成', todo: '请看小票是否完整出来；没有出来可以补打' },
    en: {
      what: 'The printer did not confirm the ticket',
      todo: 'See whether the ticket came out whole; reprint it if not',
    },
  },
  cannotConfirm: {
    who: 'engineer',
    zh: {
      what: '这台打印机不能确认打印完成',
      todo: '可以使用，但每次打印后要询问办事人；建议换用支持 GS ( H 或 GS r 的型号',
    },
    en: {
      what: 'This printer cannot confirm what it printed',
      todo: 'Usable, but people are asked after every ticket; prefer a model with GS ( H or GS r',
    },
  },
  printPoor: {
    who: 'hall',
    zh: { what: '测试小票不清楚、不完整或没有切断', todo: '请检查纸卷是否装反、打印头是否需要清洁、切刀是否正常' },
    en: {
      what: 'The test ticket was unreadable, incomplete or not cut',
      todo: 'Check that the roll is not upside down, clean the print head, check the cutter',
    },
  },
} as const satisfies FaultTable;
