// What goes wrong around a machine: ports that vanish at bad moments, disks that are full, listeners that throw, chunks that hold more
// than one reply. One small machine a test says what it does.

import { describe, expect, it } from 'vitest';
import { createFakeClock } from './clock.ts';
import type { CommandMemory, Device, DeviceDependencies } from './device.ts';
import type { Decoder, DeviceEffect, DeviceEvent, DeviceStep } from './machine.ts';
import { repeatWindowMs } from './result-memory.ts';
import { fail, ok } from './result.ts';
import { backOffMs, closeLimitMs, helloGraceMs, lossDebounceMs, startDevice } from './run-device.ts';
import type { Connection, Transport } from './transport.ts';
import { createMemoryTransport } from './transports/memory.ts';

type State = { job?: string };
type Event = DeviceEvent<number, string>;
type Effect = DeviceEffect<number, string>;

const online: Effect = { type: 'status', state: 'online', faults: [] };
const send = (byte: number): Effect => ({ type: 'send', bytes: Uint8Array.of(byte), label: 'b' });

/** Says hello; a byte ends the command; anything can be done otherwise. */
const basic = (state: State, event: Event): DeviceStep<State, number, string> => {
  switch (event.type) {
    case 'opened':
      return { state: {}, effects: [send(1), online] };
    case 'command':
      return { state: { job: event.id }, effects: [send(2)] };
    case 'frame':
      return state.job === undefined
        ? { state, effects: [{ type: 'notice', notice: `stray ${event.frame}` }] }
        : { state: {}, effects: [{ type: 'complete', id: state.job, result: ok(event.frame) }] };
    case 'cancel':
      return { state: {}, effects: [{ type: 'complete', id: event.id, result: fail('outcomeUnknown', 'hall', '') }] };
    case 'lost':
      return {
        state: {},
        effects:
          state.job === undefined
            ? []
            : [{ type: 'complete', id: state.job, result: fail('outcomeUnknown', 'hall', '') }],
      };
    default:
      return { state, effects: [] };
  }
};

const bytes = (): Decoder<number> => ({
  push: (chunk) => Array.from(chunk, (byte) => ({ type: 'frame', frame: byte, bytes: Uint8Array.of(byte) })),
});

const start = (
  next: typeof basic = basic,
  given: Partial<DeviceDependencies> & { createDecoder?: typeof bytes } = {},
) => {
  const clock = createFakeClock();
  const log: string[] = [];
  const transport = createMemoryTransport();
  const device: Device<string, number, string> = startDevice<State, number, string, number, string>(
    {
      kind: 'locker',
      machine: { initial: {}, next },
      createDecoder: given.createDecoder ?? bytes,
      faultTexts: {},
      isDurable: (command) => command === 'durable',
    },
    {
      id: 'd',
      clock,
      log: ({ event, detail }) => void log.push(`${event} ${JSON.stringify(detail ?? {})}`),
      transport,
      ...given,
    },
  );
  return { clock, log, transport, device };
};

describe('a chunk with more than one frame', () => {
  it('answers the command that was asked, not the one that waits behind it', async () => {
    const { clock, transport, device } = start();
    await clock.advance(0);
    const first = device.execute('a', { id: '1', timeoutMs: 1000 });
    const second = device.execute('b', { id: '2', timeoutMs: 1000 });
    const notices: string[] = [];
    device.onNotice((notice) => void notices.push(notice));
    transport.peer()?.send(Uint8Array.of(7, 8));
    expect(await first).toEqual(ok(7));
    expect(notices).toEqual(['stray 8']);
    transport.peer()?.send(Uint8Array.of(9));
    expect(await second).toEqual(ok(9));
  });

  it('tells nothing more once the machine gave the connection up', async () => {
    const seen: string[] = [];
    const { clock, transport } = start((state, event) => {
      seen.push(event.type);
      return event.type === 'frame' ? { state, effects: [{ type: 'reopen', reason: 'silent' }] } : basic(state, event);
    });
    await clock.advance(0);
    transport.peer()?.send(Uint8Array.of(7, 8, 9));
    expect(seen).toEqual(['opened', 'frame', 'lost']);
  });

  it('leaves no idle timer to the next connection', async () => {
    let idles = 0;
    const { clock, transport } = start(
      (state, event) =>
        event.type === 'frame' ? { state, effects: [{ type: 'reopen', reason: 'silent' }] } : basic(state, event),
      { createDecoder: () => ({ ...bytes(), idleMs: 5000, idle: () => ((idles += 1), []) }) },
    );
    await clock.advance(0);
    transport.peer()?.send(Uint8Array.of(7));
    await clock.advance(20_000);
    expect(idles).toBe(0);
  });
});

