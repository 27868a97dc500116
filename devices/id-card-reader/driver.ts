// The one impure file: puts machine, decoder and checks on a port.

import type { DriverDefinition } from '../kit/device.ts';
import { startDevice } from '../kit/run-device.ts';
import type { IdCardReader } from './api.ts';
import { createSamDecoder, holdsCardData } from './codec.ts';
import { samSerialConfigSchema, type SamSerialConfig } from './config.ts';
import { explainTrace, idCardReaderChecks } from './diagnostics.ts';
import { idCardReaderFaults } from './faults.ts';
import { createSamMachine } from './machine.ts';

/** Any reader with a SAM_A / SAM_V module on a serial line or behind a serial server. */
export const samSerialDriver: DriverDefinition<SamSerialConfig, IdCardReader> = {
  driver: 'sam-serial',
  kind: 'id-card-reader',
  title: { zh: '身份证阅读器(SAM 模块，串口)', en: 'ID card reader (SAM module, serial)' },
  links: ['serial', 'tcp'],
  triedOn: [],
  commands: ['readCard', 'awaitRemoval'],
  configSchema: samSerialConfigSchema,
  defaultBaudRate: 115_200,
  start(config, dependencies) {
    // A serial server keeps its own line settings: opening its socket again changes no rate.
    const isSocket = dependencies.transport.name.startsWith('tcp ');
    return startDevice(
      {
        kind: 'id-card-reader',
        machine: createSamMachine({ ...config, probeBaudRates: config.probeBaudRates && !isSocket }),
        createDecoder: createSamDecoder,
        faultTexts: idCardReaderFaults,
        isPrivate: holdsCardData,
        checks: idCardReaderChecks,
      },
      dependencies,
    );
  },
  explainTrace,
};
