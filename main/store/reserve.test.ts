import { existsSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createReserve } from './reserve.ts';
import { createPlace } from './store-fixture.ts';

const bytes = 4 * 1024 * 1024;

describe('the reserve', () => {
  it('is kept in real blocks when there is room for it and as much again', () => {
    using place = createPlace();
    const reserve = createReserve(place.path, bytes, { freeBytes: () => 2 * bytes });
    reserve.tend();
    expect(reserve.heldBytes()).toBe(bytes);
    expect(statSync(`${place.path}-reserve`).blocks * 512).toBeGreaterThanOrEqual(bytes / 2);
    createReserve(place.path, bytes * 2, { freeBytes: () => 2 * bytes }).tend();
    expect(reserve.heldBytes()).toBe(bytes);
  });

  it('is given up before a write when there is hardly any space, said once, and kept again when there is room', () => {
    using place = createPlace();
    let free = 100 * bytes;
    let said = 0;
    const reserve = createReserve(place.path, bytes, { freeBytes: () => free, onGivenUp: () => void said++ });
    reserve.tend();
    reserve.beforeWrite();
    expect(reserve.heldBytes()).toBe(bytes);
    free = bytes / 8;
    reserve.beforeWrite();
    reserve.beforeWrite();
    reserve.giveUp();
    expect(said).toBe(1);
    expect(reserve.heldBytes()).toBe(bytes / 8);
    reserve.tend();
    expect(reserve.heldBytes()).toBe(bytes / 8);
    free = 100 * bytes;
    reserve.tend();
    expect(reserve.heldBytes()).toBe(bytes);
  });

  it('keeps a part for the next start, which takes it only when the rest was not enough', () => {
    using place = createPlace();
    let free = 100 * bytes;
    createReserve(place.path, bytes, { freeBytes: () => free }).tend();
    free = bytes / 8;
    createReserve(place.path, bytes, { freeBytes: () => free }).beforeStart();
    expect(existsSync(`${place.path}-reserve`)).toBe(false);
    expect(existsSync(`${place.path}-reserve-start`)).toBe(true);
    free = 0;
    createReserve(place.path, bytes, { freeBytes: () => free }).beforeStart();
    expect(existsSync(`${place.path}-reserve-start`)).toBe(false);
  });

  it('that was cut off in the middle of its filling is filled to the end', () => {
    using place = createPlace();
    const reserve = createReserve(place.path, bytes, { freeBytes: () => 100 * bytes });
    reserve.tend();
    truncateSync(`${place.path}-reserve`, 12_345);
    reserve.tend();
    expect(reserve.heldBytes()).toBe(bytes);
  });

  it('stands beside the store that is opened with one, and says nothing of it', () => {
    using place = createPlace();
    const opened = place.open({ reserveBytes: bytes });
    expect(opened.ok).toBe(true);
    expect(statSync(`${place.path}-reserve`).mode & 0o777).toBe(0o600);
    expect(readFileSync(`${place.path}-reserve`).includes(readFileSync(place.path).subarray(0, 16))).toBe(false);
  });
});
