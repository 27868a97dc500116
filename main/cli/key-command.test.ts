// Sealing and changing the machine key with the machine's own systemd-creds, and with a software TPM2 at its far end.

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openMachineKey, sealedPathOf } from '../store/machine-key-source.ts';
import { openStore } from '../store/open.ts';
import { sealingKeyOf } from '../store/sealed-credential.ts';
import { kioskId, machineKey, page, rating, submission, valueOf, codeOf } from '../store/store-fixture.ts';
import { keyRotate, keySeal, keyStatus } from './key-command.ts';
import type { Command } from './command.ts';
import { fillHallFolder } from './test-hall-folder.ts';
import { createTestIo } from './test-io.ts';

const can = (command: string, args: string[]): boolean => {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

const isRoot = process.getuid?.() === 0;
const hasSealing = isRoot && can('systemd-creds', ['--version']);
const hasTpm = hasSealing && can('swtpm', ['--version']) && can('swtpm_ioctl', ['--version']);

type Hall = Disposable & {
  folder: string;
  path: string;
  keyFile: string;
  call(
    command: Command,
    values?: Record<string, string | boolean>,
  ): Promise<{ code: number; json: Record<string, unknown>; err: string }>;
};

const createHall = (): Hall => {
  const folder = mkdtempSync(join(tmpdir(), 'key-cli-'));
  const { config, keyFile, path } = fillHallFolder(folder, { kioskKeyFile: join(folder, 'central.key') });
  const store = valueOf(openStore({ path, machineKey, kioskId }));
  valueOf(store.submitCase(submission([page(5000)])));
  valueOf(store.enqueue('rating.given', rating()));
  store.close();
  return {
    folder,
    path,
    keyFile,
    async call(command, values = {}) {
      const io = createTestIo();
      const code = await command.run({ positionals: [], values: { config, ...values }, isJson: true }, io);
      return {
        code,
        json: JSON.parse(io.outLines.join('\n') || '{}') as Record<string, unknown>,
        err: io.errLines.join('\n'),
      };
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
};

const events = (path: string, key: Uint8Array): number => {
  const store = valueOf(openStore({ path, machineKey: key, kioskId }));
  try {
    expect(store.verifyAudit().intact).toBe(true);
    return valueOf(store.nextBatch(10)).length + store.pendingUploads().length;
  } finally {
    store.close();
  }
};

const listen = async (port: number): Promise<{ port: number; close(): Promise<void> } | undefined> => {
  const server = createServer();
  const isTaken = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(true));
    server.listen(port, '127.0.0.1', () => resolve(false));
  });
  if (isTaken) return undefined;
  const { port: given } = server.address() as AddressInfo;
  return { port: given, close: () => new Promise((resolve) => server.close(() => resolve())) };
};

/** The library looks for the chip's control port right above its own. */
const freePair = async (): Promise<number> => {
  for (;;) {
    const first = await listen(0);
    const second = first && (await listen(first.port + 1));
    await first?.close();
    await second?.close();
    if (first && second) return first.port;
  }
};

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });

const startTpm = async (folder: string): Promise<AsyncDisposable & { device: string }> => {
  const state = join(folder, 'tpm');
  mkdirSync(state);
  const port = await freePair();
  const control = port + 1;
  const tpm = spawn(
    'swtpm',
    ['socket', '--tpm2', '--tpmstate', `dir=${state}`, '--server', `type=tcp,port=${port}`].concat([
      '--ctrl',
      `type=tcp,port=${control}`,
      '--flags',
      'startup-clear,not-need-init',
    ]),
    { stdio: 'ignore' },
  );
  const ended = new Promise((resolve) => tpm.once('exit', resolve));
  // The kernel's resource manager takes forgotten sessions away from a chip after each user; nobody does so here, but a restart.
  const wrapper = join(state, 'systemd-creds');
  const real = execFileSync('sh', ['-c', 'command -v systemd-creds'], { encoding: 'utf8' }).trim();
  // TPM2_Shutdown(CLEAR) first: a chip that loses power without it counts that as an attack.
  const lines = [
    '#!/bin/bash',
    `exec 3<>/dev/tcp/127.0.0.1/${port}`,
    String.raw`printf '\x80\x01\x00\x00\x00\x0c\x00\x00\x01\x45\x00\x00' >&3`,
    'head -c 10 <&3 >/dev/null',
    'exec 3>&-',
    `swtpm_ioctl --tcp 127.0.0.1:${control} -i`,
    `exec ${real} "$@"`,
    '',
  ];
  writeFileSync(wrapper, lines.join('\n'), { mode: 0o700 });
  vi.stubEnv('PATH', `${state}:${process.env['PATH']}`);
  // The control port: a knock at the other one would be the TPM's only customer.
  await expect.poll(() => answers(control), { timeout: 20_000 }).toBe(true);
  return {
    device: `swtpm:host=127.0.0.1,port=${port}`,
    async [Symbol.asyncDispose]() {
      tpm.kill();
      await ended;
    },
  };
};

afterEach(() => void vi.unstubAllEnvs());

