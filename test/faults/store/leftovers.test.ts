import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRandom } from '../random.ts';
import { inventPerson, isLeftoversClean, needlesOf, runLeftovers } from './leftovers.ts';
import { searchFiles } from './search-bytes.ts';

test('40 sessions leave no number, name, telephone or address on the disk', async () => {
  const report = await runLeftovers(40, 20261122, () => undefined);
  expect(report.failures).toEqual([]);
  expect(report).toMatchObject({ sessions: 40, submitted: 20, released: 10, found: 0, isSearchGood: true });
  expect(report.searched).toBeGreaterThan(1_000_000);
  expect(isLeftoversClean(report)).toBe(true);
  expect(isLeftoversClean({ ...report, found: 1 })).toBe(false);
});

test.each<[string, (text: string) => Buffer]>([
  ['as it is', (text) => Buffer.from(text)],
  ['in UTF-16', (text) => Buffer.from(text, 'utf16le')],
  ['in base64', (text) => Buffer.from(Buffer.from(`{"n":"${text}"}`).toString('base64'))],
  ['in base64, one byte later', (text) => Buffer.from(Buffer.from(`{"nn":"${text}"}`).toString('base64'))],
  ['in base64, two bytes later', (text) => Buffer.from(Buffer.from(`{"nnn":"${text}"}`).toString('base64'))],
  ['in hexadecimal', (text) => Buffer.from(Buffer.from(text).toString('hex'))],
])('the search finds a person %s', (_name, form) => {
  const folder = mkdtempSync(join(tmpdir(), 'search-'));
  const path = join(folder, 'file');
  const person = inventPerson(createRandom(7));
  for (const text of Object.values(person)) {
    writeFileSync(path, Buffer.concat([Buffer.alloc(1001, 0x31), form(text), Buffer.alloc(77)]));
    expect(searchFiles([path], needlesOf(person, 0)).hits).toHaveLength(1);
  }
  rmSync(folder, { recursive: true });
});
