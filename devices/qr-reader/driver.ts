// The one impure file of the text readers: puts machine, decoder and checks on a port.

import type { DeviceDependencies, DriverDefinition } from '../kit/device.ts';
import { startDevice } from '../kit/run-device.ts';
import type { QrReader } from './api.ts';
import { createLineDecoder } from './codec.ts';
import { lineQrConfigSchema, type LineQrConfig } from './config.ts';
import { explainTrace, qrReaderChecks } from './diagnostics.ts';
import { qrReaderFaults } from './faults.ts';
import { createQrMachine } from './machine.ts';
import { makerProtocol } from './maker-commands.ts';

/** `setsMode`: Newland only. */
export const startLineReader = (
  config: LineQrConfig & { setsMode?: boolean },
  dependencies: DeviceDependencies,
): QrReader => {
  const protocol = makerProtocol(config);
  return startDevice(
    {
      kind: 'qr-reader',
      machine: createQrMachine(config, () => protocol),
      createDecoder: () => createLineDecoder(config),
      faultTexts: qrReaderFaults,
      // A code may be a licence, a health code or a pick-up token.
      isPrivate: (frame) => frame.type === 'code',
      checks: (reader) => qrReaderChecks(reader, protocol.commands),
    },
    dependencies,
  );
};

/** Any code reader that sends what it reads as text: RS-232, TTL engines, USB-CDC, serial servers. */
export const lineQrDriver: DriverDefinition<LineQrConfig, QrReader> = {
  driver: 'line-qr',
  kind: 'qr-reader',
  title: { zh: '扫码器（串口文本方式）', en: 'Code reader (serial line mode)' },
  links: ['serial', 'tcp'],
  triedOn: [],
  commands: ['readCode', 'beep', 'query'],
  configSchema: lineQrConfigSchema,
  defaultBaudRate: 9600,
  start: startLineReader,
  explainTrace,
};
