// Channels: each screen's line to the host, over a WebSocket or (Electron) a MessagePort. The same router serves both.

import { randomUUID } from 'node:crypto';
import { RPCHandler as MessagePortHandler } from '@orpc/server/message-port';
import { RPCHandler as SocketHandler } from '@orpc/server/ws';
import type { WebSocket } from 'ws';
import type { Kiosk } from './kiosk.ts';
import type { Channel, HostContext } from './roles.ts';
import type { HostRouter } from './router.ts';

const contextOf = (kiosk: Pick<Kiosk, 'clock'>): HostContext => {
  const channel: Channel = { id: randomUUID() };
  return { channel, now: () => kiosk.clock.now() };
};

export const serveSocket = (router: HostRouter, kiosk: Pick<Kiosk, 'clock'>): ((socket: WebSocket) => void) => {
  const handler = new SocketHandler<HostContext>(router);
  return (socket) => {
    // A broken frame ends this channel only.
    socket.on('error', () => socket.terminate());
    void handler.upgrade(socket, { context: contextOf(kiosk) });
  };
};

type Port = Parameters<MessagePortHandler<HostContext>['upgrade']>[0];

export const servePort = (router: HostRouter, kiosk: Pick<Kiosk, 'clock'>): ((port: Port) => void) => {
  const handler = new MessagePortHandler<HostContext>(router);
  return (port) => {
    handler.upgrade(port, { context: contextOf(kiosk) });
    // Electron's and Node's ports hold messages back until they are started.
    if ('start' in port && typeof port.start === 'function') port.start();
  };
};
