// A server that answers each path as it is told: whole files, files that never end, files that come a byte at a time, connections that
// break. Real HTTP; what it says of itself may be a lie.

import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

export type Reply =
  | { type: 'file'; bytes: Uint8Array }
  | { type: 'status'; status: number }
  /** Bytes without end. */
  | { type: 'endless' }
  /** A few bytes, then nothing; `onStall` is called so that the clock can go on. */
  | { type: 'drip'; bytes: Uint8Array }
  /** The connection breaks after half of it. */
  | { type: 'cut'; bytes: Uint8Array }
  /** Says that it is packed; unpacks to far more. */
  | { type: 'packed' }
  | { type: 'page' };

export type HostileServer = {
  url: string;
  /** Path without its query to reply; what is not there is answered with 404. */
  replies: Map<string, Reply>;
  onStall: () => void;
  requests(): number;
  stop(): Promise<void>;
};

const piece = Buffer.alloc(16 * 1024, 0x20);
/** A megabyte of spaces in a kilobyte. */
const bomb = gzipSync(Buffer.alloc(16 * 1024 * 1024, 0x20));

const pour = (response: ServerResponse): void => {
  const more = (): void => {
    while (!response.destroyed) if (!response.write(piece)) return void response.once('drain', more);
  };
  more();
};

export const startHostileServer = async (): Promise<HostileServer> => {
  const sockets = new Set<Socket>();
  let requests = 0;
  const hostile: HostileServer = {
    url: '',
    replies: new Map(),
    onStall: () => undefined,
    requests: () => requests,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  const server = createServer((request, response) => {
    requests += 1;
    response.on('error', () => undefined);
    const reply = hostile.replies.get((request.url ?? '').split('?')[0] ?? '') ?? { type: 'status', status: 404 };
    const json = { 'content-type': 'application/json' };
    switch (reply.type) {
      case 'file':
        response.writeHead(200, json).end(reply.bytes);
        return;
      case 'status':
        response.writeHead(reply.status, json).end('{}');
        return;
      case 'endless':
        response.writeHead(200, json);
        pour(response);
        return;
      case 'drip':
        response.writeHead(200, json).write(reply.bytes.subarray(0, 10), () => setImmediate(() => hostile.onStall()));
        return;
      case 'cut':
        response
          .writeHead(200, { ...json, 'content-length': reply.bytes.length })
          .write(reply.bytes.subarray(0, reply.bytes.length >> 1), () => request.socket.destroy());
        return;
      case 'packed':
        response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(bomb);
        return;
      case 'page':
        response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>上网认证</title>');
        return;
      default:
        reply satisfies never;
    }
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  hostile.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return hostile;
};
