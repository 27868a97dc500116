// The two lines between a screen and the host, as the conformance tests use them: a real WebSocket through the real door, and a real
// pair of MessagePorts. What differs between them stands here; the cases know only `Line`.

import { once } from 'node:events';
import { MessageChannel, type MessagePort as NodePort } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { WebSocket } from 'ws';
import type { KioskContract } from '../contract/kiosk.ts';
import { servePort, serveSocket, type ChannelLog } from './channels.ts';
import type { Kiosk } from './kiosk.ts';
import type { HostRouter } from './router.ts';
import { openDoor } from './server.ts';

export type KioskClient = ContractRouterClient<KioskContract>;

export type Line = {
  client: KioskClient;
  /** Puts a frame on the line that no client would send. */
  sendRaw(frame: string | Uint8Array): void;
  /** Raw frames of the host, as they come. */
  onRaw(listener: (frame: unknown) => void): void;
  /** Resolves when the line is down, whoever ended it. */
  closed: Promise<unknown>;
  close(): void;
};

export type Lines = { connect(): Promise<Line>; stop(): Promise<void> };
export type OpenLines = (router: HostRouter, kiosk: Kiosk, log: ChannelLog, folder: string) => Promise<Lines>;

const credential = 'c'.repeat(43);

export const openSocketLines: OpenLines = async (router, kiosk, log, folder) => {
  const door = await openDoor({
    port: 0,
    credential,
    screensDirectory: folder,
    dockUrl: undefined,
    onChannel: serveSocket(router, kiosk, log),
  });
  return {
    async connect() {
      const socket = new WebSocket(`ws://127.0.0.1:${door.port}/rpc`, {
        headers: { origin: door.origin, cookie: `hall-kiosk=${credential}` },
      });
      socket.on('error', () => undefined);
      await once(socket, 'open');
      return {
        client: createORPCClient(new SocketLink({ websocket: socket })),
        sendRaw: (frame) => socket.send(frame),
        onRaw: (listener) =>
          void socket.on('message', (data, isBinary) => listener(isBinary ? data : (data as Buffer).toString('utf8'))),
        closed: once(socket, 'close'),
        close: () => socket.close(),
      };
    },
    stop: () => door.close(),
  };
};

export const openPortLines: OpenLines = async (router, kiosk, log) => {
  const serve = servePort(router, kiosk, log);
  const ports = new Set<NodePort>();
  return {
    async connect() {
      const { port1, port2 } = new MessageChannel();
      ports.add(port2);
      serve(port1);
      const closed = once(port2, 'close').then(() => ports.delete(port2));
      const client: KioskClient = createORPCClient(new PortLink({ port: port2 }));
      port2.start();
      return {
        client,
        sendRaw: (frame) => port2.postMessage(frame),
        onRaw: (listener) => void port2.on('message', listener),
        closed,
        close: () => port2.close(),
      };
    },
    async stop() {
      for (const port of ports) port.close();
    },
  };
};

export const transports: readonly { name: string; open: OpenLines }[] = [
  { name: 'WebSocket', open: openSocketLines },
  { name: 'MessagePort', open: openPortLines },
];
