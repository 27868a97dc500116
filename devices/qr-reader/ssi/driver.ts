// The one impure file of SSI: puts machine, decoder and checks on a port.

import type { DriverDefinition, Probe, UsbIdentity } from '../../kit/device.ts';
import { startDevice } from '../../kit/run-device.ts';
import type { QrReader } from '../api.ts';
import { explainTrace as explainCommon, qrReaderChecks } from '../diagnostics.ts';
import { qrReaderFaults } from '../faults.ts';
import { createQrMachine } from '../machine.ts';
import { createSsiDecoder } from './codec.ts';
import { ssiQrConfigSchema, type SsiQrConfig } from './config.ts';
import { hostPacket, opcodes, ssiProtocol } from './packets.ts';
import { explainPacket } from './trace-words.ts';

/** Published notes of a project that runs these readers. */
const usb: readonly UsbIdentity[] = [
  { vendorId: 0x05e0, productId: 0x1701, subsystem: 'tty', model: 'Zebra (USB CDC)', confidence: 'singleSource' },
];

/** REQUEST_REVISION: a status question of one packet, without a line end, that changes nothing. */
const probe: Probe = {
  baudRates: [9600],
  ask: [hostPacket(opcodes.requestRevision)],
  waitMs: 700,
  recognise(heard) {
    const decoder = createSsiDecoder({
      ...ssiQrConfigSchema.parse({}),
      rawText: 'never',
    });
    for (const item of [...decoder.push(heard), ...(decoder.idle?.() ?? [])])
      if (item.type === 'frame' && item.frame.type === 'reply' && item.frame.identity)
        return { ...item.frame.identity, model: 'SSI', capabilities: ['readCode', 'beep', 'query'] };
    return undefined;
  },
};

export const ssiQrDriver: DriverDefinition<SsiQrConfig, QrReader> = {
  driver: 'qr-ssi',
  kind: 'qr-reader',
  title: { zh: '扫码器（Zebra SSI 数据包）', en: 'Code reader (Zebra SSI packets)' },
  links: ['serial', 'tcp'],
  usb,
  probe,
  triedOn: [],
  commands: ['readCode', 'beep', 'query'],
  configSchema: ssiQrConfigSchema,
  defaultBaudRate: 9600,
  start(config, dependencies) {
    const protocol = ssiProtocol(config);
    return startDevice(
      {
        kind: 'qr-reader',
        machine: createQrMachine(config, () => protocol),
        createDecoder: () => createSsiDecoder(config),
        faultTexts: qrReaderFaults,
        isPrivate: (frame) => frame.type !== 'reply',
        checks: (reader) => qrReaderChecks(reader, protocol.commands),
      },
      dependencies,
    );
  },
  explainTrace: (entry) => explainPacket(entry) ?? explainCommon(entry),
};
