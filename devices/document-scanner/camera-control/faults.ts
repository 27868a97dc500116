// What can be wrong with a control channel, in words. Most of it is the link's and stands in the kit's table.

import type { FaultTable } from '../../kit/status.ts';

export const controlFaults = {
  lampSilent: {
    who: 'engineer',
    zh: { what: '补光灯没有应答', todo: '请检查高拍仪的控制线，并核对“型号”里的灯光字节' },
    en: { what: 'The lamp did not answer', todo: 'Check the camera’s control cable and the lamp bytes of the model' },
  },
  cannotVerify: {
    who: 'engineer',
    zh: { what: '这种控制口不会应答，无法知道它是否接好', todo: '请做“补光灯”和“拍摄键”检查，由人确认' },
    en: {
      what: 'This kind of channel answers no question, so nobody can know whether it is there',
      todo: 'Run the checks of lamp and button and look',
    },
  },
  lampDark: {
    who: 'engineer',
    zh: { what: '补光灯没有亮', todo: '请检查灯条和供电，并核对“型号”里的灯光字节' },
    en: { what: 'The lamp did not light', todo: 'Check the lamp and its supply, and the lamp bytes of the model' },
  },
  noPress: {
    who: 'engineer',
    zh: { what: '没有收到拍摄键', todo: '请检查接线，并核对“型号”里的按键字节' },
    en: { what: 'No press of the button arrived', todo: 'Check the wiring and the button’s bytes in the model' },
  },
} as const satisfies FaultTable;
