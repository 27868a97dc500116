// What a device says of itself, in the industry's words (CEN XFS4IoT for states, UnifiedPOS for power and health).

import type { LossReason, OpenFailure } from './transport.ts';
import type { Failure, Who } from './result.ts';

export const deviceKinds = [
  'id-card-reader',
  'qr-reader',
  'ticket-printer',
  'rating-pad',
  'locker',
  'document-scanner',
] as const;
export type DeviceKind = (typeof deviceKinds)[number];

export type DeviceState =
  | 'starting'
  | 'online'
  | 'busy'
  | 'offline'
  | 'noDevice'
  | 'hardwareError'
  | 'userError'
  | 'fraudAttempt';

/** A condition that stands. `code` is a key of the driver folder's fault table. */
export type Fault = { code: string; who: Who };

/** `faults` is empty when all is well; conditions that need no one (paper near end is one that does) are not faults. */
export type DeviceStatus = { state: DeviceState; faults: readonly Fault[]; sinceMs: number };

export type DeviceIdentity = {
  model?: string;
  serialNumber?: string;
  firmware?: string;
  capabilities: readonly string[];
};

/** Failure codes that any driver can answer a command with; driver folders add their own. */
export type CommonCode =
  | 'deviceNotReady'
  | 'timeOut'
  | 'canceled'
  | 'queueFull'
  | 'connectionLost'
  | 'hardwareError'
  | 'unsupportedCommand'
  | 'protocolError';

export type DeviceFailure = Failure;

/** What a person reads: what happened, and what to do next. */
export type FaultText = { what: string; todo: string };
export type FaultTable = Record<string, { who: Who; zh: FaultText; en: FaultText }>;

const openFault: Record<OpenFailure, string> = {
  notFound: 'portNotFound',
  permissionDenied: 'portDenied',
  portBusy: 'portBusy',
  openFailed: 'portFailed',
};
export const faultOfOpenFailure = (reason: OpenFailure): Fault => {
  const code = openFault[reason];
  return { code, who: commonFaults[code]?.who ?? 'engineer' };
};
export const faultOfLoss = (reason: LossReason): Fault => {
  const code = reason === 'silent' ? 'deviceSilent' : 'deviceGone';
  return { code, who: commonFaults[code]?.who ?? 'hall' };
};

/** Faults of the link and the runner; every driver folder's `faults.ts` adds its own. */
export const commonFaults: FaultTable = {
  portNotFound: {
    who: 'hall',
    zh: { what: '没有找到设备的端口', todo: '请检查设备的电源和数据线，或在“设备”里重新指定端口' },
    en: {
      what: 'The device’s port is not there',
      todo: 'Check its power and cable, or assign another port under Devices',
    },
  },
  portDenied: {
    who: 'engineer',
    zh: { what: '没有权限打开设备的端口', todo: '请安装本机的 udev 规则，或把服务账号加入设备所属的用户组' },
    en: {
      what: 'No permission to open the device’s port',
      todo: 'Install the udev rules, or add the service account to the device’s group',
    },
  },
  portBusy: {
    who: 'engineer',
    zh: { what: '设备的端口被别的程序占用', todo: '请关闭占用端口的程序（例如串口调试工具、ModemManager）' },
    en: {
      what: 'Another program holds the device’s port',
      todo: 'Stop the program that holds it (a serial terminal, ModemManager)',
    },
  },
  portFailed: {
    who: 'engineer',
    zh: { what: '端口打不开', todo: '请查看日志中的原因，检查驱动程序和线缆' },
    en: { what: 'The port cannot be opened', todo: 'See the reason in the log; check driver and cable' },
  },
  deviceGone: {
    who: 'hall',
    zh: { what: '设备断开了', todo: '请检查设备的电源和数据线，插好后会自动恢复' },
    en: { what: 'The device was disconnected', todo: 'Check power and cable; it recovers by itself when plugged in' },
  },
  deviceSilent: {
    who: 'engineer',
    zh: { what: '设备已连接，但没有应答', todo: '请给设备断电再上电；仍不应答时检查接线、波特率和型号' },
    en: {
      what: 'The device is connected but does not answer',
      todo: 'Power it off and on; if it stays silent check wiring, baud rate and model',
    },
  },
  timeOut: {
    who: 'system',
    zh: { what: '等待设备超时', todo: '可以再试一次' },
    en: { what: 'The device took too long', todo: 'You can try again' },
  },
  deviceInUse: {
    who: 'system',
    zh: { what: '设备正在被使用', todo: '请稍候再试' },
    en: { what: 'The device is in use', todo: 'Wait a moment and try again' },
  },
  protocolError: {
    who: 'engineer',
    zh: { what: '设备的应答不符合协议', todo: '请检查型号设置和线路干扰' },
    en: {
      what: 'The device’s answer does not follow its protocol',
      todo: 'Check the model setting and the line for noise',
    },
  },
  hardwareError: {
    who: 'engineer',
    zh: { what: '设备报告故障', todo: '请联系运维工程师' },
    en: { what: 'The device reports a hardware fault', todo: 'Call the engineer' },
  },
};