describe('the machine has the last word on its command', () => {
  it('when it gives the connection up in the middle of a step', async () => {
    const { clock, transport, device } = start((state, event) =>
      event.type === 'frame' ? { state, effects: [{ type: 'reopen', reason: 'silent' }] } : basic(state, event),
    );
    await clock.advance(0);
    const cut = device.execute('durable', { id: '1', timeoutMs: 1000 });
    transport.peer()?.send(Uint8Array.of(7));
    expect(await cut).toMatchObject({ error: { code: 'outcomeUnknown' } });
  });

  it('when a listener cancels it in the middle of a step', async () => {
    const gone = new AbortController();
    const { clock, transport, device } = start((state, event) =>
      event.type === 'frame' ? { state, effects: [{ type: 'notice', notice: 'moved' }] } : basic(state, event),
    );
    await clock.advance(0);
    const cut = device.execute('durable', { id: '1', timeoutMs: 1000, signal: gone.signal });
    device.onNotice(() => gone.abort());
    transport.peer()?.send(Uint8Array.of(7));
    expect(await cut).toMatchObject({ error: { code: 'outcomeUnknown' } });
  });
});

describe('timers', () => {
  it('do not outlive the connection, also when asked for after it was given up', async () => {
    let fired = 0;
    const { clock, transport } = start((state, event) => {
      if (event.type === 'timer') fired += 1;
      return event.type === 'frame'
        ? {
            state,
            effects: [
              { type: 'reopen', reason: 'silent' },
              { type: 'timer', name: 'late', delayMs: 10 },
            ],
          }
        : basic(state, event);
    });
    await clock.advance(0);
    transport.peer()?.send(Uint8Array.of(7));
    await clock.advance(60_000);
    expect(fired).toBe(0);
  });

  it('of a machine that gives up at the stop are gone, and nothing else is left', async () => {
    const { clock, device } = start((state, event) =>
      event.type === 'cancel'
        ? {
            state: {},
            effects: [
              { type: 'complete', id: event.id, result: fail('canceled', 'system', '') },
              { type: 'timer', name: 'rest', delayMs: 1000 },
            ],
          }
        : basic(state, event),
    );
    await clock.advance(0);
    const cut = device.execute('a', { id: '1', timeoutMs: 60_000 });
    const waiting = device.execute('b', { id: '2', timeoutMs: 60_000 });
    await device.stop();
    expect(await cut).toMatchObject({ error: { code: 'canceled' } });
    expect(await waiting).toMatchObject({ error: { code: 'canceled' } });
    await clock.advance(0);
    expect(clock.pending()).toBe(0);
  });
});

