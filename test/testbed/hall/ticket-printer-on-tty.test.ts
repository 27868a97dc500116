// The ESC/POS driver on a real tty with real time: serialport on one side of the kernel, the simulated printer on the other.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../devices/kit/clock.ts';
import { createSerialTransport } from '../../../devices/kit/transports/serial.ts';
import type { PrinterNotice, TicketDocument, TicketPrinter } from '../../../devices/ticket-printer/api.ts';
import { escposConfigSchema } from '../../../devices/ticket-printer/config.ts';
import { escposDriver } from '../../../devices/ticket-printer/driver.ts';
import { createTicketPrinterSimulator } from '../../../devices/ticket-printer/simulator.ts';
import { openPty, type Pty } from './pty.ts';

let pty: Pty;
let printer: TicketPrinter;
const paper = createTicketPrinterSimulator({ send: (bytes) => pty.write(bytes) }, { clock: systemClock });

const ticket: TicketDocument = {
  blocks: [
    { type: 'text', text: 'A001', size: 3, align: 'center' },
    { type: 'text', text: '请到3号窗口', align: 'center' },
    { type: 'qr', data: 'https://a.cn/1' },
  ],
};

const reaches = (state: string): Promise<void> =>
  new Promise((resolve) => {
    if (printer.status().state === state) resolve();
    printer.onStatus((status) => {
      if (status.state === state) resolve();
    });
  });

const notice = (type: PrinterNotice['type']): Promise<void> =>
  new Promise((resolve) => {
    printer.onNotice((seen) => {
      if (seen.type === type) resolve();
    });
  });

beforeAll(() => {
  pty = openPty();
  pty.onData((bytes) => paper.receive(bytes));
  printer = escposDriver.start(escposConfigSchema.parse({}), {
    id: 'tty-printer',
    clock: systemClock,
    log: () => undefined,
    transport: createSerialTransport(
      { type: 'serial', path: pty.path, parity: 'none', dataBits: 8, stopBits: 1, flowControl: 'none' },
      115_200,
    ),
  });
});

afterAll(async () => {
  await printer.stop();
  paper.stop();
  pty.close();
});

test('a ticket is printed and confirmed over a real tty', async () => {
  await reaches('online');
  const result = await printer.execute({ type: 'print', document: ticket }, { id: '1', timeoutMs: 10_000 });
  expect(result).toEqual({ ok: true, value: { type: 'printed', confirmedBy: 'processId' } });
  expect(paper.look().tickets).toMatchObject([{ qr: ['https://a.cn/1'], cut: true }]);
});

test('paper runs out in the middle and is loaded again: one ticket, printed', async () => {
  paper.knobs.fault?.turn('paperOutMidJob');
  const waiting = notice('waitingForPaper');
  const result = printer.execute({ type: 'print', document: ticket }, { id: '2', timeoutMs: 20_000 });
  await waiting;
  expect(printer.status().faults.map(({ code }) => code)).toEqual(['paperOut']);
  paper.knobs.loadPaper?.turn();
  expect(await result).toMatchObject({ ok: true, value: { type: 'printed' } });
  expect(paper.look().tickets).toHaveLength(2);
});

test('the tty vanishes: the printer is gone, not online', async () => {
  pty.close();
  await Promise.race([reaches('noDevice'), reaches('offline')]);
  expect(printer.status().state).not.toBe('online');
});
