// Puts the eSCL machine on the network.

import type { DeviceDependencies, DriverDefinition } from '../../kit/device.ts';
import { startDevice } from '../../kit/run-device.ts';
import type { DocumentScanner } from '../api.ts';
import { scannerChecks } from '../checks.ts';
import { scannerFaults } from '../faults.ts';
import { createEsclDecoder } from './codec.ts';
import { esclConfigSchema, type EsclConfig } from './config.ts';
import { explainTrace } from './trace-words.ts';
import { createEsclTransport } from './http.ts';
import { createEsclMachine } from './machine.ts';

/** Starts the driver over any transport that speaks the codec's messages. */
export const startEsclScanner = (config: EsclConfig, dependencies: DeviceDependencies): DocumentScanner =>
  startDevice(
    {
      kind: 'document-scanner',
      machine: createEsclMachine(config),
      createDecoder: createEsclDecoder,
      faultTexts: scannerFaults,
      isPrivate: (frame) => frame.type === 'page',
      checks: scannerChecks,
    },
    dependencies,
  );

export const esclDriver: DriverDefinition<EsclConfig, DocumentScanner> = {
  driver: 'escl',
  kind: 'document-scanner',
  title: { zh: '文件扫描仪（eSCL/AirPrint 网络扫描）', en: 'Document scanner (eSCL, AirPrint scanning)' },
  links: [],
  triedOn: [],
  commands: ['scanPage', 'listOptions', 'testLine'],
  configSchema: esclConfigSchema,
  explainTrace,
  start: (config, dependencies) =>
    startEsclScanner(config, { ...dependencies, transport: createEsclTransport(config) }),
};