describe('key status', () => {
  it('says that a plain file is a plain file', async () => {
    using hall = createHall();
    const { code, json } = await hall.call(keyStatus);
    expect({ code, ...json }).toMatchObject({
      code: 0,
      machineKey: 'keyFile',
      from: 'keyFile',
      isPlainLeft: false,
      isRotating: false,
    });
  });

  it('a credential of the service manager goes before every file, and one of another length is refused', () => {
    using hall = createHall();
    const handed = join(hall.folder, 'credentials');
    mkdirSync(handed);
    writeFileSync(join(handed, 'hall-kiosk-machine-key'), Buffer.alloc(32, 5));
    const environment = { CREDENTIALS_DIRECTORY: handed };
    expect(valueOf(openMachineKey(hall.keyFile, { environment }))).toMatchObject({
      from: 'serviceManager',
      kind: 'credential',
      bytes: Buffer.alloc(32, 5),
    });
    writeFileSync(join(handed, 'hall-kiosk-machine-key'), 'short');
    expect(codeOf(openMachineKey(hall.keyFile, { environment }))).toBe('keyFileLength');
  });
});

describe('key rotate', () => {
  it('changes a plain key, and the store goes on under the new one', async () => {
    using hall = createHall();
    const before = events(hall.path, machineKey);
    const { code, json } = await hall.call(keyRotate);
    expect({ code, ...json }).toMatchObject({ code: 0, ok: true, resealed: { caseKeys: 1, unreadable: 0 } });
    expect(codeOf(openStore({ path: hall.path, machineKey, kioskId }))).toBe('wrongKey');
    expect(events(hall.path, readFileSync(hall.keyFile))).toBe(before);
  });
});

const playSealing = async (
  hall: Hall,
  withKey: string,
  kind: string,
  options: Record<string, string>,
): Promise<'played'> => {
  const sealed = sealedPathOf(hall.keyFile);
  const device = options['tpm2-device'] === undefined ? {} : { tpm2Device: options['tpm2-device'] };
  const first = await hall.call(keySeal, { with: withKey, ...options });
  expect({ ...first, err: '' }).toMatchObject({ code: 0, json: { machineKey: kind, isNew: true, isPlainLeft: true } });
  expect(sealingKeyOf(sealed)).toBe(withKey);
  expect(readFileSync(sealed).includes(machineKey)).toBe(false);
  expect((await hall.call(keyStatus)).code).toBe(1);
  // Nothing is changed while the unsealed one lies beside it.
  expect((await hall.call(keyRotate, options)).code).toBe(1);
  const second = await hall.call(keySeal, { with: withKey, 'remove-plain': true, ...options });
  expect(second.json).toMatchObject({ isNew: false, isPlainLeft: false });
  expect(existsSync(hall.keyFile)).toBe(false);
  const opened = valueOf(openMachineKey(hall.keyFile, { environment: {}, ...device }));
  expect(opened).toMatchObject({ kind, from: 'sealedFile' });
  expect(opened.bytes.equals(machineKey)).toBe(true);
  const before = events(hall.path, machineKey);
  const rotated = await hall.call(keyRotate, options);
  expect({ ...rotated.json, code: rotated.code }).toMatchObject({
    code: 0,
    machineKey: kind,
    resealed: { unreadable: 0 },
  });
  expect(sealingKeyOf(sealed)).toBe(withKey);
  const fresh = valueOf(openMachineKey(hall.keyFile, { environment: {}, ...device }));
  expect(fresh.bytes.equals(machineKey)).toBe(false);
  expect(events(hall.path, fresh.bytes)).toBe(before);
  // A sealed key that does not open is never taken for a missing one.
  writeFileSync(sealed, readFileSync(sealed, 'latin1').replace(/[a-z]/g, 'A'));
  expect(codeOf(openMachineKey(hall.keyFile, { environment: {}, ...device }))).toBe('sealingFailed');
  expect(existsSync(hall.keyFile)).toBe(false);
  return 'played';
};

describe('key seal', () => {
  it.skipIf(!hasSealing)('with the key of the host: sealed, checked, the plain one destroyed, changed', async () => {
    using hall = createHall();
    expect(await playSealing(hall, 'host', 'credential', {})).toBe('played');
  });

  it.skipIf(!hasTpm)(
    'with a TPM2: sealed, checked, the plain one destroyed, changed',
    async () => {
      using hall = createHall();
      await using tpm = await startTpm(hall.folder);
      expect(await playSealing(hall, 'tpm2', 'tpm2', { 'tpm2-device': tpm.device })).toBe('played');
    },
    60_000,
  );

  it.skipIf(!hasSealing)('leaves everything as it was where there is no TPM2', async () => {
    using hall = createHall();
    const { code, json } = await hall.call(keySeal, { with: 'tpm2', 'tpm2-device': 'swtpm:host=127.0.0.1,port=1' });
    expect({ code, error: json['code'] }).toEqual({ code: 1, error: 'sealingFailed' });
    expect(existsSync(sealedPathOf(hall.keyFile))).toBe(false);
    expect(readFileSync(hall.keyFile).equals(machineKey)).toBe(true);
  });
});
