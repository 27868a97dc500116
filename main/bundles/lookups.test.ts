import { expect, it } from 'vitest';
import { announcementAt, blocksOf, findPickUp } from './lookups.ts';
import { sha256Of } from './signed-file.ts';

const at = (time: string): number => Date.parse(time);
const text = (zh: string) => ({ zh, en: zh });

it('a notice stands from its first moment to its last, the next one after it', () => {
  const announcements = {
    items: [
      { id: 'a', text: text('上午'), from: '2026-11-22T00:00:00Z', until: '2026-11-22T04:00:00Z' },
      { id: 'b', text: text('全天') },
    ],
  };
  expect(announcementAt(announcements, at('2026-11-21T23:59:59Z'))?.zh).toBe('全天');
  expect(announcementAt(announcements, at('2026-11-22T00:00:00Z'))?.zh).toBe('上午');
  expect(announcementAt(announcements, at('2026-11-22T04:00:00Z'))?.zh).toBe('全天');
  expect(announcementAt({ items: [] }, 0)).toBeUndefined();
});

it('blocks of the day, in order; a letter that is never reserved is free, one reserved for other days is not', () => {
  const blocks = {
    blocks: [
      { day: '2026-11-22', prefix: 'A', from: 201, to: 250 },
      { day: '2026-11-22', prefix: 'A', from: 101, to: 150 },
      { day: '2026-11-23', prefix: 'A', from: 1, to: 50 },
    ],
  };
  expect(blocksOf(blocks, '2026-11-22', 'A')).toEqual([
    { from: 101, to: 150 },
    { from: 201, to: 250 },
  ]);
  expect(blocksOf(blocks, '2026-11-24', 'A')).toEqual([]);
  expect(blocksOf(blocks, '2026-11-22', 'B')).toBeUndefined();
});

it('a pick-up code opens its cell, until it is revoked or its time is over', () => {
  const salt = 'a-salt-of-the-centre';
  const waiting = {
    pickUpId: 'R1',
    salt,
    hash: sha256Of(`${salt}|48291357`),
    cell: 7,
    name: text('营业执照'),
    until: '2026-11-30T00:00:00Z',
  };
  const codes = { codes: [waiting], revoked: [] };
  const now = at('2026-11-22T00:00:00Z');
  expect(findPickUp(codes, '48291357', now)).toMatchObject({ state: 'waiting', cell: 7 });
  expect(findPickUp(codes, '48291358', now)).toEqual({ state: 'unknown' });
  expect(findPickUp({ ...codes, revoked: ['R1'] }, '48291357', now)).toMatchObject({
    state: 'revoked',
    pickUpId: 'R1',
  });
  expect(findPickUp(codes, '48291357', at(waiting.until))).toMatchObject({
    state: 'expired',
    untilMs: at(waiting.until),
  });
});

it('a code given again under a new number opens the new one; one that fits two that wait opens nothing', () => {
  const entry = (pickUpId: string, salt: string) => ({
    pickUpId,
    salt,
    hash: sha256Of(`${salt}|40717233`),
    cell: 7,
    name: text('营业执照'),
    until: '2026-11-30T00:00:00Z',
  });
  const codes = [entry('R1', 'the-salt-of-number-1'), entry('R2', 'the-salt-of-number-2')];
  const now = at('2026-11-22T00:00:00Z');
  expect(findPickUp({ codes, revoked: ['R1'] }, '40717233', now)).toMatchObject({ state: 'waiting', pickUpId: 'R2' });
  expect(findPickUp({ codes, revoked: ['R1', 'R2'] }, '40717233', now)).toMatchObject({ state: 'revoked' });
  expect(findPickUp({ codes, revoked: [] }, '40717233', now)).toEqual({ state: 'unclear' });
});
