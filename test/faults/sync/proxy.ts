// A line that does everything a line can do, between real senders and the real reference server. It speaks HTTP on both sides and
// looks at each request once: what is done to it is the caller's decision.
//
//   sender ─▶ proxy ─fault?─▶ reference server
//        ◀─ fault? ─┘◀──────── answer

import { once } from 'node:events';
import { Agent, createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Fault =
  /** The connection ends before the request was read; the server hears nothing. */
  | { kind: 'offline' }
  /** The request was read and is lost. */
  | { kind: 'dropBefore' }
  /** The server did the work and its answer is lost. */
  | { kind: 'dropAfter' }
  /** The server gets the request twice at the same time. */
  | { kind: 'duplicate' }
  /** Lost for the sender, but the server gets it later, after others of this kiosk. */
  | { kind: 'late' }
  /** So many bytes of the body reach the server, then both connections end. */
  | { kind: 'cutRequest'; atByte: number }
  /** Half of the answer's bytes arrive, then the connection ends. */
  | { kind: 'cutAnswer' }
  /** A whole HTTP answer with half of its body. */
  | { kind: 'truncateAnswer' }
  /** One bit of the body is another. */
  | { kind: 'flipRequest'; atByte: number }
  | { kind: 'flipAnswer' }
  /** The work is done, the answer never comes. */
  | { kind: 'stall' }
  /** A gateway that says: later. */
  | { kind: 'busy'; retryAfterSec: number };
export type FaultKind = Fault['kind'];

export type Seen = {
  method: string;
  path: string;
  kiosk: string;
  bodyBytes: number;
  /** Of a chunk of an upload. */
  uploadOffset: number;
  /** Of the beginning of an upload. */
  uploadLength: number;
  /** What the server said, once it has. */
  status?: number;
};

/** Moments of a request at which something can be killed. */
export type Moment = 'arrived' | 'forwarding' | 'answered' | 'delivered';

export type ProxyOptions = {
  /** Where the server is; asked at each request, because it may have come back elsewhere. */
  target(): { host: string; port: number };
  decide(seen: Seen): Fault | undefined;
  /** Awaited, so that a kill takes effect at this very moment. */
  at?(moment: Moment, seen: Seen): Promise<void> | void;
};

export type Proxy = {
  url: string;
  /** Delivers what is still held back for a kiosk. */
  flush(kiosk: string): Promise<void>;
  requests(): number;
  stop(): Promise<void>;
};

type Whole = { status: number; headers: IncomingMessage['headers']; body: Buffer };

const bodyOf = async (message: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

const flipped = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes);
  if (copy.length > 0) copy[at % copy.length] = (copy[at % copy.length] ?? 0) ^ 1;
  return copy;
};

/** The kiosk whose key this is: campaigns use the kiosk's id as its key. */
const kioskOf = (request: IncomingMessage): string => (request.headers.authorization ?? '').replace('Bearer ', '');

export const startProxy = async ({ target, decide, at }: ProxyOptions): Promise<Proxy> => {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const held = new Map<string, { request: IncomingMessage; body: Buffer }[]>();
  let requests = 0;

  const optionsOf = (request: IncomingMessage, body: Buffer) => {
    const { host, port } = target();
    const headers: IncomingMessage['headers'] = { ...request.headers, 'content-length': String(body.length) };
    delete headers['transfer-encoding'];
    delete headers.connection;
    return { host, port, method: request.method ?? 'GET', path: request.url ?? '/', headers, agent };
  };

  const forward = async (request: IncomingMessage, body: Buffer): Promise<Whole> => {
    const outgoing = send(optionsOf(request, body));
    outgoing.end(body);
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    return { status: answer.statusCode ?? 0, headers: answer.headers, body: await bodyOf(answer) };
  };

  /** The server reads a body that ends too early. */
  const forwardCut = async (request: IncomingMessage, body: Buffer, atByte: number): Promise<void> => {
    const outgoing = send({ ...optionsOf(request, body), agent: false });
    outgoing.on('error', () => undefined);
    outgoing.write(body.subarray(0, atByte), () => outgoing.destroy());
    await once(outgoing, 'close');
  };

  const answerWith = (response: ServerResponse, { status, headers, body }: Whole): void => {
    const passed = { ...headers, 'content-length': String(body.length) };
    delete passed['transfer-encoding'];
    delete passed.connection;
    response.writeHead(status, passed).end(body);
  };

  const flush = async (kiosk: string): Promise<void> => {
    const late = held.get(kiosk) ?? [];
    held.delete(kiosk);
    for (const { request, body } of late) await forward(request, body).catch(() => undefined);
  };

  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    requests += 1;
    const kiosk = kioskOf(request);
    const { method = 'GET', url = '/', socket } = request;
    const seen: Seen = {
      method,
      path: url,
      kiosk,
      bodyBytes: Number(request.headers['content-length'] ?? 0),
      uploadOffset: Number(request.headers['upload-offset'] ?? 0),
      uploadLength: Number(request.headers['upload-length'] ?? 0),
    };
    const fault = decide(seen);
    if (fault?.kind === 'offline') {
      socket.destroy();
      return;
    }
    const body = await bodyOf(request);
    await at?.('arrived', seen);
    if (fault?.kind === 'dropBefore' || fault?.kind === 'late') {
      if (fault.kind === 'late') held.set(kiosk, [...(held.get(kiosk) ?? []), { request, body }]);
      socket.destroy();
      return;
    }
    if (fault?.kind === 'busy') {
      response.writeHead(503, { 'retry-after': String(fault.retryAfterSec) }).end('busy');
      return;
    }
    if (fault?.kind === 'cutRequest') {
      socket.destroy();
      await forwardCut(request, body, fault.atByte);
      return;
    }
    const sent = fault?.kind === 'flipRequest' ? flipped(body, fault.atByte) : body;
    const answering = forward(request, sent);
    const second = fault?.kind === 'duplicate' ? forward(request, sent) : undefined;
    // A server that is killed meanwhile fails them before anybody waits for them.
    for (const asked of [answering, second]) asked?.catch(() => undefined);
    await at?.('forwarding', seen);
    const answer = second ? (await Promise.all([answering, second]))[0] : await answering;
    await at?.('answered', { ...seen, status: answer.status });
    const half = answer.body.subarray(0, Math.floor(answer.body.length / 2));
    switch (fault?.kind) {
      case 'dropAfter':
        socket.destroy();
        break;
      case 'stall':
        if (!socket.destroyed) await once(socket, 'close');
        break;
      case 'cutAnswer':
        response.writeHead(answer.status, { ...answer.headers, 'content-length': String(answer.body.length + 1) });
        response.write(half, () => socket.destroy());
        break;
      case 'truncateAnswer':
        answerWith(response, { ...answer, body: half });
        break;
      case 'flipAnswer':
        answerWith(response, { ...answer, body: flipped(answer.body, requests) });
        break;
      default:
        answerWith(response, answer);
    }
    await at?.('delivered', seen);
    // What was held back comes after something newer of the same kiosk.
    await flush(kiosk);
  };

  const server = createServer((request, response) => {
    pass(request, response).catch(() => request.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    flush,
    requests: () => requests,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      agent.destroy();
      await closed;
    },
  };
};
