// Conditions and failures of a code reader beside the common ones, in people's words.

import type { FaultTable } from '../kit/status.ts';

export const qrReaderFaults = {
  triggerRefused: {
    who: 'engineer',
    zh: { what: '扫码器拒绝了开始扫码的命令', todo: '请核对扫码器的型号和“触发方式”设置' },
    en: {
      what: 'The code reader refused the command to start reading',
      todo: 'Check the reader’s model and the trigger setting',
    },
  },
  commandRefused: {
    who: 'engineer',
    zh: { what: '扫码器拒绝了命令', todo: '请核对扫码器的型号和通信方式设置' },
    en: { what: 'The code reader refused a command', todo: 'Check the reader’s model and its communication settings' },
  },
  nobodyWaits: {
    who: 'citizen',
    zh: { what: '现在不需要扫码', todo: '请按屏幕提示，需要时再扫' },
    en: { what: 'No code is needed right now', todo: 'Follow the screen and scan when it asks' },
  },
  repeated: {
    who: 'citizen',
    zh: { what: '这个码刚刚扫过', todo: '请把手机拿开' },
    en: { what: 'This code was just read', todo: 'Take it away from the reader' },
  },
  tooLong: {
    who: 'citizen',
    zh: { what: '码里的内容太长', todo: '请确认出示的是办事用的二维码' },
    en: { what: 'The code holds too much', todo: 'Check that it is the code for this service' },
  },
  unreadableText: {
    who: 'citizen',
    zh: { what: '没有读清楚', todo: '请调亮手机屏幕，离扫码窗口 10 厘米左右再试一次' },
    en: {
      what: 'The code was not read clearly',
      todo: 'Brighten the screen and hold it about 10 cm away, then try again',
    },
  },
} as const satisfies FaultTable;
