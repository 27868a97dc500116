// A WebSocket tells how far its reader is behind; a MessagePort does not. So this promise is the socket's alone.

import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { serveSocket } from './channels.ts';
import { createRouter } from './router.ts';
import { nextOf } from './test-contract.ts';
import { createTestKiosk } from './test-kiosk.ts';
import type { KioskClient } from './test-lines.ts';

const stops: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

it('a screen that reads nothing is not sent view after view, and gets the latest when it reads again', async () => {
  const place = await createTestKiosk();
  stops.push(() => place.stop());
  const { sessions } = place.kiosk;
  let pushed = 0;
  let push: ((view: ReturnType<typeof sessions.view>) => void) | undefined;
  /** Views with a megabyte of ballast, so that the kernel's buffers are full after a few. */
  const heavy = (): ReturnType<typeof sessions.view> => {
    const view = sessions.view();
    pushed += 1;
    return { ...view, revision: pushed, visitKey: 'x'.repeat(1024 * 1024) };
  };
  const kiosk = {
    ...place.kiosk,
    sessions: {
      ...sessions,
      view: heavy,
      onView(listener: NonNullable<typeof push>) {
        push = listener;
        return () => undefined;
      },
    },
  };
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  stops.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  let served: WebSocket | undefined;
  const serve = serveSocket(
    createRouter(kiosk, () => undefined),
    kiosk,
    () => undefined,
  );
  server.on('connection', (socket) => {
    served = socket;
    serve(socket);
  });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address !== 'object') throw new Error('the server has no port');
  const socket = new WebSocket(`ws://127.0.0.1:${address.port}`);
  stops.push(() => socket.terminate());
  await once(socket, 'open');
  const client: KioskClient = createORPCClient(new RPCLink({ websocket: socket }));
  const views = await client.session.view();
  await nextOf(views);

  socket.pause();
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  let mostBytes = 0;
  for (let change = 0; change < 100; change += 1) {
    push?.(heavy());
    for (let turns = 0; turns < 5; turns += 1) await turn();
    mostBytes = Math.max(mostBytes, served?.bufferedAmount ?? 0);
  }
  // One view on its way, and none behind it.
  expect(mostBytes).toBeGreaterThan(0);
  expect(mostBytes).toBeLessThan(3 * 1024 * 1024);

  socket.resume();
  let seen = 0;
  let last = 0;
  while (last !== pushed) {
    last = (await nextOf(views)).revision;
    seen += 1;
  }
  expect(seen).toBeLessThan(60);
});
