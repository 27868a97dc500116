// Presenter, cutter and marked paper: what becomes of the ticket after its last line.

import { describe, expect, test } from 'vitest';
import { encodeTicket } from './codec.ts';
import { hexOfBytes } from './fixtures/read.ts';
import { queueTicket, startRig, type Rig } from './test-rig.ts';

const printed = { ok: true, value: { type: 'printed', confirmedBy: 'processId' } };

describe('presenter', () => {
  const withPresenter = (config: Record<string, unknown> = {}, settings: Record<string, unknown> = {}): Promise<Rig> =>
    startRig({ config: { hasPresenter: true, ...config }, settings: { hasPresenter: true, ...settings } });

  test('the ticket in the outlet is a task for the citizen until it is taken', async () => {
    const rig = await withPresenter();
    expect(await rig.until(rig.print(queueTicket))).toEqual(printed);
    await rig.clock.advance(2500);
    expect(rig.printer.status()).toMatchObject({
      state: 'online',
      faults: [{ code: 'ticketNotTaken', who: 'citizen' }],
    });
    rig.turn('takeTicket');
    await rig.clock.advance(1500);
    expect(rig.notices.at(-1)).toEqual({ type: 'ticketTaken' });
    expect(rig.codes()).toEqual([]);
  });

  test('a printer without one is not asked for ever', async () => {
    const rig = await startRig({ config: { hasPresenter: true } });
    await rig.until(rig.print(queueTicket));
    await rig.clock.advance(60_000);
    expect(rig.sent().filter((hex) => hex === '10 04 14')).toHaveLength(3);
    expect(rig.notices.map(({ type }) => type)).not.toContain('ticketTaken');
  });

  test('left in the outlet it is taken back after the configured time, and that is said', async () => {
    const rig = await withPresenter({ retractAfterSeconds: 30 });
    await rig.until(rig.print(queueTicket));
    await rig.clock.advance(25_000);
    expect(rig.codes()).toEqual(['ticketNotTaken']);
    expect(rig.sent()).not.toContain('1D 65 02');
    await rig.clock.advance(10_000);
    expect(rig.sent().filter((hex) => hex === '1D 65 02')).toHaveLength(1);
    expect(rig.notices.at(-1)).toEqual({ type: 'ticketRetracted' });
    expect(rig.codes()).toEqual([]);
    expect(rig.sim.look()).toMatchObject({ outletTickets: 0, retractedTickets: 1 });
    expect(rig.printer.statistics().retracted).toBe(1);
  });

  test('taken in time it is not taken back', async () => {
    const rig = await withPresenter({ retractAfterSeconds: 30 });
    await rig.until(rig.print(queueTicket));
    await rig.clock.advance(5000);
    rig.turn('takeTicket');
    await rig.clock.advance(60_000);
    expect(rig.notices.at(-1)).toEqual({ type: 'ticketTaken' });
    expect(rig.sent()).not.toContain('1D 65 02');
  });

  test('without the setting nothing is taken back', async () => {
    const rig = await withPresenter();
    await rig.until(rig.print(queueTicket));
    await rig.clock.advance(600_000);
    expect(rig.sent().join()).not.toContain('1D 65 02');
    expect(rig.codes()).toEqual(['ticketNotTaken']);
  });

  test('a presenter that cannot take it back: asked once, and the ticket stays the citizen’s task', async () => {
    const rig = await withPresenter({ retractAfterSeconds: 5 }, { canRetract: false });
    await rig.until(rig.print(queueTicket));
    await rig.clock.advance(60_000);
    expect(rig.sent().filter((hex) => hex === '1D 65 02')).toHaveLength(1);
    expect(rig.codes()).toEqual(['ticketNotTaken']);
    expect(rig.notices.map(({ type }) => type)).not.toContain('ticketRetracted');
  });

  test('the next citizen’s ticket first takes back what the last one left', async () => {
    const rig = await withPresenter({ retractAfterSeconds: 60 });
    await rig.until(rig.print(queueTicket));
    await rig.clock.advance(3000);
    const before = rig.sent().length;
    expect(await rig.until(rig.print(queueTicket))).toEqual(printed);
    expect(rig.sent()[before]).toMatch(/^1D 65 02 1B 40 1D 61 0E/);
    expect(rig.sim.look()).toMatchObject({ outletTickets: 1, retractedTickets: 1 });
  });
});

describe('the end of the ticket', () => {
  const endOf = (settings: Parameters<typeof encodeTicket>[1]): string => {
    const ticket = encodeTicket({ blocks: [{ type: 'text', text: 'x' }] }, settings);
    return ticket.ok ? (hexOfBytes(ticket.value.bytes).split('78 0A ')[1] ?? '') : ticket.error.code;
  };
  const format = { encoding: 'gbk', paperWidthMm: 80 } as const;

  test.each([
    ['feedPartial', '1D 56 42 00'],
    ['feedFull', '1D 56 41 00'],
    ['partial', '1D 56 01'],
    ['full', '1D 56 00'],
    ['escI', '1B 69'],
    ['none', '1B 64 05'],
  ] as const)('cutter %s: %s', (cutter, hex) => {
    expect(endOf({ ...format, cutter })).toBe(hex);
  });

  test.each([
    ['gsF8', '1D F8 1B 69'],
    ['ff', '0C 1B 69'],
  ] as const)('marked paper %s: the mark comes before the cut', (blackMark, hex) => {
    expect(endOf({ ...format, cutter: 'escI', blackMark })).toBe(hex);
  });

  test.each(['gsF8', 'ff'])('with %s the ticket is cut at the mark', async (blackMark) => {
    const rig = await startRig({ config: { cutter: 'escI', blackMark } });
    expect(await rig.until(rig.print(queueTicket))).toEqual(printed);
    expect(rig.tickets()).toMatchObject([{ atMark: true, cut: true, qr: ['https://a.cn/1'] }]);
  });

  test('without a cutter nothing is cut, and nothing is counted', async () => {
    const rig = await startRig({ config: { cutter: 'none' } });
    expect(await rig.until(rig.print(queueTicket))).toEqual(printed);
    expect(rig.tickets()).toEqual([]);
    expect(rig.sim.look().pending).toMatchObject({ qr: ['https://a.cn/1'] });
    expect(rig.printer.statistics().cuts).toBe(0);
  });
});
