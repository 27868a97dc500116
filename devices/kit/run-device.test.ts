import { describe, expect, it } from 'vitest';
import { createFakeClock } from './clock.ts';
import type { CommandMemory, Device } from './device.ts';
import type { Decoder, DeviceMachine } from './machine.ts';
import { ok, type Result } from './result.ts';
import { backOffMs, lossDebounceMs, queueLimit, startDevice } from './run-device.ts';
import { createMemoryTransport, type MemoryPeer } from './transports/memory.ts';

// A device of one byte: H is answered by h (hello), E by e (echo), anything else by silence.
type Frame = number;
type Command = 'echo' | 'durableEcho';
type State = { active?: string };

const H = 0x48;
const h = 0x68;
const E = 0x45;
const e = 0x65;

const machine: DeviceMachine<State, Frame, Command, number, string> = {
  initial: {},
  next(state, event) {
    switch (event.type) {
      case 'opened':
        return { state: {}, effects: [{ type: 'send', bytes: Uint8Array.of(H), label: 'hello' }] };
      case 'frame':
        if (event.frame === h) return { state, effects: [{ type: 'status', state: 'online', faults: [] }] };
        if (event.frame === e && state.active !== undefined)
          return { state: {}, effects: [{ type: 'complete', id: state.active, result: ok(event.frame) }] };
        return { state, effects: [{ type: 'notice', notice: 'stray' }] };
      case 'command':
        return { state: { active: event.id }, effects: [{ type: 'send', bytes: Uint8Array.of(E), label: 'echo' }] };
      case 'cancel':
        return {
          state: {},
          effects: [
            {
              type: 'complete',
              id: event.id,
              result: { ok: false, error: { code: event.reason, who: 'system', message: '' } },
            },
          ],
        };
      case 'lost':
        return { state: {}, effects: [] };
      default:
        return { state, effects: [] };
    }
  },
};

const createDecoder = (): Decoder<Frame> => ({
  push: (chunk) => Array.from(chunk, (byte) => ({ type: 'frame', frame: byte, bytes: Uint8Array.of(byte) })),
});

const memory = (): CommandMemory & { begun: string[] } => {
  const begun: string[] = [];
  const finished = new Map<string, Result<unknown>>();
  return {
    begun,
    get: (_device, id) => finished.get(id) ?? (begun.includes(id) ? 'begun' : undefined),
    begin: (_device, id) => void begun.push(id),
    finish: (_device, id, result) => void finished.set(id, result),
  };
};

const start = (options: { answers?: boolean; commandMemory?: CommandMemory } = {}) => {
  const clock = createFakeClock();
  const log: string[] = [];
  const answer = { echo: options.answers ?? true };
  const transport = createMemoryTransport((bytes, peer: MemoryPeer) => {
    if (bytes[0] === H) peer.send(Uint8Array.of(h));
    if (bytes[0] === E && answer.echo) peer.send(Uint8Array.of(e));
  });
  const device: Device<Command, number, string> = startDevice<State, Frame, Command, number, string>(
    { kind: 'qr-reader', machine, createDecoder, faultTexts: {}, isDurable: (command) => command === 'durableEcho' },
    {
      id: 'd',
      clock,
      log: (entry) => void log.push(`${entry.event} ${JSON.stringify(entry.detail ?? {})}`),
      transport,
      ...(options.commandMemory ? { commandMemory: options.commandMemory } : {}),
    },
  );
  return { clock, log, transport, device, answer };
};

describe('living', () => {
  it('is online only after the device answered', async () => {
    const { clock, device } = start();
    expect(device.status().state).toBe('starting');
    await clock.advance(0);
    expect(device.status().state).toBe('online');
  });

  it('tries for ever with bounded back-off while the port is not there, and logs once', async () => {
    const { clock, device, transport, log } = start();
    transport.refuse('notFound');
    transport.peer()?.hangUp();
    await clock.advance(0);
    await clock.advance(10 * 60_000);
    expect(device.status()).toMatchObject({ state: 'noDevice', faults: [{ code: 'portNotFound', who: 'hall' }] });
    expect(log.filter((line) => line.includes('noDevice')).length).toBeLessThanOrEqual(1);
    transport.refuse(undefined);
    await clock.advance(backOffMs.at(-1) ?? 0);
    expect(device.status().state).toBe('online');
  });

  it('does not report a plug that wobbled', async () => {
    const { clock, device, transport, log } = start();
    await clock.advance(0);
    transport.peer()?.hangUp();
    await clock.advance(backOffMs[0]);
    await clock.advance(lossDebounceMs);
    expect(device.status().state).toBe('online');
    expect(log.filter((line) => line.includes('noDevice'))).toHaveLength(0);
  });

  it('explains a port that is denied or busy', async () => {
    const { clock, device, transport } = start();
    await clock.advance(0);
    transport.refuse('permissionDenied');
    transport.peer()?.hangUp();
    await clock.advance(5000);
    expect(device.status()).toMatchObject({ state: 'offline', faults: [{ code: 'portDenied', who: 'engineer' }] });
  });
});

