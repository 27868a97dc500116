import { describe, expect, test } from 'vitest';
import { createFakeClock } from '../kit/clock.ts';
import { bytesOfHex } from './fixtures/read.ts';
import { escposProbe } from './probe.ts';
import { createTicketPrinterSimulator } from './simulator.ts';

const recognises = (hex: string): boolean => escposProbe.recognise(bytesOfHex(hex)) !== undefined;

describe('probe', () => {
  test('asks nothing but DLE EOT 1 to 4', () => {
    expect(escposProbe.ask.map((bytes) => Buffer.from(bytes).toString('hex'))).toEqual([
      '100401',
      '100402',
      '100403',
      '100404',
    ]);
  });

  test.each(['none', 'removePaper', 'openCover', 'paperNearEnd'])('finds the printer: %s', (knob) => {
    let heard: number[] = [];
    const sim = createTicketPrinterSimulator({ send: (bytes) => heard.push(...bytes) }, { clock: createFakeClock() });
    sim.knobs[knob]?.turn();
    heard = [];
    for (const question of escposProbe.ask) sim.receive(question);
    expect(escposProbe.recognise(Uint8Array.from(heard))).toEqual({ capabilities: ['print'] });
    expect(sim.look()).toMatchObject({ tickets: [], pending: { lines: [] } });
  });

  test.each([
    ['idle', '12 12 12 12'],
    ['drawer closed', '16 12 12 12'],
    ['offline, paper out', '1E 32 12 7E'],
    ['with an automatic status in between', '12 14 00 00 0F 12 12 12'],
  ])('knows a printer by its answers: %s', (_name, hex) => {
    expect(recognises(hex)).toBe(true);
  });

  test.each([
    ['silence', ''],
    ['three of four answers', '12 12 12'],
    ['our own questions, echoed', '10 04 01 10 04 02 10 04 03 10 04 04'],
    ['an echo with answers', '10 04 01 12 10 04 02 12 10 04 03 12 10 04 04 12'],
    ['a code that a scanner reads, 2222', '32 32 32 32'],
    ['another one, RRRR', '52 52 52 52'],
    ['another one, rrrr', '72 72 72 72'],
    ['a code with its end, 2222 CR', '32 32 32 32 0D'],
    ['an answer of a lock board', '80 01 01 00 80'],
    ['answers among noise', 'FF 12 12 12 12'],
    ['too many answers', '12 12 12 12 12'],
  ])('does not take for a printer: %s', (_name, hex) => {
    expect(recognises(hex)).toBe(false);
  });
});
