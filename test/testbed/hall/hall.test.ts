// The hall as it really runs: forked processes on real ttys, their knobs over IPC, and the dock in front of them over HTTP.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFakeClock, systemClock } from '../../../devices/kit/clock.ts';
import { createSerialTransport } from '../../../devices/kit/transports/serial.ts';
import { board8a80ConfigSchema } from '../../../devices/locker/board-8a80/config.ts';
import { startBoard8a80 } from '../../../devices/locker/board-8a80/driver.ts';
import { startDock, type Dock } from './dock.ts';
import { startHall, type Hall } from './hall.ts';
import { simulators, wiredKinds } from './simulators.ts';

let dir: string;
let hall: Hall;
let dock: Dock;
let networkIsCut = false;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'hall-test-'));
  hall = await startHall({ dir, kinds: ['id-card-reader', 'locker'], settings: { locker: { locks: 6 } } });
  dock = await startDock({ hall });
  dock.registerKnobs('network', {
    title: { zh: '网络', en: 'Network' },
    knobs: {
      cut: {
        title: { zh: '断网', en: 'Cut the network' },
        argument: ['on', 'off'],
        turn: (argument) => void (networkIsCut = argument !== 'off'),
      },
    },
    look: () => ({ isCut: networkIsCut }),
  });
});

afterAll(async () => {
  await dock.stop();
  await hall.stop();
  expectGone();
  rmSync(dir, { recursive: true });
});

const expectGone = (): void => {
  if (existsSync(join(dir, 'locker'))) throw new Error('the path of a stopped device is still there');
};

test.each(wiredKinds)('%s: its simulator is there and has knobs with words', async (kind) => {
  const factory = await simulators[kind].load();
  const simulator = factory({ send: () => undefined }, { clock: createFakeClock() });
  const knobs = Object.values(simulator.knobs);
  expect(knobs.length).toBeGreaterThan(1);
  for (const { title } of knobs) {
    expect(title.zh).not.toBe('');
    expect(title.en).not.toBe('');
  }
  expect(JSON.parse(JSON.stringify(simulator.look()))).toEqual(simulator.look());
  simulator.stop();
});

test('each device is a process on its own stable path', () => {
  expect(hall.devices.map(({ kind, path }) => ({ kind, path }))).toEqual([
    { kind: 'id-card-reader', path: join(dir, 'id-card-reader') },
    { kind: 'locker', path: join(dir, 'locker') },
  ]);
  expect(hall.devices.every(({ path }) => existsSync(path))).toBe(true);
});

test('a knob turned in the other process shows in its look; a wrong one is an error, not a crash', async () => {
  await hall.turn('locker', 'openDoor', '4');
  const look = await hall.look('locker');
  expect(look.doors).toContainEqual({ lock: 4, door: 'open', jammed: false });
  expect(look.doors).toHaveLength(6);
  await expect(hall.turn('locker', 'openDoor', '77')).rejects.toThrow('no such lock');
  await expect(hall.turn('locker', 'nothing')).rejects.toThrow('there is no knob');
  await expect(hall.turn('ticket-printer', 'removePaper')).rejects.toThrow('there is no ticket-printer');
  await hall.turn('locker', 'shutAll');
});

test('a real driver opens a cell of the forked board, survives replugging, and opens another', async () => {
  const locker = startBoard8a80(board8a80ConfigSchema.parse({ cells: 6 }), {
    id: 'l',
    clock: systemClock,
    log: () => undefined,
    transport: createSerialTransport(
      { type: 'serial', path: join(dir, 'locker'), parity: 'none', dataBits: 8, stopBits: 1, flowControl: 'none' },
      9600,
    ),
  });
  const reached = (wanted: string): Promise<void> =>
    new Promise((resolve) => {
      if (locker.status().state === wanted) resolve();
      locker.onStatus(({ state }) => {
        if (state === wanted) resolve();
      });
    });
  await reached('online');
  const open = (cell: number) => locker.execute({ type: 'openCell', cell }, { id: `c${cell}`, timeoutMs: 8000 });
  expect(await open(1)).toMatchObject({ ok: true });
  await hall.turn('locker', 'unplug');
  await reached('noDevice');
  // By the end of the tty (a write may have been under way), not by a heartbeat that went unanswered.
  const losses = locker.trace().filter(({ label }) => label.startsWith('lost: '));
  expect(losses.map(({ label }) => label)).not.toContain('lost: silent');
  expect(losses).toHaveLength(1);
  await hall.turn('locker', 'replug');
  await reached('online');
  expect(await open(2)).toMatchObject({ ok: true });
  expect((await hall.look('locker')).pulses).toBe(2);
  await locker.stop();
});

