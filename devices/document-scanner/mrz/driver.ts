// Puts machine, decoder and checks on a port. The only impure file of this protocol: the kit's runner does the rest.

import type { DriverDefinition } from '../../kit/device.ts';
import { startDevice } from '../../kit/run-device.ts';
import type { DocumentSwiper } from './api.ts';
import { createMrzDecoder } from './codec.ts';
import { mrzConfigSchema, type MrzConfig } from './config.ts';
import { explainTrace, swiperChecks } from './diagnostics.ts';
import { swiperFaults } from './faults.ts';
import { createSwiperMachine } from './machine.ts';

/** Any swiper that sends the machine-readable lines as text: RS-232, USB-CDC, serial servers. */
export const mrzSwiperDriver: DriverDefinition<MrzConfig, DocumentSwiper> = {
  driver: 'mrz-swiper',
  kind: 'document-scanner',
  title: { zh: '护照和通行证机读码刷读器（串口）', en: 'Travel-document swiper (serial line mode)' },
  links: ['serial', 'tcp'],
  triedOn: [],
  commands: ['readDocument'],
  configSchema: mrzConfigSchema,
  defaultBaudRate: 9600,
  explainTrace,
  start: (config, dependencies) =>
    startDevice(
      {
        kind: 'document-scanner',
        machine: createSwiperMachine(),
        createDecoder: () => createMrzDecoder(config),
        faultTexts: swiperFaults,
        // A failed swipe holds a person's data as well.
        isPrivate: () => true,
        checks: swiperChecks,
      },
      dependencies,
    ),
};
