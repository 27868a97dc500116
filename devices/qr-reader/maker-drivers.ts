// Drivers for makers whose readers can be asked and triggered over a serial line. Line mode underneath (driver.ts).

import type { DriverDefinition, Probe, UsbIdentity } from '../kit/device.ts';
import type { QrReader } from './api.ts';
import {
  honeywellQrConfigSchema,
  newlandQrConfigSchema,
  type HoneywellQrConfig,
  type NewlandQrConfig,
} from './config.ts';
import { explainTrace } from './diagnostics.ts';
import { startLineReader } from './driver.ts';
import { newland } from './maker-commands.ts';

/** Single sources: published udev rules and scripts of projects that use these readers. */
const honeywellUsb: readonly UsbIdentity[] = [
  {
    vendorId: 0x0c2e,
    productId: 0x0900,
    subsystem: 'tty',
    model: 'Honeywell (USB serial)',
    confidence: 'singleSource',
  },
];

const newlandUsb: readonly UsbIdentity[] = [
  { vendorId: 0x1eab, productId: 0x8306, subsystem: 'tty', model: 'Newland (USB CDC)', confidence: 'singleSource' },
  {
    vendorId: 0x1eab,
    productId: 0x0d02,
    subsystem: 'tty',
    model: 'Newland (older USB CDC, needs usbserial)',
    confidence: 'singleSource',
  },
];

/** STX SOH 0000 # SCNMODn ACK ; ETX, also behind bytes of something else. */
// oxlint-disable-next-line no-control-regex -- the reply is framed by control characters
const newlandReply = /\x02\x010000[#@]SCNMOD[^\x03]{0,8}\x06;\x03/;

/**
 * Without a line end, so that a printer which hears it prints nothing. Honeywell's question holds a CR and has no probe for that
 * reason.
 */
const newlandProbe: Probe = {
  baudRates: [9600],
  ask: [newland.query],
  waitMs: 500,
  recognise: (heard) =>
    newlandReply.test(Buffer.from(heard).toString('latin1'))
      ? { model: 'Newland', capabilities: ['readCode', 'query'] }
      : undefined,
};

export const honeywellQrDriver: DriverDefinition<HoneywellQrConfig, QrReader> = {
  driver: 'qr-honeywell',
  kind: 'qr-reader',
  title: { zh: '霍尼韦尔扫码器（串口）', en: 'Honeywell code reader (serial)' },
  links: ['serial', 'tcp'],
  usb: honeywellUsb,
  triedOn: [],
  commands: ['readCode', 'beep', 'query'],
  configSchema: honeywellQrConfigSchema,
  defaultBaudRate: 9600,
  start: (config, dependencies) =>
    startLineReader(
      { ...config, hello: 'honeywell', trigger: config.isTriggered ? 'honeywell' : 'none' },
      dependencies,
    ),
  explainTrace,
};

export const newlandQrDriver: DriverDefinition<NewlandQrConfig, QrReader> = {
  driver: 'qr-newland',
  kind: 'qr-reader',
  title: { zh: '新大陆扫码器（串口）', en: 'Newland code reader (serial)' },
  links: ['serial', 'tcp'],
  usb: newlandUsb,
  probe: newlandProbe,
  triedOn: [],
  commands: ['readCode', 'query'],
  configSchema: newlandQrConfigSchema,
  defaultBaudRate: 9600,
  start: (config, dependencies) =>
    startLineReader({ ...config, hello: 'newland', trigger: config.isTriggered ? 'newland' : 'none' }, dependencies),
  explainTrace,
};
