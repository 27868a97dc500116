// The one impure file of the HID readers: puts machine, decoder and checks on a device.

import type { DriverDefinition, UsbIdentity } from '../../kit/device.ts';
import { parseHidDescriptor, type HidReports } from '../../kit/hid-descriptor.ts';
import { startDevice } from '../../kit/run-device.ts';
import type { PortInfo } from '../../kit/transport.ts';
import type { QrReader } from '../api.ts';
import { explainTrace, qrReaderChecks } from '../diagnostics.ts';
import { qrReaderFaults } from '../faults.ts';
import { createQrMachine } from '../machine.ts';
import { makerProtocol } from '../maker-commands.ts';
import { hidPosProtocol } from './commands.ts';
import {
  hidPosQrConfigSchema,
  symbolHidQrConfigSchema,
  type HidPosQrConfig,
  type SymbolHidQrConfig,
} from './config.ts';
import { createPosDecoder } from './pos-codec.ts';
import { layoutOf, namedLayouts, type ScanLayout } from './scan-layout.ts';
import { createSymbolHidDecoder } from './symbol-codec.ts';

const reportsOf = (info: PortInfo | undefined): HidReports | undefined =>
  info?.reportDescriptor && parseHidDescriptor(info.reportDescriptor);

/** The device's own word first, unless the hall says otherwise. */
export const layoutFor = (config: Pick<HidPosQrConfig, 'layout'>, info: PortInfo | undefined): ScanLayout => {
  if (config.layout !== 'auto') return namedLayouts[config.layout];
  const reports = reportsOf(info);
  return (reports && layoutOf(reports)) ?? namedLayouts.aimFirst;
};

/** Single sources: published udev rules of projects that use these readers; the last from memory of Honeywell's numbering. */
const posUsb: readonly UsbIdentity[] = [
  { vendorId: 0x0c2e, productId: 0x10d3, subsystem: 'hidraw', model: 'Honeywell CM4680SR', confidence: 'singleSource' },
  { vendorId: 0x1eab, productId: 0x0010, subsystem: 'hidraw', model: 'Newland (HID POS)', confidence: 'singleSource' },
  {
    vendorId: 0x0c2e,
    productId: 0x0b67,
    subsystem: 'hidraw',
    model: 'Honeywell Vuquest 3310g (HID POS)',
    confidence: 'fromMemory',
  },
];

export const hidPosQrDriver: DriverDefinition<HidPosQrConfig, QrReader> = {
  driver: 'qr-hid-pos',
  kind: 'qr-reader',
  title: { zh: '扫码器（USB HID POS）', en: 'Code reader (USB HID POS)' },
  links: ['hid'],
  usb: posUsb,
  triedOn: [],
  commands: ['readCode', 'beep', 'query'],
  configSchema: hidPosQrConfigSchema,
  start(config, dependencies) {
    const protocolFor = (info?: PortInfo) => hidPosProtocol(config, reportsOf(info));
    return startDevice(
      {
        kind: 'qr-reader',
        machine: createQrMachine(config, protocolFor),
        createDecoder: (info) =>
          createPosDecoder({ layout: layoutFor(config, info), encoding: config.encoding, hello: config.hello }),
        faultTexts: qrReaderFaults,
        isPrivate: (frame) => frame.type === 'code',
        checks: (reader) => qrReaderChecks(reader, protocolFor().commands),
      },
      dependencies,
    );
  },
  explainTrace,
};

export const symbolHidQrDriver: DriverDefinition<SymbolHidQrConfig, QrReader> = {
  driver: 'qr-hid-symbol',
  kind: 'qr-reader',
  title: { zh: '扫码器（Zebra/Symbol HID 串口仿真）', en: 'Code reader (Zebra/Symbol COM port emulation over HID)' },
  links: ['hid'],
  usb: [
    {
      vendorId: 0x05e0,
      productId: 0x0600,
      subsystem: 'hidraw',
      model: 'Symbol/Zebra (COM port emulation)',
      confidence: 'verified',
    },
  ],
  triedOn: [],
  commands: ['readCode'],
  configSchema: symbolHidQrConfigSchema,
  start(config, dependencies) {
    const protocol = makerProtocol({ hello: 'none', trigger: 'none' });
    return startDevice(
      {
        kind: 'qr-reader',
        machine: createQrMachine(config, () => protocol),
        createDecoder: () => createSymbolHidDecoder(config),
        faultTexts: qrReaderFaults,
        isPrivate: (frame) => frame.type === 'code',
        checks: (reader) => qrReaderChecks(reader, protocol.commands),
      },
      dependencies,
    );
  },
  explainTrace,
};
