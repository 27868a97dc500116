// EXAMPLES, not products: no maker publishes the protocol of its counter pad. Each stands for a pattern that is met in halls.
// Copy the nearest one into the configuration as `protocol` and correct it from your pad's manual or a capture.

export const padModelNames = ['exampleAsciiDigits', 'exampleStxEtx', 'exampleSum'] as const;
export type PadModelName = (typeof padModelNames)[number];

export type PadModel = {
  title: { zh: string; en: string };
  /** What the link must be set to. */
  baudRate: number;
  /** Checked against `padProtocolSchema` when the driver starts. */
  protocol: unknown;
};

export const padModels: Readonly<Record<PadModelName, PadModel>> = {
  /** One ASCII digit a key; the prompt is a letter and a carriage return. No way to know whether the pad is there. */
  exampleAsciiDigits: {
    title: { zh: '示例：ASCII 数字键', en: 'Example: ASCII digit keys' },
    baudRate: 9600,
    protocol: {
      prompt: ['50 0D'],
      cancel: ['43 0D'],
      match: [
        { bytes: '35', level: 5 },
        { bytes: '34', level: 4 },
        { bytes: '33', level: 3 },
        { bytes: '32', level: 2 },
        { bytes: '31', level: 1 },
      ],
    },
  },
  /** STX key ETX; `?` is answered with `O`. */
  exampleStxEtx: {
    title: { zh: '示例：STX 键值 ETX', en: 'Example: STX key ETX' },
    baudRate: 9600,
    protocol: {
      open: ['02 49 03'],
      prompt: ['02 52 03'],
      cancel: ['02 43 03'],
      match: [
        { bytes: '02 35 03', level: 5 },
        { bytes: '02 34 03', level: 4 },
        { bytes: '02 33 03', level: 3 },
        { bytes: '02 32 03', level: 2 },
        { bytes: '02 31 03', level: 1 },
      ],
      heartbeat: { send: '02 3F 03', expect: '02 4F 03' },
    },
  },
  /** AA address key sum; key 1 is the leftmost one, 非常满意. */
  exampleSum: {
    title: { zh: '示例：AA 地址 键值 校验和', en: 'Example: AA address key sum' },
    baudRate: 4800,
    protocol: {
      prompt: ['AA 01 50 FB'],
      cancel: ['AA 01 43 EE'],
      match: [
        { bytes: 'AA ?? 01 SUM', level: 5 },
        { bytes: 'AA ?? 02 SUM', level: 4 },
        { bytes: 'AA ?? 03 SUM', level: 3 },
        { bytes: 'AA ?? 04 SUM', level: 2 },
        { bytes: 'AA ?? 05 SUM', level: 1 },
      ],
      heartbeat: { send: 'AA 01 3F EA', expect: 'AA ?? 4F SUM' },
    },
  },
};
