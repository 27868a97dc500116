import { readFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createTestIo } from './test-io.ts';
import { tokensVerify } from './tokens-command.ts';

const read = (url: string): unknown => JSON.parse(readFileSync(new URL(url, import.meta.url), 'utf8'));
const fixtures = read('../tokens/fixtures/openssl-tokens.json') as {
  keys: Record<string, { algorithm: string; publicKey: string }>;
  tokens: string[];
};
const [appointment = ''] = fixtures.tokens;

let folder: string;
let config: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-cli-'));
  config = join(folder, 'kiosk.json');
  const hall = read('../../kiosk-config/examples/hall.json') as { kiosk: object };
  const issuers = Object.entries(fixtures.keys).map(([id, key]) => ({ id, ...key }));
  writeFileSync(
    config,
    JSON.stringify({
      ...hall,
      $schema: undefined,
      kiosk: { ...hall.kiosk, id: 'ezhou-hall-01', hallCode: 'EZ01' },
      tokens: { issuers },
    }),
  );
  // Within the validity of the fixtures.
  vi.useFakeTimers({ now: 1_795_309_000_000, toFake: ['Date'] });
});
afterAll(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

const verify = async (code: string, values: Record<string, string> = { config }, isJson = true) => {
  const io = createTestIo();
  const exit = await tokensVerify.run({ positionals: [code], values, isJson }, io);
  return { exit, io, said: isJson && exit < 2 ? (JSON.parse(io.outLines.join('\n')) as object) : {} };
};

test('a good code: what it is for, and nothing is written anywhere', async () => {
  const { exit, said } = await verify(appointment);
  expect(exit).toBe(0);
  expect(said).toMatchObject({ ok: true, purpose: 'appointment', issuer: 'ez-1', where: 'h:EZ01' });
});

test('a bad one: the reason by its code, and in words for people', async () => {
  expect((await verify(appointment, { config, purpose: 'pickUp' })).said).toMatchObject({
    ok: false,
    code: 'tokenOtherPurpose',
  });
  const { exit, io } = await verify(`${appointment.slice(0, -3)}AAA`, { config }, false);
  expect(exit).toBe(1);
  expect(io.outLines.join('\n')).toMatch(/not genuine|no appointment/);
});

test('without a configuration, or for a purpose that there is not, it is wrongly called', async () => {
  expect((await verify(appointment, {})).exit).toBe(2);
  expect((await verify(appointment, { config, purpose: 'lottery' })).exit).toBe(2);
});