describe('commands', () => {
  it('answers once, and a repeated id does not touch the device again', async () => {
    const { clock, device, transport } = start();
    await clock.advance(0);
    const first = await device.execute('echo', { id: 'a', timeoutMs: 1000 });
    const again = await device.execute('echo', { id: 'a', timeoutMs: 1000 });
    expect(first).toEqual(ok(e));
    expect(again).toEqual(first);
    expect(transport.written().filter(([byte]) => byte === E)).toHaveLength(1);
  });

  it('ends at its deadline, and the late answer does not answer the next one', async () => {
    const { clock, device, transport, answer } = start({ answers: false });
    await clock.advance(0);
    const silent = device.execute('echo', { id: 'a', timeoutMs: 1000 });
    await clock.advance(1000);
    expect(await silent).toMatchObject({ ok: false, error: { code: 'timeOut' } });
    const notices: string[] = [];
    device.onNotice((notice) => void notices.push(notice));
    transport.peer()?.send(Uint8Array.of(e));
    expect(notices).toEqual(['stray']);
    answer.echo = true;
    expect(await device.execute('echo', { id: 'b', timeoutMs: 1000 })).toEqual(ok(e));
  });

  it('ends with one honest result when the device is unplugged in the middle', async () => {
    const { clock, device, transport } = start({ answers: false });
    await clock.advance(0);
    const cut = device.execute('echo', { id: 'a', timeoutMs: 60_000 });
    transport.peer()?.hangUp();
    expect(await cut).toMatchObject({ ok: false, error: { code: 'connectionLost' } });
  });

  it('is cancelled by its caller, also while it waits in the queue', async () => {
    const { clock, device } = start({ answers: false });
    await clock.advance(0);
    const gone = new AbortController();
    const active = device.execute('echo', { id: 'a', timeoutMs: 60_000, signal: gone.signal });
    const waiting = device.execute('echo', { id: 'b', timeoutMs: 60_000, signal: gone.signal });
    gone.abort();
    expect(await active).toMatchObject({ error: { code: 'canceled' } });
    expect(await waiting).toMatchObject({ error: { code: 'canceled' } });
  });

  it('refuses more than the queue holds', async () => {
    const { clock, device } = start({ answers: false });
    await clock.advance(0);
    const all = Array.from({ length: queueLimit + 2 }, (_, index) =>
      device.execute('echo', { id: `c${index}`, timeoutMs: 1000 }),
    );
    expect(await all.at(-1)).toMatchObject({ error: { code: 'queueFull' } });
    await clock.advance(60_000);
    expect((await Promise.all(all)).every((result) => !result.ok)).toBe(true);
  });

  it('does not do again what an earlier life began and never finished', async () => {
    const commandMemory = memory();
    commandMemory.begun.push('ticket-1');
    const { clock, device, transport } = start({ commandMemory });
    await clock.advance(0);
    expect(await device.execute('durableEcho', { id: 'ticket-1', timeoutMs: 1000 })).toMatchObject({
      error: { code: 'outcomeUnknown' },
    });
    expect(transport.written().filter(([byte]) => byte === E)).toHaveLength(0);
  });

  it('refuses what cannot be written down, touches no device, and takes the next command', async () => {
    const remembered = memory();
    let isFull = true;
    const commandMemory: CommandMemory = {
      ...remembered,
      begin(deviceId, commandId) {
        if (isFull) throw new Error('the disk is full');
        remembered.begin(deviceId, commandId);
      },
    };
    const { clock, device, transport } = start({ commandMemory });
    await clock.advance(0);
    const refused = await device.execute('durableEcho', { id: 'ticket-1', timeoutMs: 1000 });
    expect(refused).toMatchObject({ ok: false, error: { code: 'notRemembered', who: 'engineer' } });
    expect(transport.written().filter((bytes) => bytes[0] === E)).toEqual([]);
    isFull = false;
    expect(await device.execute('durableEcho', { id: 'ticket-2', timeoutMs: 1000 })).toEqual(ok(e));
  });

  it('gives the stored result of an earlier life', async () => {
    const commandMemory = memory();
    const first = start({ commandMemory });
    await first.clock.advance(0);
    await first.device.execute('durableEcho', { id: 'ticket-1', timeoutMs: 1000 });
    const second = start({ commandMemory });
    await second.clock.advance(0);
    expect(await second.device.execute('durableEcho', { id: 'ticket-1', timeoutMs: 1000 })).toEqual(ok(e));
    expect(second.transport.written().filter(([byte]) => byte === E)).toHaveLength(0);
  });

  it('says that the device is not ready instead of waiting for a plug', async () => {
    const { clock, device, transport } = start();
    transport.refuse('notFound');
    transport.peer()?.hangUp();
    await clock.advance(5000);
    expect(await device.execute('echo', { id: 'a', timeoutMs: 1000 })).toMatchObject({
      error: { code: 'deviceNotReady', who: 'hall' },
    });
  });
});
