// Why a signed code is not taken, in both languages: what it is, who acts, what next. `{{detail}}` is filled from the trouble, a time or
// a date.

import type { TokenRefusal } from '../contract/tokens.ts';
import type { Words } from './words.ts';

export const tokenTroubles: Record<
  | TokenRefusal
  | 'pickUpNothing'
  | 'pickUpElsewhere'
  | 'pickUpCodeWrong'
  | 'pickUpCodeLocked'
  | 'pickUpCodeUsed'
  | 'pickUpCodeRevoked'
  | 'pickUpCodeExpired'
  | 'pickUpListOver'
  | 'depositAlready'
  | 'depositNoCell',
  Words
> = {
  tokenUnreadable: {
    who: 'citizen',
    zh: { what: '这不是预约码、取件码或存件码', todo: '请打开短信或办事应用里的二维码，再扫一次' },
    en: {
      what: 'This is no appointment, collection or deposit code',
      todo: 'Open the QR code in your message or app and show it again',
    },
  },
  tokenUnknownIssuer: {
    who: 'hall',
    zh: { what: '这台机器不认识这个二维码的签发单位', todo: '请到窗口出示二维码，由工作人员办理' },
    en: { what: 'This machine does not know who issued the code', todo: 'Please show the code at a window' },
  },
  tokenAlgorithmOff: {
    who: 'engineer',
    zh: { what: '这台机器不接受这种签名的二维码', todo: '请到窗口出示二维码；维修人员请检查算法设置' },
    en: {
      what: 'Codes signed this way are not accepted here',
      todo: 'Please show the code at a window; engineers check the algorithm settings',
    },
  },
  tokenBadSignature: {
    who: 'citizen',
    zh: { what: '这个二维码不是真的，或者被改过', todo: '请从官方短信或应用里重新打开二维码，不要用转发的图片' },
    en: {
      what: 'This code is not genuine, or was changed',
      todo: 'Open the code again in the official message or app, not from a forwarded picture',
    },
  },
  tokenIssuerExpired: {
    who: 'engineer',
    zh: { what: '签发单位的密钥现在无效', todo: '请到窗口出示二维码；维修人员请更新密钥' },
    en: {
      what: 'The issuer’s key is not valid now',
      todo: 'Please show the code at a window; engineers renew the key',
    },
  },
  tokenOtherPurpose: {
    who: 'citizen',
    zh: { what: '这个二维码是办别的事用的', todo: '取号请出示预约码，取件请出示取件码，存件请出示存件码' },
    en: {
      what: 'This code is for something else',
      todo: 'Show the appointment code for a number, the collection or deposit code for a locker',
    },
  },
  tokenOtherPlace: {
    who: 'citizen',
    zh: { what: '这个二维码是别的大厅或别的机器的', todo: '请看短信里写的地点，到那里使用' },
    en: {
      what: 'This code belongs to another hall or machine',
      todo: 'Please use it at the place named in your message',
    },
  },
  tokenNotYet: {
    who: 'citizen',
    zh: { what: '还没到可以用的时间', todo: '{{detail}} 起可以用，请到时再来' },
    en: { what: 'It is too early for this code', todo: 'It can be used from {{detail}}' },
  },
  tokenExpired: {
    who: 'citizen',
    zh: { what: '这个二维码已经过期', todo: '有效期到 {{detail}}。请重新预约，或直接取号、到窗口办理' },
    en: {
      what: 'This code has expired',
      todo: 'It was valid until {{detail}}. Book again, take a number, or go to a window',
    },
  },
  tokenUsed: {
    who: 'citizen',
    zh: { what: '这个二维码已经用过', todo: '{{detail}} 用过一次，不能再用。不是您用的，请马上找工作人员' },
    en: {
      what: 'This code has been used before',
      todo: 'It was used at {{detail}} and works only once. If that was not you, tell staff at once',
    },
  },
  pickUpCodeWrong: {
    who: 'citizen',
    zh: { what: '取件码不对', todo: '请对照小票或短信，再输一次。码已换过或东西已取走时，请到窗口询问' },
    en: {
      what: 'The code is wrong',
      todo: 'Compare it with your receipt or message and type it again. If it was collected already, ask at a window',
    },
  },
  pickUpCodeLocked: {
    who: 'hall',
    zh: { what: '输错次数太多，暂时不能输入', todo: '{{detail}} 以后再试，或出示取件二维码，或找工作人员' },
    en: {
      what: 'Too many wrong codes; typing is off for a while',
      todo: 'Try again after {{detail}}, show the QR code instead, or ask staff',
    },
  },
  pickUpCodeUsed: {
    who: 'citizen',
    zh: { what: '这个取件码已经用过', todo: '{{detail}} 用它取过件，不能再用。不是您取的，请马上找工作人员' },
    en: {
      what: 'This code has been used before',
      todo: 'It opened its cell at {{detail}} and works only once. If that was not you, tell staff at once',
    },
  },
  pickUpCodeRevoked: {
    who: 'hall',
    zh: { what: '这个取件码已经作废', todo: '请看短信里有没有新的取件码；没有就到窗口询问' },
    en: {
      what: 'This code is no longer valid',
      todo: 'Look for a newer code in your messages; without one, ask at a window',
    },
  },
  pickUpCodeExpired: {
    who: 'hall',
    zh: { what: '这个取件码已经过期', todo: '保管到 {{detail}} 为止。请到窗口领取' },
    en: { what: 'This code has expired', todo: 'It was kept for you until {{detail}}. Please ask for it at a window' },
  },
  pickUpListOver: {
    who: 'system',
    zh: { what: '暂时查不到这个取件码', todo: '这台机器的取件名单还没有更新。请过一会儿再试，或到窗口领取' },
    en: {
      what: 'This code cannot be looked up now',
      todo: 'The list on this machine is out of date. Try again in a while, or ask at a window',
    },
  },
  pickUpNothing: {
    who: 'hall',
    zh: { what: '没有找到您存的原件', todo: '可能已经取走，或已由工作人员代管。请到窗口询问' },
    en: {
      what: 'No originals of yours are in the locker',
      todo: 'They may have been collected or moved by staff. Please ask at a window',
    },
  },
  pickUpElsewhere: {
    who: 'hall',
    zh: { what: '取件码的柜格和记录不一样', todo: '为安全没有开门。请找工作人员核对' },
    en: {
      what: 'The code’s cell is not the one in the records',
      todo: 'For safety the door stays shut. Please ask staff to check',
    },
  },
  depositAlready: {
    who: 'citizen',
    zh: { what: '这件事的材料已经存在柜里', todo: '要取回请用取件码；要再交材料，请找工作人员' },
    en: {
      what: 'Papers of this case are in the locker already',
      todo: 'Use the collection code to take them out; to hand in more, please ask staff',
    },
  },
  depositNoCell: {
    who: 'hall',
    zh: { what: '柜子已经存满', todo: '存件码没有用掉。请改时间再来，或把材料交到窗口' },
    en: {
      what: 'Every cell is in use',
      todo: 'Your code is not used up. Come again later, or hand the papers in at a window',
    },
  },
};
