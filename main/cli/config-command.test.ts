import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { configCheck, configSchema } from './config-command.ts';
import { createTestIo } from './test-io.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const example = new URL('../../kiosk-config/examples/hall.json', import.meta.url);
const broken = (): string => {
  const config = JSON.parse(readFileSync(example, 'utf8')) as {
    kiosk: { id?: string };
    devices: { driver: string }[];
  };
  delete config.kiosk.id;
  if (config.devices[0]) config.devices[0].driver = 'sam-seriel';
  const path = join(folder, 'broken.json');
  writeFileSync(path, JSON.stringify(config));
  return path;
};
const check = (file: string, isJson: boolean, io = createTestIo()) =>
  configCheck.run({ positionals: [file], values: {}, isJson }, io).then((code) => ({ code, ...io }));

test('the example of the product is right', async () => {
  const { code, outLines } = await check(example.pathname, false);
  expect(code).toBe(0);
  expect(outLines[0]).toBe('The configuration is right: EZ-CITY-24H-01, 6 device(s)');
});

test('every problem is said at once, with where it stands and what was meant', async () => {
  const { code, outLines } = await check(broken(), false);
  expect(code).toBe(1);
  const text = outLines.join('\n');
  expect(text).toContain('2 problem(s)');
  expect(text).toContain('kiosk.id');
  expect(text).toContain('devices[0].driver');
  expect(text).toContain('did you mean sam-serial');
});

test('in Chinese where Chinese is read', async () => {
  const { outLines } = await check(broken(), false, createTestIo({ language: 'zh' }));
  expect(outLines.join('\n')).toContain('配置文件有 2 处问题');
});

test('--json is one object, and nothing else stands on standard output', async () => {
  const { code, outLines } = await check(broken(), true);
  expect(code).toBe(1);
  expect(outLines).toHaveLength(1);
  const result = JSON.parse(outLines[0] ?? '') as { ok: boolean; problems: { path: string }[] };
  expect(result.ok).toBe(false);
  expect(result.problems.map(({ path }) => path).sort()).toEqual(['devices[0].driver', 'kiosk.id']);
});

test('a file that is not there is a problem, not a crash', async () => {
  const { code, outLines } = await check(join(folder, 'none.json'), false);
  expect(code).toBe(1);
  expect(outLines.join('\n')).toContain('there is no such file');
});

test('the schema is the one that is kept beside the examples', async () => {
  const io = createTestIo();
  expect(await configSchema.run({ positionals: [], values: {}, isJson: false }, io)).toBe(0);
  const kept = readFileSync(new URL('../../kiosk-config/kiosk.schema.json', import.meta.url), 'utf8');
  expect(JSON.parse(io.outLines.join('\n'))).toEqual(JSON.parse(kept));
});
