// Puts the control machine on a serial line or on HID reports. The only impure file of this protocol.

import type { DeviceDependencies, DriverDefinition } from '../../kit/device.ts';
import type { Decoder } from '../../kit/machine.ts';
import { startDevice } from '../../kit/run-device.ts';
import type { CameraControl } from './api.ts';
import { createHidControlDecoder, createSerialControlDecoder, type ControlFrame } from './codec.ts';
import {
  hidCameraConfigSchema,
  protocolOf,
  serialCameraConfigSchema,
  type CameraProtocol,
  type HidCameraConfig,
  type SerialCameraConfig,
} from './config.ts';
import { controlChecks, explainTrace } from './diagnostics.ts';
import { controlFaults } from './faults.ts';
import { createControlMachine } from './machine.ts';

const startControl = (
  config: SerialCameraConfig | HidCameraConfig,
  dependencies: DeviceDependencies,
  createDecoder: (protocol: CameraProtocol) => Decoder<ControlFrame>,
  pack: (bytes: Uint8Array, protocol: CameraProtocol) => Uint8Array,
): CameraControl => {
  const protocol = protocolOf(config);
  return startDevice(
    {
      kind: 'document-scanner',
      machine: createControlMachine({
        protocol,
        lampOffAfterMs: config.lampOffAfterMs,
        pack: (bytes) => pack(bytes, protocol),
      }),
      createDecoder: () => createDecoder(protocol),
      faultTexts: controlFaults,
      checks: (control) => controlChecks(control, protocol),
    },
    dependencies,
  );
};

/** hidraw takes a report at its full length only. */
const report = (bytes: Uint8Array, { reportLength }: CameraProtocol): Uint8Array => {
  const filled = new Uint8Array(Math.max(reportLength, bytes.length));
  filled.set(bytes);
  return filled;
};

export const cameraControlSerialDriver: DriverDefinition<SerialCameraConfig, CameraControl> = {
  driver: 'camera-control-serial',
  kind: 'document-scanner',
  title: { zh: '高拍仪补光灯和拍摄键（串口，按数据描述）', en: 'Document camera’s lamp and button (serial, as data)' },
  links: ['serial', 'tcp'],
  triedOn: [],
  commands: ['setLamp', 'checkLink'],
  configSchema: serialCameraConfigSchema,
  defaultBaudRate: 9600,
  explainTrace,
  start: (config, dependencies) => startControl(config, dependencies, createSerialControlDecoder, (bytes) => bytes),
};

export const cameraControlHidDriver: DriverDefinition<HidCameraConfig, CameraControl> = {
  driver: 'camera-control-hid',
  kind: 'document-scanner',
  title: { zh: '高拍仪补光灯和拍摄键（HID，按数据描述）', en: 'Document camera’s lamp and button (HID, as data)' },
  links: ['hid'],
  triedOn: [],
  commands: ['setLamp', 'checkLink'],
  configSchema: hidCameraConfigSchema,
  explainTrace,
  start: (config, dependencies) => startControl(config, dependencies, createHidControlDecoder, report),
};
