import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isPolicyInstalled } from '../shell/chromium/window.ts';
import { policy } from './policy-command.ts';
import { createTestIo } from './test-io.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-policy-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const install = (path: string, io = createTestIo()) =>
  policy.run({ positionals: [], values: { install: true, path }, isJson: true }, io).then((code) => ({ code, io }));

test('installed, it is what the shell looks for, and readable by Chromium’s user', async () => {
  const path = join(folder, 'policies/managed/hall-kiosk.json');
  const { code, io } = await install(path);
  expect(code).toBe(0);
  expect(JSON.parse(io.outLines[0] ?? '')).toEqual({ path, installed: true });
  expect(await isPolicyInstalled(path)).toBe(true);
  expect(statSync(path).mode & 0o777).toBe(0o644);
});

test('an older file is replaced as a whole', async () => {
  const path = join(folder, 'hall-kiosk.json');
  writeFileSync(path, '{"URLBlocklist":[]}');
  await install(path);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ URLBlocklist: ['*'] });
});

test('where it cannot be written, it says so and changes nothing', async () => {
  const file = join(folder, 'a-file');
  writeFileSync(file, '');
  const { code, io } = await install(join(file, 'hall-kiosk.json'));
  expect(code).toBe(1);
  expect(JSON.parse(io.outLines[0] ?? '')).toMatchObject({ installed: false });
  expect(io.errLines.join()).toContain('was not installed');
});

test('printed, it is JSON that could be installed by hand', async () => {
  const io = createTestIo();
  expect(await policy.run({ positionals: [], values: {}, isJson: false }, io)).toBe(0);
  expect(JSON.parse(io.outLines.join('\n'))).toMatchObject({ IncognitoModeAvailability: 1 });
});
