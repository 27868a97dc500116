// The simulated printer against bytes from the manuals, without the driver: what it prints must not depend on our encoder.

import { describe, expect, test } from 'vitest';
import { createFakeClock } from '../kit/clock.ts';
import { bytesOfHex, hexFixture, hexOfBytes } from './fixtures/read.ts';
import { createTicketPrinterSimulator } from './simulator.ts';

const start = (settings: Record<string, unknown> = {}) => {
  const clock = createFakeClock();
  const answers: string[] = [];
  const sim = createTicketPrinterSimulator({ send: (bytes) => answers.push(hexOfBytes(bytes)) }, { clock, settings });
  const feed = (hex: string): void => sim.receive(bytesOfHex(hex));
  return { clock, answers, sim, feed };
};

describe('simulated printer', () => {
  test('prints the worked ticket of the manuals', async () => {
    const { clock, sim, answers } = start();
    sim.receive(hexFixture('worked-ticket.hex'));
    await clock.advance(1000);
    expect(sim.look().tickets).toEqual([
      {
        lines: [`${' '.repeat(20)}A001`, `${' '.repeat(18)}请到3号窗口`, ''],
        qr: ['https://a.cn/1'],
        barcodes: ['A001-20260101'],
        images: [],
        atMark: false,
        cut: true,
      },
    ]);
    expect(answers).toEqual(['37 22 30 30 30 31 00']);
  });

  test('byte by byte it prints the same', async () => {
    const { clock, sim } = start();
    for (const byte of hexFixture('worked-ticket.hex')) sim.receive(Uint8Array.of(byte));
    await clock.advance(1000);
    expect(sim.look().tickets).toHaveLength(1);
  });

  test.each([
    ['none', '14 00 00 0F'],
    ['openCover', '3C 00 00 0F'],
    ['paperNearEnd', '14 00 03 0F'],
    ['removePaper', '1C 00 0F 0F'],
  ])('%s reports %s', (knob, report) => {
    const { sim, answers, feed } = start();
    feed('1D 61 0E');
    sim.knobs[knob]?.turn();
    expect(answers.at(-1)).toBe(report);
  });

  test('answers DLE EOT at once although the paper is out, and GS r only when it is back', async () => {
    const { sim, answers, feed, clock } = start();
    sim.knobs.removePaper?.turn();
    feed('1D 72 01 10 04 04');
    expect(answers).toEqual(['7E']);
    sim.knobs.loadPaper?.turn();
    await clock.advance(10);
    expect(answers).toEqual(['7E', '00']);
  });

  test('ESC @ switches the automatic status off', () => {
    const { sim, answers, feed } = start();
    feed('1D 61 0E 1B 40');
    sim.knobs.openCover?.turn();
    expect(answers).toEqual(['14 00 00 0F']);
  });

  test('a real-time command inside data is carried out all the same, as on the real thing', () => {
    const { answers, feed } = start();
    feed('1D 28 6B 06 00 31 50 30 10 04 01');
    expect(answers).toEqual(['16'].map(() => '12'));
  });

  test('four-byte GB18030 prints two wrong characters', async () => {
    const { sim, feed, clock } = start();
    feed('81 39 EE 39 0A 1D 56 42 00');
    await clock.advance(100);
    expect(sim.look().tickets).toMatchObject([{ lines: ['??'] }]);
  });

  test('a fault it does not have is refused', () => {
    expect(() => start().sim.knobs.fault?.turn('fire')).toThrow('fire');
  });

  test('stop leaves no timer behind', () => {
    const { sim, clock } = start({ lineMs: 100 });
    sim.receive(hexFixture('worked-ticket.hex'));
    expect(clock.pending()).toBeGreaterThan(0);
    sim.stop();
    expect(clock.pending()).toBe(0);
  });
});
