// The door to the host: static screens and one WebSocket, on the loopback interface only.
//
//   shell ─ admit(token) ─▶ host      window ─ GET /enter?token ─▶ cookie ─▶ GET / ─▶ WebSocket /rpc (cookie + Origin + Host)
//
// The token works once; the cookie dies with the window's profile. Pages of other origins, DNS tricks and other local
// programs get nothing.
//
// The door has two names, two addresses of this machine. After a visit the page goes from the one to the other: to a browser these are two
// sites, and it gives the second a process of its own and ends the first with all that is left in its memory.

import { randomUUID, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import fastifyStatic from '@fastify/static';
import fastify from 'fastify';
import { WebSocketServer, type WebSocket } from 'ws';
import { contentSecurityPolicy } from '../contract/content-security.ts';
import { maxMessageBytes } from './channels.ts';

export type DoorOptions = {
  port: number;
  credential: string;
  screensDirectory: string;
  dockUrl: string | undefined;
  onChannel(socket: WebSocket): void;
};

export type Door = {
  origin: string;
  port: number;
  /** Lets one window in, once, within a minute. */
  admit(token: string): void;
  close(): Promise<void>;
};

const cookieName = 'hall-kiosk';
const tokenLifeMs = 60_000;
const addresses = ['127.0.0.1', '127.0.0.2'] as const;
/** Not a redirect: coming from the other name, it would arrive without the cookie, which never travels between sites. */
const entered = '<!doctype html><meta charset="utf-8"><title>…</title><meta http-equiv="refresh" content="0;url=/">';
const same = (a: string, b: string): boolean => {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
};

export const openDoor = async (options: DoorOptions): Promise<Door> => {
  const { credential, screensDirectory, dockUrl, onChannel } = options;
  const tokens = new Map<string, number>();
  const names: string[] = [];
  const isOurName = (host: string | undefined): host is string => host !== undefined && names.includes(host);
  const app = fastify({ logger: false, bodyLimit: 1024 });
  const hasCookie = (request: IncomingMessage): boolean =>
    (request.headers.cookie ?? '')
      .split(/;\s*/)
      .some((pair) => pair.startsWith(`${cookieName}=`) && same(pair.slice(cookieName.length + 1), credential));

  app.addHook('onRequest', async (request, reply) => {
    const { host } = request.headers;
    // A name that resolves to 127.0.0.1 (DNS rebinding) is not our name.
    if (!isOurName(host)) return reply.code(421).send();
    void reply.headers({
      'content-security-policy': contentSecurityPolicy(dockUrl),
      'permissions-policy': 'camera=(self), microphone=(), geolocation=(), usb=(), serial=(), hid=()',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    if (request.url.startsWith('/enter?')) return undefined;
    if (!hasCookie(request.raw))
      return reply
        .code(403)
        .type('text/plain; charset=utf-8')
        .send('此页面只能由本机的自助终端打开 / This page opens in this kiosk only');
    return undefined;
  });

  app.get<{ Querystring: { token?: string } }>('/enter', async (request, reply) => {
    const token = request.query.token ?? '';
    const expiresMs = tokens.get(token);
    tokens.delete(token);
    if (expiresMs === undefined || expiresMs < Date.now()) return reply.code(403).send();
    return reply
      .header('set-cookie', `${cookieName}=${credential}; HttpOnly; SameSite=Strict; Path=/`)
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(entered);
  });

  /** The page asks for a fresh process. */
  app.get('/again', async (request, reply) => {
    const other = names.find((name) => name !== request.headers.host) ?? names[0] ?? '';
    const token = randomUUID();
    tokens.set(token, Date.now() + tokenLifeMs);
    return reply.header('cache-control', 'no-store').redirect(`http://${other}/enter?token=${token}`, 303);
  });

  await app.register(fastifyStatic, {
    root: screensDirectory,
    cacheControl: false,
    setHeaders(reply, path) {
      // Built files carry their hash in the name; the page itself must always be fresh.
      reply.header('cache-control', path.endsWith('.html') ? 'no-store' : 'public, max-age=31536000, immutable');
    },
  });

  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes });
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const { host, origin } = request.headers;
    const isOurs = request.url === '/rpc' && isOurName(host) && origin === `http://${host}` && hasCookie(request);
    if (!isOurs) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, onChannel);
  };
  app.server.on('upgrade', upgrade);

  const port = (): number => {
    const address = app.server.address();
    return typeof address === 'object' && address ? address.port : options.port;
  };
  await app.listen({ host: addresses[0], port: options.port });
  names.push(`${addresses[0]}:${port()}`);
  const second = createServer((request, response) => app.routing(request, response));
  second.on('upgrade', upgrade);
  second.listen(port(), addresses[1]);
  // Where the machine has no second address the page has one name, and goes to itself.
  const isThere = await once(second, 'listening').then(
    () => true,
    () => false,
  );
  if (isThere) names.push(`${addresses[1]}:${port()}`);
  return {
    origin: `http://127.0.0.1:${port()}`,
    port: port(),
    admit(token) {
      tokens.set(token, Date.now() + tokenLifeMs);
    },
    async close() {
      for (const client of sockets.clients) client.terminate();
      second.close();
      second.closeAllConnections();
      await app.close();
    },
  };
};
