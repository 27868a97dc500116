import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { flipSome, isFlipClean } from './bitflips.ts';
import { writeSample } from './sample.ts';
import { sealedBytesOf } from './sealed-bytes.ts';

test('400 flipped bits: none is read silently, each inside sealed contents is found', () => {
  const report = flipSome(0, 400, 20261122);
  expect(report.failures).toEqual([]);
  expect(report).toMatchObject({ flips: 400, silentReads: 0, crashes: 0, detected: report.damaged });
  expect(report.payloadFlips).toBeGreaterThan(100);
  expect(report.payloadFound).toBe(report.payloadFlips);
  expect(isFlipClean(report)).toBe(true);
});

test('a report with a silent read, or without flips, is not clean', () => {
  const report = flipSome(0, 1, 1);
  expect(isFlipClean({ ...report, silentReads: 1 })).toBe(false);
  expect(isFlipClean({ ...report, payloadFlips: 2, payloadFound: 1 })).toBe(false);
  expect(isFlipClean({ ...report, flips: 0 })).toBe(false);
});

test('the map of sealed contents holds them all but a few bytes at the ends of pages', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sealed-'));
  const path = join(folder, 'kiosk.db');
  const { items } = writeSample(path);
  const sealed = sealedBytesOf(path, readFileSync(path));
  rmSync(folder, { recursive: true });
  expect(sealed.bytes).toBeGreaterThan(8 * 55_000);
  expect([...items.keys()].filter((id) => id.startsWith('scan '))).toHaveLength(24);
});
