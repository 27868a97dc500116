// Words that journeys need beside the catalogue's: names of devices, rating levels, and troubles that no device names.

import type { Text } from '../contract/text.ts';
import type { Who } from '../contract/devices.ts';
import type { DeviceKindName, Way } from './state.ts';
import { tokenTroubles } from './token-words.ts';

export const deviceKindNames: Record<DeviceKindName, Text> = {
  'id-card-reader': { zh: '身份证阅读器', en: 'ID card reader' },
  'qr-reader': { zh: '扫码器', en: 'Code reader' },
  'ticket-printer': { zh: '凭条打印机', en: 'Ticket printer' },
  'rating-pad': { zh: '评价器', en: 'Rating pad' },
  locker: { zh: '文件存取柜', en: 'Locker' },
  'document-scanner': { zh: '文件扫描仪', en: 'Document scanner' },
};

export const wayNames: Record<Way, Text> = {
  library: { zh: '从电子证照库调取，不用交', en: 'Fetched from the licence library' },
  qr: { zh: '扫一下二维码', en: 'Scan its QR code' },
  camera: { zh: '在高拍仪上拍照', en: 'Photograph it here' },
  scanner: { zh: '在扫描仪上扫描', en: 'Scan it here' },
};

/** 好差评, GB/T 39735: five levels; the two lowest ask for a reason. */
export const ratingLevels: { level: number; name: Text }[] = [
  { level: 5, name: { zh: '非常满意', en: 'Very satisfied' } },
  { level: 4, name: { zh: '满意', en: 'Satisfied' } },
  { level: 3, name: { zh: '基本满意', en: 'Fairly satisfied' } },
  { level: 2, name: { zh: '不满意', en: 'Dissatisfied' } },
  { level: 1, name: { zh: '非常不满意', en: 'Very dissatisfied' } },
];

export const ratingReasons: { id: string; name: Text }[] = [
  { id: 'unclear', name: { zh: '指引不清楚', en: 'Instructions were unclear' } },
  { id: 'tooSlow', name: { zh: '花的时间太长', en: 'It took too long' } },
  { id: 'tooManyMaterials', name: { zh: '要的材料太多', en: 'Too many documents' } },
  { id: 'deviceTrouble', name: { zh: '设备不好用', en: 'A device did not work well' } },
  { id: 'screenHard', name: { zh: '屏幕不好操作', en: 'The screen was hard to use' } },
  { id: 'notSolved', name: { zh: '问题没有解决', en: 'My matter was not solved' } },
];

export type Words = { who: Who; zh: { what: string; todo: string }; en: { what: string; todo: string } };

