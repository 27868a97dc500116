// EXAMPLES of HID pads, not products; see models.ts. They differ in what matters: whether the pad can be asked for a rating, whether
// it answers by itself, and whether a key is a report of its own or a usage among others.

export const hidPadModelNames = ['exampleHidReports', 'exampleHidKeypad'] as const;
export type HidPadModelName = (typeof hidPadModelNames)[number];

export type HidPadModel = {
  title: { zh: string; en: string };
  /** Checked against `hidPadProtocolSchema` when the driver starts. */
  protocol: unknown;
};

export const hidPadModels: Readonly<Record<HidPadModelName, HidPadModel>> = {
  /** Eight-byte reports without numbers: `K`, then the key in the low half of the second byte, the battery in the high half. */
  exampleHidReports: {
    title: { zh: '示例：自定义 HID 报告', en: 'Example: HID reports of its own' },
    protocol: {
      type: 'reports',
      outputLength: 8,
      prompt: ['00 50 01'],
      cancel: ['00 43'],
      match: [
        { report: '4B 01/0F', level: 5 },
        { report: '4B 02/0F', level: 4 },
        { report: '4B 03/0F', level: 3 },
        { report: '4B 04/0F', level: 2 },
        { report: '4B 05/0F', level: 1 },
      ],
      // The key was let go.
      ignore: ['4B 00/0F'],
      heartbeat: { send: '00 3F', expect: '4F' },
    },
  },
  /** A number pad with five faces glued on: a boot keyboard, digits of either block. It shows and answers nothing. */
  exampleHidKeypad: {
    title: { zh: '示例：HID 数字小键盘', en: 'Example: HID number keypad' },
    protocol: {
      type: 'keypad',
      keys: [
        { usage: '22', level: 5 },
        { usage: '21', level: 4 },
        { usage: '20', level: 3 },
        { usage: '1F', level: 2 },
        { usage: '1E', level: 1 },
        { usage: '5D', level: 5 },
        { usage: '5C', level: 4 },
        { usage: '5B', level: 3 },
        { usage: '5A', level: 2 },
        { usage: '59', level: 1 },
      ],
      // Num Lock, and Enter of either block.
      ignore: ['53', '28', '58'],
    },
  },
};
