// EXAMPLES, not products: no maker publishes how the lamp and the button of its document camera are spoken to. Copy the nearest one
// into the configuration as `protocol` and correct it from your camera's manual or from a capture.

export const serialModelNames = ['exampleSerialLamp'] as const;
export const hidModelNames = ['exampleHidLamp'] as const;
export type CameraModelName = (typeof serialModelNames)[number] | (typeof hidModelNames)[number];

export type CameraModel = {
  title: { zh: string; en: string };
  /** Checked against `cameraProtocolSchema` when the driver starts. */
  protocol: unknown;
};

export const cameraModels: Readonly<Record<CameraModelName, CameraModel>> = {
  /** A5, command, value, sum; the answer has the command's high bit set. 9600 8N1. */
  exampleSerialLamp: {
    title: { zh: '示例：串口补光灯和拍摄键', en: 'Example: lamp and button over serial' },
    protocol: {
      lamp: { type: 'level', send: ['A5 01 LEVEL SUM'], max: 255 },
      lampAnswer: 'A5 81 LEVEL SUM',
      shutter: ['A5 10 01 SUM'],
      heartbeat: { send: 'A5 00 00 SUM', expect: 'A5 80 ?? SUM' },
    },
  },
  /** Reports of eight bytes without numbers: `L` level, `?`; read: `B` with the button's bit, echoes of the rest. */
  exampleHidLamp: {
    title: { zh: '示例：HID 补光灯和拍摄键', en: 'Example: lamp and button over HID' },
    protocol: {
      lamp: { type: 'level', send: ['00 4C LEVEL'], max: 10 },
      lampAnswer: '4C LEVEL',
      shutter: ['42 &01'],
      heartbeat: { send: '00 3F', expect: '3F' },
      reportLength: 9,
    },
  },
};
