// Channels: each screen's line to the host, over a WebSocket or (Electron) a MessagePort. The same router and the same protocol
// handler serve both; only the line under it differs.
//
//   WebSocket   ─┐
//                ├─▶ Line (send, message, close) ─▶ RPC handler ─▶ router
//   MessagePort ─┘

import { randomUUID } from 'node:crypto';
import {
  onMessagePortClose,
  onMessagePortMessage,
  postMessagePortMessage,
  type SupportedMessagePort,
} from '@orpc/client/message-port';
import { onError, ORPCError } from '@orpc/server';
import { RPCHandler } from '@orpc/server/ws';
import type { WebSocket } from 'ws';
import { steadyNow } from '../../devices/kit/clock.ts';
import type { Kiosk } from './kiosk.ts';
import type { Channel, HostContext } from './roles.ts';
import type { HostRouter } from './router.ts';

export type ChannelLog = (event: string, detail: Record<string, unknown>) => void;

/** A page of 12 MB and its envelope. */
export const maxMessageBytes = 16 * 1024 * 1024;

type Handler = RPCHandler<HostContext>;
/** What the protocol handler needs of a line. */
type Line = Parameters<Handler['upgrade']>[0];

const contextOf = (kiosk: Pick<Kiosk, 'clock'>): HostContext => {
  const channel: Channel = { id: randomUUID() };
  // Rights of staff end by a clock that is never set.
  return { channel, now: () => steadyNow(kiosk.clock) };
};

/** The caller is told "internal error" and no more; the engineer needs to know which and where. */
const createHandler = (router: HostRouter, log: ChannelLog): Handler =>
  new RPCHandler<HostContext>(router, {
    clientInterceptors: [
      onError((error, { path }) => {
        if (error instanceof ORPCError && error.code !== 'INTERNAL_SERVER_ERROR') return;
        const cause = error instanceof ORPCError ? (error.cause ?? error) : error;
        log('callFailed', { path: path.join('.'), error: cause instanceof Error ? cause.stack : String(cause) });
      }),
    ],
  });

const lineOfSocket = (socket: WebSocket): Line => {
  const line = {
    addEventListener: socket.addEventListener.bind(socket),
    // Done when the frame has left this process: the handler waits for it, so that a screen that does not read is sent the latest
    // view later and not all of them at once.
    send: (data: string | Uint8Array) => new Promise<void>((resolve) => socket.send(data, () => resolve())),
  };
  return line;
};

export const serveSocket = (
  router: HostRouter,
  kiosk: Pick<Kiosk, 'clock'>,
  log: ChannelLog,
): ((socket: WebSocket) => void) => {
  const handler = createHandler(router, log);
  return (socket) => {
    // A broken frame ends this channel only.
    socket.on('error', () => socket.terminate());
    void handler.upgrade(lineOfSocket(socket), { context: contextOf(kiosk) });
  };
};

const isFrame = (data: unknown): data is string | Uint8Array | ArrayBuffer => {
  if (typeof data === 'string') return data.length <= maxMessageBytes;
  return (data instanceof Uint8Array || data instanceof ArrayBuffer) && data.byteLength <= maxMessageBytes;
};

/** A port takes anything that can be cloned. What a WebSocket would refuse ends this line, too. */
const lineOfPort = (port: SupportedMessagePort): Line => {
  const line = {
    send: (data: string | Uint8Array) => postMessagePortMessage(port, data),
    addEventListener(type: string, listener: (event: { data?: unknown }) => void) {
      if (type === 'close') onMessagePortClose(port, () => listener({}));
      if (type === 'message')
        onMessagePortMessage(port, (data: unknown) => {
          if (isFrame(data)) listener({ data });
          else if ('close' in port && typeof port.close === 'function') port.close();
        });
    },
  };
  return line as unknown as Line;
};

export const servePort = (
  router: HostRouter,
  kiosk: Pick<Kiosk, 'clock'>,
  log: ChannelLog,
): ((port: SupportedMessagePort) => void) => {
  const handler = createHandler(router, log);
  return (port) => {
    void handler.upgrade(lineOfPort(port), { context: contextOf(kiosk) });
    // Electron's and Node's ports hold messages back until they are started.
    if ('start' in port && typeof port.start === 'function') port.start();
  };
};
