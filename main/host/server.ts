// The door to the host: static screens and one WebSocket, on the loopback interface only.
//
//   shell ─ admit(token) ─▶ host      window ─ GET /enter?token ─▶ cookie ─▶ GET / ─▶ WebSocket /rpc (cookie + Origin + Host)
//
// The token works once; the cookie dies with the window's profile. Pages of other origins, DNS tricks and other local
// programs get nothing.

import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
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
const same = (a: string, b: string): boolean => {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
};

export const openDoor = async (options: DoorOptions): Promise<Door> => {
  const { credential, screensDirectory, dockUrl, onChannel } = options;
  const tokens = new Map<string, number>();
  const app = fastify({ logger: false, bodyLimit: 1024 });
  const hasCookie = (request: IncomingMessage): boolean =>
    (request.headers.cookie ?? '')
      .split(/;\s*/)
      .some((pair) => pair.startsWith(`${cookieName}=`) && same(pair.slice(cookieName.length + 1), credential));

  app.addHook('onRequest', async (request, reply) => {
    const { host } = request.headers;
    // A name that resolves to 127.0.0.1 (DNS rebinding) is not our name.
    if (host !== `127.0.0.1:${port()}`) return reply.code(421).send();
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
      .redirect('/');
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
  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const isOurs =
      request.url === '/rpc' &&
      request.headers.host === `127.0.0.1:${port()}` &&
      request.headers.origin === `http://127.0.0.1:${port()}` &&
      hasCookie(request);
    if (!isOurs) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, onChannel);
  });

  const port = (): number => {
    const address = app.server.address();
    return typeof address === 'object' && address ? address.port : options.port;
  };
  await app.listen({ host: '127.0.0.1', port: options.port });
  return {
    origin: `http://127.0.0.1:${port()}`,
    port: port(),
    admit(token) {
      tokens.set(token, Date.now() + tokenLifeMs);
    },
    async close() {
      for (const client of sockets.clients) client.terminate();
      await app.close();
    },
  };
};
