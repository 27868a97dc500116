// What the control channel of a document camera (高拍仪) offers. The picture itself goes through the page, as Chromium video.

import type { Device } from '../../kit/device.ts';

export type CameraControlCommand =
  /** 0 is off, 100 as bright as it gets. A lamp with steps takes the nearest one. */
  | { type: 'setLamp'; level: number }
  /** Asks whether it is there; fails with `cannotVerify` where its protocol has no such question. */
  | { type: 'checkLink' };

export type CameraControlReply =
  /** `level` as the lamp has it. Unconfirmed where the protocol has no answer: then nobody knows whether it shines. */
  { type: 'lampSet'; level: number; isConfirmed: boolean } | { type: 'done' };

export type CameraControlNotice =
  /** The button on the stand or the foot switch was pressed. */
  | { type: 'shutter' }
  /** Nobody set the lamp for a long time, and it was switched off. */
  | { type: 'lampTimedOut' };

export type CameraControl = Device<CameraControlCommand, CameraControlReply, CameraControlNotice>;
