// Carries the machine's requests to the scanner. The only impure file of this protocol beside driver.ts.
//
//   machine ── request ──▶ Connection.write ──▶ node:http(s) ──▶ scanner
//   machine ◀── message ── answer, bytes so far, failure ◀───────┘
//
// There is no port that opens: the connection is this computer's network, which is always there. Whether a scanner is, the questions
// tell. One exchange at a time, each on a connection of its own: a kept one may be closed by the scanner just as it is used. Times
// are the machine's business; redirects are not followed, and no request goes to any host but the configured one.

import { request as requestHttp, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { ok } from '../../kit/result.ts';
import type { Connection, Transport } from '../../kit/transport.ts';
import { decodeRequest, encodeMessage, type EsclRequest, type HttpFailure } from './codec.ts';
import type { EsclConfig } from './config.ts';

type Ask = Extract<EsclRequest, { type: 'ask' }>;

/** A notice about bytes so far is given after this many more, so that the trace is not flooded. */
const noticeEveryBytes = 128 * 1024;

const farewellMs = 1000;

const settled = (sent: ClientRequest, limitMs: number): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, limitMs);
    sent.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });

/** Set by the check of the fingerprint below. */
const wrongCertificate = 'HALL_WRONG_CERTIFICATE';

const failureOf = (error: NodeJS.ErrnoException): HttpFailure => {
  const code = error.code ?? '';
  if (code === 'ECONNREFUSED') return 'refused';
  if (/^(EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ETIMEDOUT|ENETDOWN|EADDRNOTAVAIL)$/.test(code)) return 'unreachable';
  if (/^(ENOTFOUND|EAI_AGAIN)$/.test(code)) return 'nameNotFound';
  if (code === wrongCertificate || /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/.test(code)) return 'certificate';
  if (code.startsWith('HPE_') || code.startsWith('ERR_SSL') || code === 'EPROTO') return 'notHttp';
  return 'hungUp';
};

const plain = (fingerprint: string): string => fingerprint.replaceAll(':', '').toUpperCase();

/** A transport whose far end is the scanner at the configured address. */
export const createEsclTransport = (config: EsclConfig): Transport => ({
  name: `escl ${new URL(config.url).host}`,
  open: () => Promise.resolve(ok(connect(config))),
});

const optionsOf = (
  config: EsclConfig,
  { method, path, body }: Ask,
): RequestOptions & { rejectUnauthorized?: boolean } => {
  const { hostname, port, protocol } = new URL(config.url);
  return {
    // An IPv6 address stands in brackets in an address, and without them here.
    hostname: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
    method,
    path,
    agent: false,
    headers: {
      connection: 'close',
      ...(config.hostHeader === undefined ? {} : { host: config.hostHeader }),
      ...(body === undefined
        ? {}
        : { 'content-type': 'text/xml; charset=utf-8', 'content-length': Buffer.byteLength(body) }),
    },
    // With a fingerprint the certificate is held against it instead (below): no answer of another one is taken.
    ...(config.certificateSha256 === undefined ? {} : { rejectUnauthorized: false }),
  };
};

const connect = (config: EsclConfig): Connection => {
  let tell: (message: Uint8Array) => void = () => undefined;
  let isClosed = false;
  let current: ClientRequest | undefined;
  /** The end of a job that is on its way: without it the scanner would go on for nobody. */
  let farewell: ClientRequest | undefined;

  const ask = (asked: Ask): void => {
    const { tag, purpose, path, limitBytes } = asked;
    const send = config.url.startsWith('https:') ? requestHttps : requestHttp;
    const sent = send(optionsOf(config, asked));
    current = sent;
    if (purpose === 'deleteJob') farewell = sent;
    let isOver = false;
    const over = (message: Uint8Array): void => {
      if (isOver || current !== sent) return;
      isOver = true;
      current = undefined;
      tell(message);
    };
    const failed = (reason: HttpFailure): void => {
      over(encodeMessage('failed', { tag, purpose, reason }));
      sent.destroy();
    };
    sent.on('error', (error: NodeJS.ErrnoException) => failed(failureOf(error)));
    sent.on('response', (response) => take(response));
    const { certificateSha256 } = config;
    if (certificateSha256 !== undefined)
      sent.on('socket', (socket) => {
        (socket as TLSSocket).on('secureConnect', () => {
          const { fingerprint256 } = (socket as TLSSocket).getPeerCertificate();
          if (plain(fingerprint256 ?? '') !== plain(certificateSha256))
            socket.destroy(Object.assign(new Error('another certificate'), { code: wrongCertificate }));
        });
      });

    const take = (response: IncomingMessage): void => {
      const pieces: Buffer[] = [];
      let bytes = 0;
      let toldAt = 0;
      const said = Number(response.headers['content-length']);
      const ofBytes = Number.isSafeInteger(said) && said > 0 ? said : undefined;
      response.on('data', (piece: Buffer) => {
        if (isOver || current !== sent) return;
        bytes += piece.length;
        if (bytes > limitBytes) {
          failed('tooLarge');
          return;
        }
        pieces.push(piece);
        if (bytes - toldAt < Math.min(noticeEveryBytes, (ofBytes ?? noticeEveryBytes) / 20)) return;
        toldAt = bytes;
        tell(encodeMessage('received', { tag, purpose, bytes, ...(ofBytes === undefined ? {} : { ofBytes }) }));
      });
      response.on('error', () => failed('hungUp'));
      response.on('close', () => {
        if (!response.complete) failed('hungUp');
      });
      response.on('end', () => {
        const { location } = response.headers;
        over(
          encodeMessage(
            'answer',
            { tag, purpose, path, httpStatus: response.statusCode ?? 0, ...(location ? { location } : {}) },
            Buffer.concat(pieces),
          ),
        );
      });
    };
    sent.end(asked.body);
  };

  return {
    async write(bytes) {
      if (isClosed) throw new Error('closed');
      const request = decodeRequest(bytes);
      // Whatever was asked before is not wanted any more.
      current?.destroy();
      current = undefined;
      if (request.type === 'ask') ask(request);
    },
    onData(listener) {
      tell = (message) => {
        if (!isClosed) listener(message);
      };
    },
    onLost: () => undefined,
    async close() {
      isClosed = true;
      if (current && current === farewell) await settled(current, farewellMs);
      current?.destroy();
      current = undefined;
    },
  };
};
