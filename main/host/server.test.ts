import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { openDoor, type Door } from './server.ts';

const credential = 'c'.repeat(43);
const token = 't'.repeat(43);
const screensDirectory = mkdtempSync(join(tmpdir(), 'door-'));
let door: Door;
let channels = 0;

type Answer = { status: number; headers: Record<string, string | string[] | undefined>; body: string };

const get = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: door.port, path, headers }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    asked.on('error', reject);
    asked.end();
  });

const connect = (headers: Record<string, string>): Promise<'open' | 'refused'> =>
  new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${door.port}/rpc`, { headers });
    socket.on('open', () => {
      socket.close();
      resolve('open');
    });
    socket.on('error', () => resolve('refused'));
  });

const cookie = `hall-kiosk=${credential}`;

beforeAll(async () => {
  writeFileSync(join(screensDirectory, 'index.html'), '<!doctype html><title>kiosk</title>');
  door = await openDoor({
    port: 0,
    credential,
    screensDirectory,
    dockUrl: undefined,
    onChannel: () => (channels += 1),
  });
});
afterAll(async () => {
  await door.close();
  rmSync(screensDirectory, { recursive: true });
});

describe('the door', () => {
  it('shows nothing to a program without the cookie', async () => {
    expect((await get('/')).status).toBe(403);
    expect((await get('/index.html')).body).not.toContain('kiosk</title>');
  });

  it('lets a window in with its token once, and not twice', async () => {
    door.admit(token);
    const first = await get(`/enter?token=${token}`);
    expect(first.status).toBe(200);
    expect(first.body).toContain('url=/"');
    expect(String(first.headers['set-cookie'])).toMatch(/HttpOnly; SameSite=Strict/);
    expect((await get(`/enter?token=${token}`)).status).toBe(403);
  });

  it('knows no token that was not admitted', async () => {
    expect((await get(`/enter?token=${'x'.repeat(43)}`)).status).toBe(403);
    expect((await get('/enter?')).status).toBe(403);
  });

  it('serves the screens under a policy that allows nothing foreign', async () => {
    const answer = await get('/', { cookie });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    expect(answer.headers['content-security-policy']).toContain("script-src 'self';");
  });

  it('refuses another name for this machine (DNS rebinding)', async () => {
    expect((await get('/', { cookie, host: `evil.example:${door.port}` })).status).toBe(421);
  });

  it('lets its own page go on under the other name, into a process of its own', async () => {
    expect((await get('/again')).status).toBe(403);
    const again = await get('/again', { cookie });
    expect(again.status).toBe(303);
    const [, name = '', way = ''] =
      /^http:\/\/([^/]+)(\/enter\?token=.+)$/.exec(String(again.headers['location'])) ?? [];
    expect(name).toBe(`127.0.0.2:${door.port}`);
    expect((await get(way, { host: name })).status).toBe(200);
    expect((await get(way, { host: name })).status).toBe(403);
    expect((await get('/', { cookie, host: name })).status).toBe(200);
    const back = await get('/again', { cookie, host: name });
    expect(back.headers['location']).toContain(`http://127.0.0.1:${door.port}/enter?`);
  });

  it('does not leave its folder', async () => {
    expect((await get('/../../etc/passwd', { cookie })).status).toBeGreaterThanOrEqual(400);
    expect((await get('/%2e%2e/%2e%2e/etc/passwd', { cookie })).status).toBeGreaterThanOrEqual(400);
  });
});

describe('the channel', () => {
  it('opens for our own page only', async () => {
    const origin = `http://127.0.0.1:${door.port}`;
    expect(await connect({ cookie, origin })).toBe('open');
    expect(channels).toBe(1);
    expect(await connect({ cookie, origin: 'http://evil.example' })).toBe('refused');
    expect(await connect({ cookie })).toBe('refused');
    expect(await connect({ cookie, origin: `http://127.0.0.2:${door.port}` })).toBe('refused');
    expect(await connect({ origin })).toBe('refused');
    expect(await connect({ origin, cookie: `hall-kiosk=${'d'.repeat(43)}` })).toBe('refused');
    expect(channels).toBe(1);
  });
});
