import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Intent } from '../main/contract/intents.ts';
import type { View } from '../main/contract/view.ts';
import {
  createHost,
  portTransport,
  reconnectDelaysMs,
  socketTransport,
  type Link,
  type Transport,
} from './connection.ts';

const viewOf = (revision: number): View => ({
  revision,
  visitKey: 'visit',
  language: 'zh',
  mode: 'standard',
  hall: { zh: '大厅', en: 'Hall' },
  nowMs: 1000,
  isOnline: true,
  waitingToSend: 0,
  panel: { pxPerMm: 3.2, orientation: 'portrait' },
  screen: { type: 'welcome' },
});

/** A host's end of a line: pushes views by hand and notes the intents that arrive. */
const createLine = () => {
  const intents: { intent: Intent; revision: number }[] = [];
  let subscriptions = 0;
  let push: (step: IteratorResult<View, undefined>) => void = () => undefined;
  const link: Link = {
    call: (path, input) => {
      if (path.join('.') === 'session.intent') {
        intents.push(input as { intent: Intent; revision: number });
        return Promise.resolve({ accepted: true });
      }
      subscriptions += 1;
      const queue: IteratorResult<View, undefined>[] = [];
      let wake: () => void = () => undefined;
      push = (step) => {
        queue.push(step);
        wake();
      };
      return Promise.resolve({
        [Symbol.asyncIterator]() {
          return this;
        },
        next: async () => {
          while (queue.length === 0) await new Promise<void>((resolve) => (wake = resolve));
          return queue.shift();
        },
      });
    },
  };
  return {
    link,
    intents,
    subscriptions: () => subscriptions,
    push: (view: View) => push({ done: false, value: view }),
    end: () => push({ done: true, value: undefined }),
  };
};

const createTransport = () => {
  let on: Parameters<Transport>[0] | undefined;
  let isStopped = false;
  const transport: Transport = (handlers) => {
    on = handlers;
    return () => (isStopped = true);
  };
  return {
    transport,
    open: (link: Link) => on?.opened(link),
    drop: () => on?.closed(),
    isStopped: () => isStopped,
  };
};