describe('results', () => {
  it('of a citizen’s document are not kept longer than a repeated message needs', async () => {
    let asked = 0;
    const { clock, transport, device } = start((state, event) => {
      if (event.type === 'command') asked += 1;
      return basic(state, event);
    });
    await clock.advance(0);
    const first = device.execute('a', { id: '1', timeoutMs: 1000 });
    transport.peer()?.send(Uint8Array.of(7));
    expect(await first).toEqual(ok(7));
    await clock.advance(repeatWindowMs - 1);
    expect(await device.execute('a', { id: '1', timeoutMs: 1000 })).toEqual(ok(7));
    expect(asked).toBe(1);
    await clock.advance(1);
    void device.execute('a', { id: '1', timeoutMs: 1000 });
    expect(asked).toBe(2);
  });

  it('of durable commands are kept', async () => {
    const { clock, transport, device } = start();
    await clock.advance(0);
    const first = device.execute('durable', { id: '1', timeoutMs: 1000 });
    transport.peer()?.send(Uint8Array.of(7));
    await first;
    await clock.advance(60 * 60_000);
    expect(await device.execute('durable', { id: '1', timeoutMs: 1000 })).toEqual(ok(7));
  });

  it('are given also when they cannot be written down', async () => {
    const commandMemory: CommandMemory = {
      get: () => undefined,
      begin: () => undefined,
      finish: () => {
        throw new Error('the disk is full');
      },
    };
    const { clock, transport, device, log } = start(basic, { commandMemory });
    await clock.advance(0);
    const first = device.execute('durable', { id: '1', timeoutMs: 1000 });
    transport.peer()?.send(Uint8Array.of(7));
    expect(await first).toEqual(ok(7));
    expect(log.some((line) => line.startsWith('notRemembered'))).toBe(true);
  });

  it('refuse a command whose past cannot be read', async () => {
    const commandMemory: CommandMemory = {
      get: () => {
        throw new Error('the disk is broken');
      },
      begin: () => undefined,
      finish: () => undefined,
    };
    const { clock, device } = start(basic, { commandMemory });
    await clock.advance(0);
    expect(await device.execute('durable', { id: '1', timeoutMs: 1000 })).toMatchObject({
      error: { code: 'notRemembered' },
    });
  });
});

it('a listener that throws takes nothing from the others or from the command', async () => {
  const { clock, transport, device, log } = start((state, event) =>
    event.type === 'frame' && state.job !== undefined
      ? {
          state: {},
          effects: [
            { type: 'notice', notice: 'n' },
            { type: 'complete', id: state.job, result: ok(1) },
          ],
        }
      : basic(state, event),
  );
  await clock.advance(0);
  const heard: string[] = [];
  device.onNotice(() => {
    throw new Error('a bug in a screen');
  });
  device.onNotice((notice) => void heard.push(notice));
  const first = device.execute('a', { id: '1', timeoutMs: 1000 });
  transport.peer()?.send(Uint8Array.of(7));
  expect(await first).toEqual(ok(1));
  expect(heard).toEqual(['n']);
  expect(log.some((line) => line.startsWith('listenerFailed'))).toBe(true);
});