export const journeyTroubles: Record<string, Words> = {
  ...tokenTroubles,
  caseIdNumber: {
    who: 'hall',
    zh: { what: '证件号码不符合编码规则', todo: '请到窗口核对证件。您填写的内容没有提交' },
    en: {
      what: 'The document’s number does not follow its rule',
      todo: 'Please have it checked at a counter. Nothing was submitted',
    },
  },
  caseNameMissing: {
    who: 'hall',
    zh: { what: '证件上没有读到姓名', todo: '请到窗口核对证件。您填写的内容没有提交' },
    en: { what: 'The document gave no name', todo: 'Please have it checked at a counter. Nothing was submitted' },
  },
  caseCreditCode: {
    who: 'citizen',
    zh: { what: '统一社会信用代码不正确', todo: '请返回表单，对照营业执照核对18位代码' },
    en: {
      what: 'The unified social credit code is wrong',
      todo: 'Go back to the form and compare its 18 characters with the licence',
    },
  },
  caseMaterialsMissing: {
    who: 'citizen',
    zh: { what: '必交材料还没有交齐', todo: '请返回材料清单，把标明必交的材料补齐' },
    en: { what: 'A required material is missing', todo: 'Go back to the list and hand in what is marked as required' },
  },
  caseMaterialUnasked: {
    who: 'engineer',
    zh: { what: '有一份材料不在办事指南里', todo: '请联系工作人员；您填写的内容没有提交' },
    en: { what: 'A material is not one that the guide names', todo: 'Please call staff; nothing was submitted' },
  },
  caseMaterialEmpty: {
    who: 'engineer',
    zh: { what: '有一份材料没有内容', todo: '请返回材料清单，把它重新交一次；仍不行请联系工作人员' },
    en: {
      what: 'A material is empty',
      todo: 'Go back to the list and hand it in again; if that does not help, call staff',
    },
  },
  caseItemUnknown: {
    who: 'system',
    zh: { what: '这个事项刚刚更新了', todo: '请返回首页重新办理，旧的内容没有提交' },
    en: {
      what: 'This service has just been updated',
      todo: 'Go back to the start and begin again; nothing was submitted',
    },
  },
  caseGroupMissing: {
    who: 'engineer',
    zh: { what: '办理过程没有记录完整', todo: '请返回首页重新办理；仍不行请联系工作人员' },
    en: {
      what: 'The course of this visit was not recorded',
      todo: 'Go back to the start and begin again; if that does not help, call staff',
    },
  },
  caseTimes: {
    who: 'engineer',
    zh: { what: '本机时间有问题', todo: '请联系工作人员校对本机时间；您填写的内容没有提交' },
    en: { what: 'This kiosk’s clock is wrong', todo: 'Please ask staff to set it; nothing was submitted' },
  },
  caseDigest: {
    who: 'citizen',
    zh: { what: '签名之后内容有变动', todo: '请返回核对，再签一次名' },
    en: { what: 'Something changed after the signature', todo: 'Go back, check it and sign again' },
  },
  liftAndRetry: {
    who: 'citizen',
    zh: { what: '没有读出来', todo: '请把身份证拿起来，再平放到读卡区，不要移动' },
    en: {
      what: 'The card could not be read',
      todo: 'Lift the card, lay it flat on the reader again and keep it still',
    },
  },
  unsupportedCard: {
    who: 'citizen',
    zh: { what: '这张卡不能在这里读', todo: '请使用居民身份证、港澳台居民居住证或外国人永久居留身份证' },
    en: {
      what: 'This card cannot be read here',
      todo: 'Use a resident ID card, an HMT residence permit or a foreigner’s permanent residence card',
    },
  },
  damagedData: {
    who: 'citizen',
    zh: { what: '卡里的信息不完整', todo: '请拿起来再放一次；还是不行，请到户籍窗口检查证件' },
    en: {
      what: 'The data on the card is incomplete',
      todo: 'Try once more; if it fails again, have the card checked at a counter',
    },
  },
  codeNotRecognised: {
    who: 'citizen',
    zh: { what: '这个二维码不是这份材料的', todo: '请出示通知书上的二维码，再扫一次' },
    en: { what: 'This is not the code of this document', todo: 'Show the QR code printed on the notice' },
  },
  codeUnreadable: {
    who: 'citizen',
    zh: { what: '没有读到能用的二维码', todo: '请把整个二维码摆平、对准扫码窗，再扫一次' },
    en: {
      what: 'That was not a readable QR code',
      todo: 'Hold the whole code flat in front of the window and try again',
    },
  },
  connectionLost: {
    who: 'hall',
    zh: { what: '设备中途断开了', todo: '请稍等，设备恢复后再试一次' },
    en: { what: 'The device was cut off in the middle', todo: 'Wait until it is back and try again' },
  },
  queueFull: {
    who: 'system',
    zh: { what: '设备正忙', todo: '请稍等再试' },
    en: { what: 'The device is busy', todo: 'Wait a moment and try again' },
  },
  notRemembered: {
    who: 'engineer',
    zh: { what: '这台机器写不进记录，为免重复，没有动设备', todo: '请联系工作人员检查存储空间' },
    en: {
      what: 'This machine cannot write its records, so the device was left alone',
      todo: 'Call staff to check the storage',
    },
  },
  notInLibrary: {
    who: 'citizen',
    zh: { what: '电子证照库里没有查到', todo: '请改用拍照或扫描提交' },
    en: { what: 'The library does not hold it', todo: 'Please photograph or scan it instead' },
  },
  signedTextChanged: {
    who: 'citizen',
    zh: { what: '内容改过了，需要重新签名', todo: '请核对后再签一次' },
    en: { what: 'The text has changed since it was signed', todo: 'Please check it and sign again' },
  },
  diskFull: {
    who: 'engineer',
    zh: { what: '这台机器的存储空间满了', todo: '您填写的内容还在。请联系工作人员，或换一台机器办理' },
    en: {
      what: 'This machine has no storage space left',
      todo: 'What you entered is kept. Please call staff, or use another machine',
    },
  },
  storeFailed: {
    who: 'engineer',
    zh: { what: '没有保存成功', todo: '您填写的内容还在，请再试一次；仍不行请联系工作人员' },
    en: { what: 'It could not be saved', todo: 'What you entered is kept. Try again, or call staff' },
  },
  depositNotStored: {
    who: 'engineer',
    zh: {
      what: '柜门关好了，但没有登记成功，取件码暂时打不开这个柜门',
      todo: '请再试一次；仍不行，请记下柜门号并联系工作人员，材料由工作人员取出',
    },
    en: {
      what: 'The door is shut, but the deposit could not be recorded: the code does not open this door yet',
      todo: 'Try again. If it still fails, note the cell and call staff, who take the papers out',
    },
  },
  notAPicture: {
    who: 'system',
    zh: { what: '拍到的图像不完整', todo: '请再拍一次' },
    en: { what: 'The picture was incomplete', todo: 'Please take it again' },
  },
  deviceNotReady: {
    who: 'hall',
    zh: { what: '设备还没有准备好', todo: '请稍等再试，或换一种方式' },
    en: { what: 'The device is not ready', todo: 'Wait a moment and try again, or use another way' },
  },
  outcomeUnknown: {
    who: 'hall',
    zh: { what: '不能确定上一次动作是否完成', todo: '请看一下实物再回答' },
    en: { what: 'It is not known whether the last act was completed', todo: 'Please look and answer' },
  },
  queueClosed: {
    who: 'hall',
    zh: { what: '这项业务现在不放号', todo: '请在窗口上班时间取号' },
    en: { what: 'No numbers are given for this now', todo: 'Come back during counter hours' },
  },
  noNumbersLeft: {
    who: 'hall',
    zh: { what: '本机今天的号已取完', todo: '请到其他终端取号，或向导办台要号' },
    en: { what: 'This kiosk has no numbers left today', todo: 'Use another kiosk, or ask at the desk' },
  },
};
