// The simulated scanner behind a real socket: an HTTP server of its own, with bad manners on demand. Runs for a test, or for a demo as a
// process: `node devices/document-scanner/escl/server.ts 8080`.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSimulatedScanner, type EsclAnswer, type SimulatedScanner } from './simulated-scanner.ts';

export type EsclServer = {
  /** For the driver's `url`. */
  url: string;
  scanner: SimulatedScanner;
  /** Paths and methods as they came, oldest first. */
  asked(): readonly string[];
  /** Unplugged: nothing listens any more, and what is open is cut. */
  unplug(): Promise<void>;
  /** Back at the same address. */
  plug(): Promise<void>;
  stop(): Promise<void>;
};

export type EsclServerOptions = { port?: number; settings?: Record<string, unknown> };

const bodyLimit = 64 * 1024;
const slowPieceBytes = 512;
const slowPieceMs = 3;
const endlessPiece = Buffer.alloc(64 * 1024, 0x41);

const readBody = async (request: IncomingMessage): Promise<string> => {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request) {
    length += (piece as Buffer).length;
    if (length > bodyLimit) throw new Error('the body is too long');
    pieces.push(piece as Buffer);
  }
  return Buffer.concat(pieces).toString('utf8');
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const give = async (response: ServerResponse, answer: EsclAnswer): Promise<void> => {
  if (answer.type === 'none') return;
  if (answer.type === 'noise') {
    response.socket?.end('\u0002PJL READY\r\n\u0003');
    return;
  }
  await pause(answer.afterMs);
  response.writeHead(answer.status, answer.headers);
  switch (answer.manner) {
    case 'whole':
      response.end(answer.body);
      return;
    case 'cut':
      response.write(answer.body.subarray(0, answer.body.length / 2));
      await pause(slowPieceMs);
      response.destroy();
      return;
    case 'slow':
      for (let at = 0; at < answer.body.length && !response.destroyed; at += slowPieceBytes) {
        response.write(answer.body.subarray(at, at + slowPieceBytes));
        await pause(slowPieceMs);
      }
      response.end();
      return;
    case 'endless':
      response.write(answer.body);
      while (!response.destroyed) {
        if (!response.write(endlessPiece)) await pause(slowPieceMs);
      }
      return;
    default:
      answer.manner satisfies never;
  }
};

/** Port 0 (the default) takes a free one. */
export const startEsclServer = async ({ port = 0, settings = {} }: EsclServerOptions = {}): Promise<EsclServer> => {
  const scanner = createSimulatedScanner(settings);
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.on('error', () => undefined);
    readBody(request)
      .then((body) => scanner.answer({ method: request.method ?? '', path: request.url ?? '', body }))
      .then((answer) => give(response, answer))
      .catch(() => response.destroy());
  });
  const listen = (wanted: number): Promise<number> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(wanted, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
    });
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  const taken = await listen(port);
  let isListening = true;
  return {
    url: `http://127.0.0.1:${taken}/eSCL`,
    scanner,
    asked: () => asked,
    async unplug() {
      if (isListening) await close();
      isListening = false;
    },
    async plug() {
      if (!isListening) await listen(taken);
      isListening = true;
    },
    async stop() {
      if (isListening) await close();
      isListening = false;
    },
  };
};

if (import.meta.main) {
  const server = await startEsclServer({ port: Number(process.argv[2] ?? '0') });
  process.stdout.write(`${server.url}\n`);
}