describe('ports', () => {
  /** Opens what `make` gives; counts. */
  const transportOf = (
    make: (opening: number) => Promise<Connection> | Connection,
  ): Transport & { openings(): number } => {
    let openings = 0;
    return {
      name: 'made',
      openings: () => openings,
      async open() {
        openings += 1;
        return ok(await make(openings));
      },
    };
  };
  const quiet = (over: Partial<Connection> = {}): Connection => ({
    write: () => Promise.resolve(),
    onData: () => undefined,
    onLost: () => undefined,
    close: () => Promise.resolve(),
    ...over,
  });

  it('that are gone before anyone listened are not taken for open', async () => {
    const seen: string[] = [];
    const transport = transportOf((opening) =>
      opening === 1 ? quiet({ onLost: (listener) => listener('unplugged') }) : quiet(),
    );
    const { clock, device } = start(
      (state, event) => {
        seen.push(event.type);
        return basic(state, event);
      },
      { transport },
    );
    await clock.advance(0);
    expect(seen).toEqual(['lost']);
    await clock.advance(backOffMs[0]);
    expect(seen).toEqual(['lost', 'opened']);
    expect(device.status().state).toBe('online');
  });

  it.each([
    ['never close', () => new Promise<void>(() => undefined), closeLimitMs],
    ['fail to close', () => Promise.reject(new Error('EIO')), 0],
  ])('that %s are opened afresh all the same', async (_name, close, limitMs) => {
    let lose = (): void => undefined;
    const transport = transportOf(() =>
      quiet({ close, onLost: (listener) => void (lose = () => listener('unplugged')) }),
    );
    const { clock } = start(basic, { transport });
    await clock.advance(0);
    lose();
    await clock.advance(limitMs + backOffMs[0]);
    expect(transport.openings()).toBe(2);
  });

  it('whose opening throws are tried again', async () => {
    let openings = 0;
    const transport: Transport = {
      name: 'throwing',
      open() {
        openings += 1;
        return Promise.reject(new Error('the native module is missing'));
      },
    };
    const { clock, device } = start(basic, { transport });
    await clock.advance(backOffMs[0]);
    expect(openings).toBe(2);
    expect(device.status()).toMatchObject({ state: 'offline', faults: [{ code: 'portFailed' }] });
  });

  it('that are still opening at the stop are closed before it ends', async () => {
    const opening = Promise.withResolvers<Connection>();
    let isClosed = false;
    const transport = transportOf(() => opening.promise);
    const { device } = start(basic, { transport });
    const stopped = device.stop().then(() => isClosed);
    opening.resolve(
      quiet({
        async close() {
          isClosed = true;
        },
      }),
    );
    expect(await stopped).toBe(true);
  });
});

describe('status', () => {
  const silent = (state: State, event: Event): DeviceStep<State, number, string> =>
    event.type === 'opened' ? { state, effects: [send(1)] } : basic(state, event);

  it('of a device that is back but says nothing is not the one from before', async () => {
    let isAnswering = true;
    const { clock, transport, device } = start((state, event) =>
      isAnswering ? basic(state, event) : silent(state, event),
    );
    await clock.advance(0);
    expect(device.status().state).toBe('online');
    isAnswering = false;
    transport.peer()?.hangUp();
    await clock.advance(backOffMs[0] + helloGraceMs);
    expect(device.status()).toMatchObject({ state: 'offline', faults: [{ code: 'deviceSilent' }] });
  });

  it('of a device that is opened again and again is told although each loss is short', async () => {
    let isAnswering = true;
    const { clock, transport, device } = start((state, event) => {
      if (isAnswering) return basic(state, event);
      if (event.type === 'opened') return { state, effects: [{ type: 'timer', name: 'hello', delayMs: 800 }] };
      return event.type === 'timer'
        ? { state, effects: [{ type: 'reopen', reason: 'silent', delayMs: 10 }] }
        : basic(state, event);
    });
    await clock.advance(0);
    isAnswering = false;
    transport.peer()?.hangUp();
    await clock.advance(backOffMs[0] + helloGraceMs + 1000);
    expect(device.status().state).toBe('offline');
  });

  it('changes once each way when the device is unplugged for a while', async () => {
    const { clock, transport, device, log } = start();
    await clock.advance(0);
    for (const [round, awayMs] of [60_000, lossDebounceMs + 100, 9000].entries()) {
      log.length = 0;
      transport.refuse('notFound');
      transport.peer()?.hangUp();
      await clock.advance(awayMs);
      expect([round, log.filter((line) => line.includes('noDevice'))]).toEqual([round, [expect.any(String)]]);
      transport.refuse(undefined);
      await clock.advance(20_000);
      expect(device.status().state).toBe('online');
      expect(log).toHaveLength(2);
    }
  });

  it('is not touched by a plug that is out for less than the debounce although an opening failed meanwhile', async () => {
    const { clock, transport, log } = start();
    await clock.advance(0);
    log.length = 0;
    transport.refuse('notFound');
    transport.peer()?.hangUp();
    await clock.advance(backOffMs[0] + 1);
    expect(log).toEqual([]);
  });
});