const fetchJson = async (path: string, options?: RequestInit): Promise<{ status: number; body: unknown }> => {
  const response = await fetch(new URL(path, dock.url), options);
  return { status: response.status, body: await response.json() };
};
const post = (path: string, argument?: string): Promise<{ status: number; body: unknown }> =>
  fetchJson(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(argument === undefined ? {} : { argument }),
  });

test('dock: lists devices and the caller’s own knobs', async () => {
  const { body } = await fetchJson('/devices');
  expect(body).toMatchObject([
    { kind: 'id-card-reader', title: { zh: '身份证阅读器' } },
    { kind: 'locker' },
    { kind: 'network', knobs: [{ name: 'cut', argument: ['on', 'off'] }] },
  ]);
});

test('dock: turns knobs and answers with the new look', async () => {
  expect(await post('/devices/id-card-reader/knobs/place', 'resident')).toMatchObject({
    status: 200,
    body: { card: 'resident' },
  });
  expect((await fetchJson('/devices/id-card-reader/look')).body).toMatchObject({ card: 'resident' });
  expect(await post('/devices/network/knobs/cut', 'on')).toEqual({ status: 200, body: { isCut: true } });
  expect(networkIsCut).toBe(true);
});

test('dock: what is not there is 404, a refused value 409, a wrong body 400', async () => {
  expect((await post('/devices/locker/knobs/openDoor', '77')).status).toBe(409);
  expect((await post('/devices/locker/knobs/nothing')).status).toBe(404);
  expect((await post('/devices/fax/knobs/x')).status).toBe(404);
  expect((await fetchJson('/devices/locker/knobs/openDoor')).status).toBe(405);
  expect((await fetchJson('/devices/locker/knobs/openDoor', { method: 'POST', body: '[' })).status).toBe(400);
  expect((await fetchJson('/..%2f..%2fpackage.json')).status).toBe(404);
});

test('dock: a foreign page and a foreign host name are turned away', async () => {
  const foreign = await fetchJson('/devices/locker/knobs/shutAll', {
    method: 'POST',
    headers: { origin: 'https://example.org' },
    body: '{}',
  });
  expect(foreign.status).toBe(403);
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const { port } = new URL(dock.url);
    const sent = httpRequest({ host: '127.0.0.1', port, path: '/devices', headers: { host: 'kiosk.example.org' } });
    sent.on('response', (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject);
    sent.end();
  });
  expect(status).toBe(403);
});

test('dock: the page is whole, and may stand in a frame of this computer only', async () => {
  for (const [path, type] of [
    ['/', 'text/html'],
    ['/dock.css', 'text/css'],
    ['/dock.js', 'text/javascript'],
    ['/pictures.js', 'text/javascript'],
    ['/qr.svg?text=A1', 'image/svg+xml'],
  ] as const) {
    const response = await fetch(new URL(path, dock.url));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain(type);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain('frame-ancestors http://127.0.0.1:*');
    expect(policy).toContain("default-src 'none'");
    await response.arrayBuffer();
  }
});

test('a device that cannot start ends the hall’s start, and leaves nothing behind', async () => {
  const other = mkdtempSync(join(tmpdir(), 'hall-fail-'));
  // The link's own folder is missing for one of the two.
  rmSync(other, { recursive: true });
  await expect(
    startHall({ dir: other, kinds: ['locker', 'rating-pad'], settings: { 'rating-pad': { baudRate: 1.5 } } }),
  ).rejects.toThrow('rating-pad');
  expect(existsSync(join(other, 'locker'))).toBe(false);
  rmSync(other, { recursive: true, force: true });
});

test('the command line: --help is 0, a wrong kind and a wrong option are 2', () => {
  const program = new URL('main.ts', import.meta.url).pathname;
  const run = (...args: string[]) => spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', input: '' });
  expect(run('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('id-card-reader') });
  expect(run('fax')).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('fax') });
  expect(run('locker', '--speed', '1')).toMatchObject({ status: 2, stdout: '' });
  expect(run('locker', '--link', '/no-such-folder/x')).toMatchObject({ status: 1, stdout: '' });
});

test('the command line: one JSON object, knobs by lines, quit', () => {
  const program = new URL('main.ts', import.meta.url).pathname;
  const link = join(dir, 'by-hand');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'locker', '--json', '--link', link], {
    encoding: 'utf8',
    input: 'help\nopenDoor 2\nnothing\nquit\n',
  });
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ kind: 'locker', path: link });
  expect(stderr).toContain('拉开柜门 / Pull the door open');
  expect(stderr).toContain('there is no knob nothing');
  expect(existsSync(link)).toBe(false);
});
