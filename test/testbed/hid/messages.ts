// What the tests and the host process under the preload tell each other (Node's own channel, structured clones both ways).

import type { DeviceStatistics, CheckVerdict } from '../../../devices/kit/device.ts';
import type { HidLink } from '../../../devices/kit/transports/hid.ts';
import type { Result } from '../../../devices/kit/result.ts';
import type { DeviceIdentity, DeviceStatus } from '../../../devices/kit/status.ts';

/** A HID device as node-hid lists it. */
export type Listed = {
  vendorId: number;
  productId: number;
  path?: string | undefined;
  serialNumber?: string | undefined;
  product?: string | undefined;
  usagePage?: number | undefined;
  usage?: number | undefined;
};

export type HostRequest =
  | { type: 'list' }
  /** `clockFactor`: device milliseconds in one of ours. */
  | { type: 'start'; device: string; driver: string; config: unknown; link: HidLink; clockFactor: number }
  | { type: 'execute'; device: string; command: unknown; commandId: string; timeoutMs: number }
  | { type: 'check'; device: string; name: string }
  | { type: 'facts'; device: string }
  /** Opens the port and closes it in the same turn, without a driver. */
  | { type: 'openAndClose'; link: HidLink }
  /** Devices of this process that are open: its descriptors that lead to a terminal, which hidraw nodes are here. */
  | { type: 'openNodes' }
  | { type: 'stop'; device: string };

export type DeviceFacts = {
  status: DeviceStatus;
  identity: DeviceIdentity;
  statistics: DeviceStatistics;
  /** Of the whole process. */
  openFiles: number;
  /** What was logged since the last question. */
  log: readonly string[];
};

export type HostAnswers = {
  list: readonly Listed[];
  start: undefined;
  execute: Result<unknown>;
  check: CheckVerdict;
  facts: DeviceFacts;
  openAndClose: string;
  openNodes: number;
  stop: undefined;
};

export type HostMessage =
  | { type: 'ready' }
  | { type: 'answer'; id: number; value: unknown }
  | { type: 'failed'; id: number; error: string }
  | { type: 'status'; device: string; status: DeviceStatus };
