// The operators' view of what came down: a real store, real signatures.

import { generateKeyPairSync, sign, createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { signedFilePrefix, type FileRole } from '../contract/bundles.ts';
import { openStore } from '../store/open.ts';
import { kioskId, machineKey, valueOf } from '../store/store-fixture.ts';
import { bundlesList, bundlesVerify } from './bundles-command.ts';
import type { Command } from './command.ts';
import { fillHallFolder, type HallFolder } from './test-hall-folder.ts';
import { createTestIo } from './test-io.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const der = publicKey.export({ type: 'spki', format: 'der' });
const keyId = createHash('sha256').update(der).digest('hex');
const dayMs = 24 * 60 * 60 * 1000;
const head = (version: number, lastsDays = 7) => ({
  format: 1,
  version,
  issuedAt: new Date(Date.now() - 30 * dayMs).toISOString(),
  expiresAt: new Date(Date.now() + lastsDays * dayMs).toISOString(),
});
const signed = (value: unknown, role: FileRole): string => {
  const bytes = Buffer.from(JSON.stringify(value));
  const signature = sign(null, Buffer.concat([Buffer.from(`${signedFilePrefix(role)}\0`), bytes]), privateKey);
  const signatures = [{ keyId, signature: signature.toString('base64') }];
  return JSON.stringify({ signed: bytes.toString('base64'), signatures });
};
const oneKey = { keyIds: [keyId], threshold: 1 };
const root = signed(
  {
    type: 'root',
    ...head(1, 300),
    keys: { [keyId]: der.toString('base64') },
    roles: { root: oneKey, manifest: oneKey, bundle: oneKey },
  },
  'root',
);
const manifest = (lastsDays = 7): unknown => ({ type: 'manifest', ...head(4, lastsDays), kioskId, channels: {} });

let folder: string;
let hall: HallFolder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bundles-cli-'));
  hall = fillHallFolder(folder, { kioskKey: 'a-key-for-the-tests', bundleRoot: 'root.json' });
  writeFileSync(join(folder, 'root.json'), root);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const call = async (command: Command, positionals: string[] = [], isJson = true) => {
  const io = createTestIo();
  const code = await command.run({ positionals, values: { config: hall.config }, isJson }, io);
  return { code, out: io.outLines.join('\n'), err: io.errLines.join('\n') };
};
const verify = async (text: string) => {
  const path = join(folder, 'file.json');
  writeFileSync(path, text);
  const { code, out } = await call(bundlesVerify, [path]);
  return { exit: code, ...(JSON.parse(out) as Record<string, unknown>) };
};

it('verify says what a good file is, and why another one is not', async () => {
  expect(await verify(signed(manifest(), 'manifest'))).toMatchObject({
    exit: 0,
    ok: true,
    role: 'manifest',
    version: 4,
  });
  expect(await verify(signed(manifest(-1), 'manifest'))).toMatchObject({ exit: 1, code: 'expired' });
  expect(await verify(signed(manifest(), 'bundle'))).toMatchObject({ exit: 1, code: 'wrongType' });
  const foreign = signed(manifest(), 'manifest').replace(keyId, 'f'.repeat(64));
  expect(await verify(foreign)).toMatchObject({ exit: 1, code: 'badSignature' });
  expect(await verify('{"signed":1}')).toMatchObject({ exit: 1, code: 'badShape' });
  expect(await call(bundlesVerify, [])).toMatchObject({ code: 2 });
  const missing = await call(bundlesVerify, [join(folder, 'gone.json')]);
  expect(JSON.parse(missing.out)).toMatchObject({ ok: false, code: 'missing' });
});

it('list shows what serves, what waits, and what was refused', async () => {
  const store = valueOf(openStore({ path: hall.path, machineKey, kioskId }));
  const bundle = (version: number) => ({
    channel: 'announcements' as const,
    version,
    issuedAtMs: Date.now(),
    expiresAtMs: Date.now() + dayMs,
    fileSha256: 'a'.repeat(64),
    payloadSha256: 'b'.repeat(64),
    payload: '{"items":[]}',
  });
  const trust = { firstRootSha256: '', roots: [], versions: {}, timeFloorMs: 0 };
  valueOf(store.takeBundles(trust, [bundle(1)]));
  valueOf(store.switchBundles());
  valueOf(store.takeBundles(trust, [bundle(2)]));
  store.noteBundleRefusal({ file: 'catalogue', version: 9, reason: 'badSignature', detail: 'not enough keys' });
  store.close();
  const asJson = await call(bundlesList);
  expect(asJson.code).toBe(0);
  expect(JSON.parse(asJson.out)).toMatchObject({
    isOn: true,
    bundles: [
      { channel: 'announcements', slot: 'current', version: 1, isExpired: false },
      { channel: 'announcements', slot: 'next', version: 2 },
    ],
    refusals: [{ file: 'catalogue', version: 9, reason: 'badSignature' }],
    damage: [],
  });
  const words = await call(bundlesList, [], false);
  expect(words.out).toContain('announcements 1  serves');
  expect(words.out).toContain('catalogue 9  badSignature: not enough keys');
});
