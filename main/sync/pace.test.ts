// The cap on scans, with a clock that stands still and a line that takes its time.

import { describe, expect, it } from 'vitest';
import { createFakeClock, type FakeClock } from '../../devices/kit/clock.ts';
import { createPace, uploadChunkBytes, type PaceSettings } from './pace.ts';

const forever = new AbortController().signal;
/** 2026-11-22 08:00 in the hall. */
const morningMs = Date.UTC(2026, 10, 22, 0, 0);

/** Sends `bytes` chunk by chunk over a line of `lineKbps`; answers with the kilobits a second that it came to. */
const measure = async (settings: PaceSettings, bytes: number, lineKbps: number): Promise<number> => {
  const clock = createFakeClock(morningMs);
  const pace = createPace(settings, clock);
  let isDone = false;
  const send = async (): Promise<void> => {
    for (let sent = 0; sent < bytes;) {
      const chunk = Math.min(pace.chunkBytes(), bytes - sent);
      await pace.take(chunk, forever);
      await new Promise<void>((resolve) => void clock.after((chunk * 8) / lineKbps, resolve));
      sent += chunk;
    }
    isDone = true;
  };
  const sending = send();
  let tookMs = 0;
  for (; !isDone; tookMs += 100) await clock.advance(100);
  await sending;
  return (bytes * 8) / tookMs;
};

describe('a cap', () => {
  it.each([
    [64, 4000],
    [256, 4000],
    [256, 300],
    [2000, 100_000],
  ])('of %i kbit/s is kept within a tenth on a line of %i', async (uploadKbps, lineKbps) => {
    const measured = await measure({ uploadKbps }, uploadKbps * 1000 * 30, lineKbps);
    expect(Math.abs(measured - uploadKbps) / uploadKbps).toBeLessThan(0.1);
  });

  it('makes chunks short on the line, and never larger than without one', () => {
    const clock = createFakeClock(morningMs);
    const chunkOf = (uploadKbps?: number): number =>
      createPace(uploadKbps === undefined ? {} : { uploadKbps }, clock).chunkBytes();
    expect([chunkOf(8), chunkOf(64), chunkOf(256), chunkOf(100_000), chunkOf()]).toEqual([
      16 * 1024,
      16 * 1024,
      64 * 1024,
      uploadChunkBytes,
      uploadChunkBytes,
    ]);
  });

  it('does not save up what nobody used: after an hour of rest the second chunk waits again', async () => {
    const clock = createFakeClock(morningMs);
    const pace = createPace({ uploadKbps: 64 }, clock);
    await pace.take(16_000, forever);
    await clock.advance(3_600_000);
    await pace.take(16_000, forever);
    let isThrough = false;
    void pace.take(16_000, forever).then(() => (isThrough = true));
    await clock.advance(1900);
    expect(isThrough).toBe(false);
    await clock.advance(200);
    expect(isThrough).toBe(true);
  });

  it('does not count in the free hours, over midnight too', async () => {
    const free = { uploadKbps: 64, uploadFreeHours: { from: '22:00', to: '06:00' }, timeZone: 'Asia/Shanghai' };
    const clock = createFakeClock(morningMs);
    const pace = createPace(free, clock);
    const capsAt = async (hours: number): Promise<number | undefined> => {
      await clock.advance(hours * 3_600_000);
      return pace.cap();
    };
    expect([await capsAt(0), await capsAt(13.9), await capsAt(0.2), await capsAt(7.8), await capsAt(0.2)]).toEqual([
      64,
      64,
      undefined,
      undefined,
      64,
    ]);
  });

  it('waits no longer than one chunk when the clock was set back by ten years', async () => {
    let backMs = 0;
    const fake = createFakeClock(morningMs);
    const clock: FakeClock = { ...fake, now: () => fake.now() - backMs };
    const pace = createPace({ uploadKbps: 64 }, clock);
    await pace.take(16_000, forever);
    backMs = 10 * 365 * 86_400_000;
    let isThrough = false;
    void pace.take(16_000, forever).then(() => (isThrough = true));
    await fake.advance(2000);
    expect(isThrough).toBe(true);
  });

  it('ends its wait when the sender stops', async () => {
    const clock = createFakeClock(morningMs);
    const pace = createPace({ uploadKbps: 8 }, clock);
    const stop = new AbortController();
    await pace.take(16_000, stop.signal);
    const waiting = pace.take(16_000, stop.signal);
    stop.abort();
    expect(await waiting).toBe(false);
    expect(clock.pending()).toBe(0);
  });
});
