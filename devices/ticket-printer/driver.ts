// Puts the ESC/POS machine on a port. The only impure file of this driver: everything it does is in the kit's runner.

import type { DriverDefinition } from '../kit/device.ts';
import { startDevice } from '../kit/run-device.ts';
import type { TicketPrinter } from './api.ts';
import { createPrinterDecoder, encodeTicket } from './codec.ts';
import { escposConfigSchema, type EscposConfig } from './config.ts';
import { explainTrace, printerChecks, testTicket } from './diagnostics.ts';
import { printerFaults } from './faults.ts';
import { createPrinterMachine } from './machine.ts';
import { escposProbe } from './probe.ts';

/** Any receipt or kiosk printer that speaks ESC/POS on a serial line, a virtual one, TCP port 9100 or its own USB interface. */
export const escposDriver: DriverDefinition<EscposConfig, TicketPrinter> = {
  driver: 'escpos',
  kind: 'ticket-printer',
  title: { zh: '凭条打印机（ESC/POS）', en: 'Ticket printer (ESC/POS)' },
  links: ['serial', 'tcp', 'lp'],
  // A bridge says nothing of what stands behind it. Printers with an interface of their own (/dev/usb/lp*) are told by their class.
  usb: [
    {
      vendorId: 0x1a86,
      productId: 0x7523,
      subsystem: 'tty',
      model: 'CH340 bridge, as in many kiosk printers',
      confidence: 'singleSource',
    },
  ],
  probe: escposProbe,
  triedOn: [],
  commands: ['print', 'refreshStatus'],
  configSchema: escposConfigSchema,
  // What most printers are set to when they leave the factory.
  defaultBaudRate: 9600,
  explainTrace,
  start(config, dependencies) {
    // Loads the Chinese code tables now (some 25 ms), so that the first citizen's ticket does not wait for them.
    encodeTicket(testTicket, config);
    return startDevice(
      {
        kind: 'ticket-printer',
        machine: createPrinterMachine(config),
        createDecoder: () => createPrinterDecoder({ hasPresenter: config.hasPresenter }),
        faultTexts: printerFaults,
        // One number, one ticket: not printed again because a message was repeated or the host restarted.
        isDurable: (command) => command.type === 'print',
        checks: printerChecks,
      },
      dependencies,
    );
  },
};
