// What can be wrong with a pad, in words. Most of it is the link's and stands in the kit's table.

import type { FaultTable } from '../kit/status.ts';

export const padFaults = {
  cannotVerify: {
    who: 'engineer',
    zh: { what: '这种评价器不会应答，无法知道它是否接好', todo: '请做“按键测试”，由人按键确认' },
    en: {
      what: 'This kind of pad answers no question, so nobody can know whether it is there',
      todo: 'Run the key test and press a key',
    },
  },
  noKey: {
    who: 'engineer',
    zh: { what: '没有收到按键', todo: '请检查接线和波特率，并核对“型号”中的按键字节' },
    en: { what: 'No key arrived', todo: 'Check wiring and baud rate, and the key bytes of the model' },
  },
  wrongKey: {
    who: 'engineer',
    zh: { what: '收到的不是所按的那个键', todo: '请核对“型号”中各键的字节与满意度的对应关系' },
    en: {
      what: 'Another key arrived than the one pressed',
      todo: 'Check which bytes stand for which level in the model',
    },
  },
  noPrompt: {
    who: 'engineer',
    zh: { what: '评价器没有提示评价', todo: '请核对“型号”中的提示字节' },
    en: { what: 'The pad did not ask for a rating', todo: 'Check the prompt bytes of the model' },
  },
} as const satisfies FaultTable;
