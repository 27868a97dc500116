// TLS in front of the reference server, as a proxy in a data centre stands before the real one: it asks for a client's certificate,
// ends TLS and hands plain HTTP on.
//
//   kiosk ─mutual TLS─▶ front ─HTTP─▶ reference server

import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Signed } from './certificates.ts';

export type FrontOptions = {
  server: Signed;
  /** Who signs kiosks' certificates. */
  clientCaFile: string;
  target: string;
  /** On a certificate that is not accepted: `close` without a word, or a `page` of its own, as nginx does. */
  refusal?: 'close' | 'page';
};
export type Front = {
  url: string;
  /** Names on the certificates that were accepted, in the order of the requests. */
  names: string[];
  stop(): Promise<void>;
};

const page = '<html><head><title>400 The SSL certificate error</title></head></html>';

export const startFront = async ({ server, clientCaFile, target, refusal = 'close' }: FrontOptions): Promise<Front> => {
  const names: string[] = [];
  const { hostname, port } = new URL(target);
  const front = createServer(
    {
      cert: readFileSync(server.certFile),
      key: readFileSync(server.keyFile),
      ca: readFileSync(clientCaFile),
      requestCert: true,
      rejectUnauthorized: refusal === 'close',
    },
    (incoming, outgoing) => {
      const socket = incoming.socket as TLSSocket;
      if (!socket.authorized) {
        incoming.resume();
        outgoing.writeHead(400, { 'content-type': 'text/html', connection: 'close' }).end(page);
        return;
      }
      names.push(String(socket.getPeerCertificate().subject.CN));
      const { method = 'GET', url = '/' } = incoming;
      const headers = { ...incoming.headers, 'x-forwarded-proto': 'https', 'x-forwarded-host': incoming.headers.host };
      const onward = httpRequest({ hostname, port, method, path: url, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      onward.on('error', () => outgoing.destroy());
      incoming.pipe(onward);
    },
  );
  front.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => void front.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://localhost:${(front.address() as AddressInfo).port}`,
    names,
    stop: () =>
      new Promise((resolve) => {
        front.closeAllConnections();
        front.close(() => resolve());
      }),
  };
};
