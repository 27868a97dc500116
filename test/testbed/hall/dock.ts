// The device dock: a small page on which a person does to the simulated devices what people do to real ones (lay a card on the
// reader, shut a door, take the paper out). Shown as a drawer beside the kiosk in training, and used by end-to-end tests over HTTP.
//
//   page ── HTTP, loopback only ──▶ dock ──▶ hall.ts ──▶ one process a device
//                                     └────▶ knobs of the caller (e.g. the network)

import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { renderSVG } from 'uqr';
import { z } from 'zod';
import { deviceKinds, type DeviceKind } from '../../../devices/kit/status.ts';
import type { Knob } from '../../../devices/kit/simulator.ts';
import type { Hall } from './hall.ts';
import type { KnobFace } from './messages.ts';
import { titleOf } from './simulators.ts';

/** Something beside the devices that has knobs, e.g. the network. `turn` may take a while. */
export type ExtraKnobs = {
  title: { zh: string; en: string };
  knobs: Readonly<Record<string, Omit<Knob, 'turn'> & { turn(argument?: string): void | Promise<void> }>>;
  /** JSON values. Names of switches that are on go into `on`, so that the page shows them pressed. */
  look?(): Record<string, unknown> | Promise<Record<string, unknown>>;
};

export type Dock = {
  /** `http://127.0.0.1:N/`. `?lang=en` and `?only=KIND,KIND` are understood. */
  readonly url: string;
  /** Adds a card under `name`, or replaces it. */
  registerKnobs(name: string, extra: ExtraKnobs): void;
  stop(): Promise<void>;
};

export type DockOptions = {
  hall: Hall;
  /** 0: any free port. */
  port?: number;
  /** Who may show the page in a frame, beside the kiosk's own page on this computer. */
  frameAncestors?: readonly string[];
};

const bodyLimit = 16 * 1024;
const qrTextLimit = 2000;
const files: Readonly<Record<string, { file: string; type: string }>> = {
  '/': { file: 'index.html', type: 'text/html; charset=utf-8' },
  '/dock.css': { file: 'dock.css', type: 'text/css; charset=utf-8' },
  '/dock.js': { file: 'dock.js', type: 'text/javascript; charset=utf-8' },
  '/pictures.js': { file: 'pictures.js', type: 'text/javascript; charset=utf-8' },
};
const folder = new URL('dock-page/', import.meta.url);
const bodySchema = z.strictObject({ argument: z.string().max(8192).optional() });

class HttpError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

type Card = {
  kind: string;
  title: { zh: string; en: string };
  path?: string;
  knobs: readonly KnobFace[];
  turn(knob: string, argument?: string): Promise<void>;
  look(): Promise<Record<string, unknown>>;
};

const faceOf = (name: string, { title, argument }: Omit<Knob, 'turn'>): KnobFace => ({
  name,
  title,
  ...(argument === undefined ? {} : { argument: typeof argument === 'string' ? argument : [...argument] }),
});

const cardOfExtra = (kind: string, extra: ExtraKnobs): Card => ({
  kind,
  title: extra.title,
  knobs: Object.entries(extra.knobs).map(([name, knob]) => faceOf(name, knob)),
  async turn(name, argument) {
    const knob = Object.hasOwn(extra.knobs, name) ? extra.knobs[name] : undefined;
    if (!knob) throw new HttpError(404, `there is no knob ${name}`);
    await knob.turn(argument);
  },
  look: async () => (await extra.look?.()) ?? {},
});

const readBody = async (request: IncomingMessage): Promise<{ argument?: string | undefined }> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > bodyLimit) throw new HttpError(413, 'too long');
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (text.trim() === '') return {};
  try {
    return bodySchema.parse(JSON.parse(text));
  } catch {
    throw new HttpError(400, 'the body is {"argument": "…"} or nothing');
  }
};

const originPattern = /^https?:\/\/(127\.0\.0\.1|localhost)(:\d+)?$/;
const hostPattern = /^(127\.0\.0\.1|localhost)(:\d+)?$/;