/** Lets everything that is ready run. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(console, 'warn').mockReturnValue(undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('a host that goes away', () => {
  test('leaves its last view on the screen and is followed again when it comes back', async () => {
    const wire = createTransport();
    const host = createHost(wire.transport);
    const first = createLine();
    wire.open(first.link);
    await settle();
    first.push(viewOf(1));
    await settle();
    expect(host.snapshot()).toMatchObject({ view: { revision: 1 }, isConnected: true });

    wire.drop();
    expect(host.snapshot()).toMatchObject({ view: { revision: 1 }, isConnected: false });

    const second = createLine();
    wire.open(second.link);
    await settle();
    second.push(viewOf(9));
    await settle();
    expect(host.snapshot()).toMatchObject({ view: { revision: 9 }, isConnected: true });
  });

  test('gets no intent that was meant for it before: it could be the next citizen’s', async () => {
    const wire = createTransport();
    const host = createHost(wire.transport);
    expect(await host.send({ type: 'next' })).toBe(false);
    const line = createLine();
    wire.open(line.link);
    await settle();
    expect(line.intents).toEqual([]);
  });

  test('cannot overwrite the view of its successor', async () => {
    const wire = createTransport();
    const host = createHost(wire.transport);
    const old = createLine();
    wire.open(old.link);
    await settle();
    const fresh = createLine();
    wire.open(fresh.link);
    await settle();
    fresh.push(viewOf(5));
    await settle();
    old.push(viewOf(99));
    await settle();
    expect(host.snapshot().view?.revision).toBe(5);
  });
});

test('a view that ends on a live line is asked for again', async () => {
  const wire = createTransport();
  const host = createHost(wire.transport);
  const line = createLine();
  wire.open(line.link);
  await settle();
  line.push(viewOf(1));
  await settle();
  line.end();
  await settle();
  expect(host.snapshot().isConnected).toBe(false);
  await vi.advanceTimersByTimeAsync(reconnectDelaysMs[0]);
  expect(line.subscriptions()).toBe(2);
});

test('an intent tells the view that the finger saw', async () => {
  const wire = createTransport();
  const host = createHost(wire.transport);
  const line = createLine();
  wire.open(line.link);
  await settle();
  line.push(viewOf(7));
  await settle();
  expect(await host.send({ type: 'next' })).toBe(true);
  expect(line.intents).toEqual([{ intent: { type: 'next' }, revision: 7 }]);
});

test('the host’s clock runs on between two views', async () => {
  const wire = createTransport();
  const host = createHost(wire.transport);
  const line = createLine();
  wire.open(line.link);
  await settle();
  line.push(viewOf(1));
  await settle();
  await vi.advanceTimersByTimeAsync(4000);
  expect(host.nowMs()).toBe(5000);
});

describe('the WebSocket', () => {
  class Socket extends EventTarget {
    static made: Socket[] = [];
    readyState = 0;
    close = vi.fn<() => boolean>(() => this.dispatchEvent(new Event('close')));
    send = vi.fn<(data: unknown) => void>();
    constructor() {
      super();
      Socket.made.push(this);
    }
  }
  beforeEach(() => {
    Socket.made = [];
    vi.stubGlobal('WebSocket', Socket);
  });
  const last = (): Socket => Socket.made.at(-1) as Socket;

  test('is tried again for ever, soon at first and then once a second', async () => {
    socketTransport('ws://kiosk/rpc')({ opened: () => undefined, closed: () => undefined });
    for (const waitMs of [...reconnectDelaysMs, 1000, 1000]) {
      const before = Socket.made.length;
      last().dispatchEvent(new Event('close'));
      await vi.advanceTimersByTimeAsync(waitMs - 1);
      expect(Socket.made).toHaveLength(before);
      await vi.advanceTimersByTimeAsync(1);
      expect(Socket.made).toHaveLength(before + 1);
    }
  });

  test('starts with the short wait again after it was open', async () => {
    socketTransport('ws://kiosk/rpc')({ opened: () => undefined, closed: () => undefined });
    for (let round = 0; round < 4; round += 1) {
      last().dispatchEvent(new Event('close'));
      await vi.advanceTimersByTimeAsync(1000);
    }
    last().dispatchEvent(new Event('open'));
    last().dispatchEvent(new Event('close'));
    const before = Socket.made.length;
    await vi.advanceTimersByTimeAsync(reconnectDelaysMs[0]);
    expect(Socket.made).toHaveLength(before + 1);
  });

  test('stays closed once the page let go of it', async () => {
    const stop = socketTransport('ws://kiosk/rpc')({ opened: () => undefined, closed: () => undefined });
    stop();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(Socket.made).toHaveLength(1);
  });
});

describe('Electron’s port', () => {
  const post = (target: EventTarget, data: unknown, source: unknown, ports: MessagePort[]): void => {
    target.dispatchEvent(Object.assign(new Event('message'), { data, source, ports }));
  };

  test('is taken from the page’s own preload and from nobody else', () => {
    const target = new EventTarget();
    const opened = vi.fn<(link: Link) => void>();
    const stop = portTransport(target as Window)({ opened, closed: () => undefined });
    const { port1, port2 } = new MessageChannel();
    post(target, { type: 'hall-kiosk-port' }, {}, [port1]);
    post(target, { type: 'something else' }, target, [port1]);
    post(target, { type: 'hall-kiosk-port' }, target, []);
    expect(opened).not.toHaveBeenCalled();
    post(target, { type: 'hall-kiosk-port' }, target, [port1]);
    expect(opened).toHaveBeenCalledTimes(1);
    stop();
    port2.close();
  });

  test('gives way to the port of a host that was started anew', () => {
    const target = new EventTarget();
    const opened = vi.fn<(link: Link) => void>();
    const closed = vi.fn<() => void>();
    const stop = portTransport(target as Window)({ opened, closed });
    const first = new MessageChannel();
    const second = new MessageChannel();
    post(target, { type: 'hall-kiosk-port' }, target, [first.port1]);
    first.port1.dispatchEvent(new Event('close'));
    expect(closed).toHaveBeenCalledTimes(1);
    post(target, { type: 'hall-kiosk-port' }, target, [second.port1]);
    expect(opened).toHaveBeenCalledTimes(2);
    // The end of the old one, told late, does not cut the new one.
    first.port1.dispatchEvent(new Event('close'));
    expect(closed).toHaveBeenCalledTimes(1);
    stop();
    first.port2.close();
    second.port2.close();
  });
});
