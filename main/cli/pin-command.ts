// `pin`: a PIN from the keyboard to the argon2id hash that stands in `staff.firstAccounts`. The PIN itself is never shown or kept.

import { hash } from '@node-rs/argon2';
import { signInSchema } from '../contract/console.ts';
import { misused, type Command } from './command.ts';

const upwards = '012345678901234567890';
const downwards = '098765432109876543210';
const isGuessable = (digits: string): boolean =>
  /^(\d)\1+$/.test(digits) || upwards.includes(digits) || downwards.includes(digits);

export const pin: Command = {
  usage: 'pin',
  summary: {
    zh: '输入 PIN，得到 staff.firstAccounts 里的 pinHash',
    en: 'a PIN in, the pinHash for staff.firstAccounts out',
  },
  async run({ isJson }, io) {
    const isZh = io.language === 'zh';
    const first = await io.ask(isZh ? 'PIN(6–12 位数字):' : 'PIN (6–12 digits): ', { isHidden: true });
    if (first === undefined || !signInSchema.shape.pin.safeParse(first).success)
      return misused(io, 'PIN 应为 6–12 位数字', 'a PIN has 6–12 digits');
    // A pipe says it once; a person may slip.
    if (io.isTerminal) {
      const second = await io.ask(isZh ? '再输一次：' : 'Once more: ', { isHidden: true });
      if (second !== first) return misused(io, '两次输入不一样', 'the two are not the same');
    }
    if (isGuessable(first)) io.err(isZh ? '提示：这个 PIN 很容易猜到' : 'Note: this PIN is easy to guess');
    // The library's own costs, as the sign-in uses them for accounts that do not exist: all answers take equally long.
    const pinHash = await hash(first);
    io.out(isJson ? JSON.stringify({ pinHash }) : pinHash);
    return 0;
  },
};
