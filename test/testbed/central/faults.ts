// What goes wrong between a kiosk and its centre, done to real sockets below the server's own code: refused connections, slow and
// broken answers, connections cut in the middle of a request, answers lost after the work was done.

import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { Socket } from 'node:net';

export const errorKinds = [500, 503, 'html', 'hang', 'garbage', 'huge', 'dropAnswer'] as const;
/**
 * `html`: a captive portal's page with status 200. `hang`: no answer at all. `garbage`: JSON that breaks off. `huge`: an answer of
 * 3 MB. `dropAnswer`: the request is done and the connection ends before the answer.
 */
export type ErrorKind = (typeof errorKinds)[number];

export type ErrorPlan = {
  status: ErrorKind;
  /** Share of requests, 0…1. */
  rate?: number;
  /** The next so many requests. */
  next?: number;
  /** Only requests whose path starts so. */
  path?: string;
};

export type FaultControl = {
  /** Refuses connections: the listening socket is closed and open ones are killed; back on the same port with `false`. */
  setOutage(isOut: boolean): Promise<void>;
  /** Waits so long before each request is looked at. */
  setLatency(latencyMs: number): void;
  /** `undefined` ends it. */
  setErrors(plan: ErrorPlan | undefined): void;
  /** Lets `requests` pass and cuts the connection of the one after them once `afterBytes` of its body have come in. */
  cutAfter(requests: number, afterBytes?: number): void;
};

export type Faults = {
  wrap(listener: RequestListener): RequestListener;
  watch(server: Server, port: () => number, host: string): void;
  control: FaultControl;
  killSockets(): void;
};

const page =
  '<!doctype html><html><title>上网认证</title><body>请先登录无线网络 Please sign in to this network</body></html>';

const answerWith = (kind: Exclude<ErrorKind, 'hang' | 'dropAnswer'>, response: ServerResponse): void => {
  switch (kind) {
    case 500:
      response.writeHead(500, { 'content-type': 'application/json' }).end('{"message":"internal"}');
      return;
    case 503:
      response.writeHead(503, { 'content-type': 'text/plain', 'retry-after': '1' }).end('busy');
      return;
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
      return;
    case 'garbage':
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"answers":[{"eventId":"0');
      return;
    case 'huge':
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(`{"status":"${'x'.repeat(3 * 1024 * 1024)}"}`);
      return;
    default:
      kind satisfies never;
  }
};

export const createFaults = (): Faults => {
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let reopen: (() => Promise<void>) | undefined;
  let latencyMs = 0;
  let plan: ErrorPlan | undefined;
  let cut: { requests: number; afterBytes: number } | undefined;

  const killSockets = (): void => {
    for (const socket of sockets) socket.destroy();
  };

  const shouldFail = (request: IncomingMessage): ErrorKind | undefined => {
    if (!plan || (plan.path !== undefined && !request.url?.startsWith(plan.path))) return undefined;
    if (plan.next !== undefined) {
      if (plan.next <= 0) return undefined;
      plan = { ...plan, next: plan.next - 1 };
      return plan.status;
    }
    return Math.random() < (plan.rate ?? 1) ? plan.status : undefined;
  };

  const cutInTheMiddle = (request: IncomingMessage, afterBytes: number): void => {
    let seen = 0;
    request.on('data', (bytes: Buffer) => {
      seen += bytes.length;
      if (seen >= afterBytes) request.socket.destroy();
    });
    request.on('end', () => request.socket.destroy());
  };

  const loseAnswer = (request: IncomingMessage, response: ServerResponse): void => {
    const drop = (): ServerResponse => {
      request.socket.destroy();
      return response;
    };
    response.writeHead = drop;
    response.end = drop;
    response.write = () => {
      request.socket.destroy();
      return false;
    };
  };

  const control: FaultControl = {
    async setOutage(isOut) {
      if (!server || !reopen) throw new Error('the server does not run yet');
      if (isOut && server.listening) {
        const closed = once(server, 'close');
        server.close();
        killSockets();
        await closed;
      } else if (!isOut && !server.listening) {
        await reopen();
      }
    },
    setLatency(ms) {
      latencyMs = ms;
    },
    setErrors(next) {
      plan = next;
    },
    cutAfter(requests, afterBytes = 64 * 1024) {
      cut = { requests, afterBytes };
    },
  };

  return {
    control,
    killSockets,
    watch(watched, port, host) {
      server = watched;
      watched.on('connection', (socket) => {
        sockets.add(socket);
        socket.on('close', () => sockets.delete(socket));
      });
      reopen = async () => {
        watched.listen(port(), host);
        await once(watched, 'listening');
      };
    },
    wrap: (listener) => (request, response) => {
      const go = (): void => {
        if (request.socket.destroyed) return;
        if (cut && cut.requests-- <= 0) {
          const { afterBytes } = cut;
          cut = undefined;
          cutInTheMiddle(request, afterBytes);
          return;
        }
        const kind = shouldFail(request);
        if (kind === 'hang') return;
        if (kind !== undefined && kind !== 'dropAnswer') {
          answerWith(kind, response);
          return;
        }
        if (kind === 'dropAnswer') loseAnswer(request, response);
        listener(request, response);
      };
      if (latencyMs > 0) setTimeout(go, latencyMs);
      else go();
    },
  };
};