/** A page of the web that the kiosk's browser shows must not turn knobs: only this computer's own pages and plain clients may. */
const guard = (request: IncomingMessage): void => {
  if (!hostPattern.test(request.headers.host ?? '')) throw new HttpError(403, 'only by the loopback address');
  const { origin } = request.headers;
  if (origin !== undefined && !originPattern.test(origin)) throw new HttpError(403, 'foreign origin');
};

/** Starts the dock of a hall on the loopback address. */
export const startDock = async ({ hall, port = 0, frameAncestors = [] }: DockOptions): Promise<Dock> => {
  const extras = new Map<string, Card>();
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${['http://127.0.0.1:*', ...frameAncestors].join(' ')}`,
  ].join('; ');

  const cards = (): Card[] => [
    ...hall.devices.map(({ kind, path, knobs }): Card => ({
      kind,
      title: titleOf(kind),
      path,
      knobs,
      turn: (knob, argument) => hall.turn(kind, knob, argument),
      look: () => hall.look(kind),
    })),
    ...extras.values(),
  ];

  const send = (response: ServerResponse, status: number, type: string, body: string | Buffer): void => {
    response.writeHead(status, {
      'content-type': type,
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    response.end(body);
  };
  const sendJson = (response: ServerResponse, status: number, value: unknown): void =>
    send(response, status, 'application/json; charset=utf-8', JSON.stringify(value));

  const serveDevice = async (request: IncomingMessage, response: ServerResponse, parts: string[]): Promise<void> => {
    const [kind = '', what, knob = ''] = parts;
    const card = cards().find((each) => each.kind === kind);
    if (!card) throw new HttpError(404, `there is no ${kind}`);
    if (what === 'look' && parts.length === 2 && request.method === 'GET') {
      sendJson(response, 200, await card.look());
      return;
    }
    if (what === 'knobs' && parts.length === 3 && request.method === 'POST') {
      if (!card.knobs.some(({ name }) => name === knob)) throw new HttpError(404, `there is no knob ${knob}`);
      const { argument } = await readBody(request);
      try {
        await card.turn(knob, argument);
      } catch (error) {
        throw new HttpError(409, error instanceof Error ? error.message : String(error));
      }
      sendJson(response, 200, await card.look().catch(() => ({})));
      return;
    }
    throw new HttpError(what === 'look' || what === 'knobs' ? 405 : 404, 'not here');
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    guard(request);
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const [first, ...rest] = url.pathname.slice(1).split('/').map(decodeURIComponent);
    const page = Object.hasOwn(files, url.pathname) ? files[url.pathname] : undefined;
    if (page && request.method === 'GET') send(response, 200, page.type, await readFile(new URL(page.file, folder)));
    else if (url.pathname === '/qr.svg' && request.method === 'GET') {
      const text = url.searchParams.get('text') ?? '';
      if (text === '' || text.length > qrTextLimit) throw new HttpError(400, 'no text, or too long');
      send(response, 200, 'image/svg+xml', renderSVG(text, { border: 1 }));
    } else if (first === 'devices' && rest.length === 0 && request.method === 'GET')
      sendJson(
        response,
        200,
        cards().map(({ kind, title, path, knobs }) => ({ kind, id: kind, title, path, knobs })),
      );
    else if (first === 'devices' && rest.length > 0) await serveDevice(request, response, rest);
    else throw new HttpError(404, 'not here');
  };

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      const status = error instanceof HttpError ? error.status : error instanceof URIError ? 400 : 500;
      const message = error instanceof Error ? error.message : String(error);
      if (response.headersSent) response.destroy();
      else sendJson(response, status, { error: message });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the dock has no port');

  return {
    url: `http://127.0.0.1:${address.port}/`,
    registerKnobs(name, extra) {
      if (deviceKinds.some((kind: DeviceKind) => kind === name)) throw new RangeError(`${name} is a device`);
      extras.set(name, cardOfExtra(name, extra));
    },
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};
