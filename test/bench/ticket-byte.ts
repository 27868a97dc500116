// From the finger that lifts off 取号 to the first byte of the ticket at the far end of the printer's wire, and the host's own part of
// it: from the intent in the host to that byte. All processes share the machine's clock; the wire's is whole milliseconds.
//
//   finger ─▶ page ─▶ WebSocket ─▶ [ host: number, store, driver ─▶ tty ] ─▶ simulator's end of the wire

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registry } from '../../devices/registry.ts';
import { loadCatalogue } from '../../kiosk-config/catalogue/load.ts';
import { parseConfig } from '../../kiosk-config/parse.ts';
import { createKiosk } from '../../main/host/kiosk.ts';
import { openStore } from '../../main/store/open.ts';
import { startSender } from '../../main/sync/sender.ts';
import { systemClock } from '../../devices/kit/clock.ts';
import { startHall, type Hall } from '../testbed/hall/hall.ts';
import { epochMs, figure, median, pause, percentile, spread, type Figure } from './figure.ts';
import type { KioskStage } from './kiosk-stage.ts';

const tickets = 20;
const baudRate = 115_200;

type Arrival = { atMs: number; bytes: number; head: string };

/** DLE EOT, DLE ENQ, DLE DC4: real-time questions and commands, no part of a ticket. */
const isStatusQuestion = ({ head }: Arrival): boolean => /^(1004|1005|1014)/.test(head);

/** When the first byte of a ticket came that was asked for at `fromMs`. */
const firstTicketByte = async (hall: Hall, fromMs: number): Promise<number> => {
  for (let look = 0; look < 100; look += 1) {
    const { link } = (await hall.look('ticket-printer')) as { link: { received: { last: Arrival[] } } };
    const first = link.received.last.find((arrival) => arrival.atMs >= fromMs - 1 && !isStatusQuestion(arrival));
    if (first) return first.atMs;
    await pause(20);
  }
  throw new Error('no byte of the ticket came');
};

export const measureTicketByte = async ({ glass, demo }: KioskStage): Promise<Figure[]> => {
  const { page } = glass;
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' }).first();
  const tookMs: number[] = [];
  for (let ticket = 0; ticket < tickets; ticket += 1) {
    await glass.waitScreen('attract');
    // The attract screen offers taking a number with one tap.
    await glass.tap(button(/^取号/));
    await glass.waitScreen('queue');
    await glass.tap(button(/社保医保/));
    // Paper and cutter of the last ticket are at rest.
    await pause(300);
    const tap = await glass.tap(button('取号'));
    if (!tap) throw new Error('the tap on 取号 showed nothing');
    tookMs.push((await firstTicketByte(demo.hall, tap.actAtMs)) - tap.actAtMs);
    await glass.waitScreen('ticket');
    await page.locator('[data-print="printed"]').waitFor({ state: 'attached', timeout: 20_000 });
    await demo.hall.turn('ticket-printer', 'takeTicket').catch(() => undefined);
    await button('完成').tap();
    await glass.waitScreen('goodbye');
    await button('结束').tap();
  }
  await glass.waitScreen('attract');
  return [
    figure('tapToFirstTicketByte', median(tookMs), 'ms', {
      target: 20,
      note: `median, finger up to first byte; ${spread(tookMs)}`,
    }),
    figure('tapToFirstTicketByteP95', percentile(tookMs, 0.95), 'ms'),
  ];
};

export const measureHostTicketByte = async (): Promise<Figure[]> => {
  const directory = await mkdtemp(join(tmpdir(), 'hall-kiosk-bench-'));
  const hall = await startHall({
    dir: join(directory, 'hall'),
    kinds: ['ticket-printer'],
    settings: { 'ticket-printer': { baudRate } },
  });
  try {
    const text = { zh: '大厅', en: 'Hall' };
    const parsed = parseConfig(
      {
        version: 1,
        kiosk: { id: 'BENCH-01', hall: text, place: text, askAt: text },
        central: { url: 'http://127.0.0.1:9', kioskKey: 'a-key-for-the-bench' },
        queue: { businesses: [{ code: 'SOC', name: text, prefix: 'B', counters: 2 }] },
        devices: [
          {
            id: 'printer',
            kind: 'ticket-printer',
            driver: 'escpos',
            link: { type: 'serial', path: hall.devices[0]?.path, baudRate },
            place: { edge: 'bottom', at: 0.5 },
          },
        ],
      },
      { drivers: registry },
    );
    if (!parsed.ok) throw new Error(parsed.error.message);
    const config = parsed.value;
    const catalogue = loadCatalogue(join(import.meta.dirname, '../../kiosk-config/catalogue'), { compileForms: false });
    if (!catalogue.ok) throw new Error(catalogue.error.message);
    const opened = openStore({
      path: join(directory, 'kiosk.db'),
      machineKey: Buffer.alloc(32, 7),
      kioskId: 'BENCH-01',
    });
    if (!opened.ok) throw new Error(opened.error.message);
    const kiosk = createKiosk({
      config,
      catalogue: catalogue.value,
      store: opened.value,
      sender: startSender({
        store: opened.value,
        central: {
          url: config.central.url,
          kioskKey: 'k',
          requestTimeoutMs: 500,
          firstDelayMs: 60_000,
          maxDelayMs: 60_000,
        },
        kioskId: 'BENCH-01',
        clock: systemClock,
        log: () => undefined,
      }),
      registry,
      log: () => undefined,
      deviceLog: () => undefined,
      onSessionBegan: () => undefined,
      onSessionEnded: () => undefined,
    });
    const { sessions } = kiosk;
    const until = async (isSo: () => boolean): Promise<void> => {
      for (let look = 0; !isSo(); look += 1) {
        if (look > 1000) throw new Error(`the kiosk stands still at ${sessions.view().screen.type}`);
        await pause(10);
      }
    };
    const intend = (intent: Parameters<typeof sessions.intend>[0]): void =>
      void sessions.intend(intent, sessions.view().revision);
    const printer = kiosk.devices.ofKind('ticket-printer')?.device;
    await until(() => printer?.status().state === 'online');
    const tookMs: number[] = [];
    for (let ticket = 0; ticket < tickets; ticket += 1) {
      intend({ type: 'openQueue' });
      intend({ type: 'chooseBusiness', code: 'SOC' });
      await pause(200);
      const startedMs = epochMs();
      intend({ type: 'takeNumber' });
      tookMs.push((await firstTicketByte(hall, startedMs)) - startedMs);
      await until(() => printer?.status().state === 'online');
      await pause(300);
      intend({ type: 'leave' });
      intend({ type: 'leave' });
      await until(() => sessions.session() === undefined);
    }
    await kiosk.stop();
    return [
      figure('hostTakeToFirstTicketByte', median(tookMs), 'ms', {
        note: `median, the host's part of tapToFirstTicketByte; ${spread(tookMs)}`,
      }),
    ];
  } finally {
    await hall.stop();
    await rm(directory, { recursive: true, force: true });
  }
};
