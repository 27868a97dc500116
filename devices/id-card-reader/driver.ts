// Puts machine, decoder and checks on a port: a serial line, a serial server, or HID reports. Impure, like photo-decoder.ts.

import type { DeviceDependencies, DriverDefinition } from '../kit/device.ts';
import { createReportStream } from '../kit/report-stream.ts';
import { startDevice } from '../kit/run-device.ts';
import { samCapabilities, type IdCardReader } from './api.ts';
import { createSamDecoder, holdsCardData } from './codec.ts';
import { samHidConfigSchema, samSerialConfigSchema, type SamHidConfig, type SamSerialConfig } from './config.ts';
import { explainTrace, idCardReaderChecks } from './diagnostics.ts';
import { reportPace, serialPace } from './exchange.ts';
import { idCardReaderFaults } from './faults.ts';
import { createSamMachine } from './machine.ts';
import { withPictures } from './photo-decoder.ts';
import { samHidProbe, samSerialProbe } from './probe.ts';
import type { SamOptions } from './state.ts';

const startReader = (
  options: SamOptions & Pick<SamSerialConfig, 'photoDecoder'>,
  dependencies: DeviceDependencies,
): IdCardReader => {
  const reader: IdCardReader = startDevice(
    {
      kind: 'id-card-reader',
      machine: createSamMachine(options),
      createDecoder: () => createSamDecoder({ isPadded: !options.pace.isSerial }),
      faultTexts: idCardReaderFaults,
      isPrivate: holdsCardData,
      checks: (device) => idCardReaderChecks(device),
      ...(options.moduleBaudRate === undefined ? {} : { baudRate: options.moduleBaudRate }),
    },
    dependencies,
  );
  return options.photoDecoder ? withPictures(reader, options.photoDecoder, dependencies) : reader;
};

/** Any reader with a SAM_A / SAM_V module on a serial line or behind a serial server. */
export const samSerialDriver: DriverDefinition<SamSerialConfig, IdCardReader> = {
  driver: 'sam-serial',
  kind: 'id-card-reader',
  title: { zh: '身份证阅读器（SAM 模块，串口）', en: 'ID card reader (SAM module, serial)' },
  links: ['serial', 'tcp'],
  probe: samSerialProbe,
  triedOn: [],
  commands: samCapabilities,
  configSchema: samSerialConfigSchema,
  defaultBaudRate: 115_200,
  start(config, dependencies) {
    // A serial server keeps its own line settings: opening its socket again changes no rate, and a module that was set to
    // another one would be lost behind it.
    const isSocket = dependencies.transport.name.startsWith('tcp ');
    const rates = isSocket ? { probeBaudRates: false, moduleBaudRate: undefined } : {};
    return startReader({ ...config, ...rates, pace: serialPace }, dependencies);
  },
  explainTrace,
};

/** The same module behind USB HID: its frames in reports of 64 bytes. */
export const samHidDriver: DriverDefinition<SamHidConfig, IdCardReader> = {
  driver: 'sam-hid',
  kind: 'id-card-reader',
  title: { zh: '身份证阅读器（SAM 模块，USB HID）', en: 'ID card reader (SAM module, USB HID)' },
  links: ['hid'],
  usb: [
    {
      vendorId: 0x2b8b,
      productId: 0x2721,
      subsystem: 'hidraw',
      model: 'SAM HID reader (com.YinanSoft.CardReaders)',
      confidence: 'singleSource',
    },
  ],
  probe: samHidProbe,
  triedOn: [],
  commands: samCapabilities,
  configSchema: samHidConfigSchema,
  start(config, dependencies) {
    const transport = createReportStream(dependencies.transport, config);
    return startReader({ ...config, probeBaudRates: false, pace: reportPace }, { ...dependencies, transport });
  },
  explainTrace,
};
