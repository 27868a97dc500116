// The one impure runner under every driver machine: opens the port (a fresh object each time), feeds the decoder, keeps the
// timers, queues commands, remembers their results and comes back with bounded back-off for ever.
//
//   execute() ─▶ queue ─▶ machine ─▶ effects ─▶ port
//                            ▲                    │
//                            └── decoder ◀────────┘

import type { Clock } from './clock.ts';
import type { CommandMemory, Device, DeviceDependencies, ExecuteOptions, HealthCheck } from './device.ts';
import type { Decoded, Decoder, DeviceEffect, DeviceEvent, DeviceMachine } from './machine.ts';
import { createPortKeeper } from './port-keeper.ts';
import { createResultMemory } from './result-memory.ts';
import { fail, type Result } from './result.ts';
import { commonFaults, type DeviceIdentity, type DeviceKind, type DeviceStatus, type FaultTable } from './status.ts';
import { createTrace, hexOf } from './trace.ts';
import type { PortInfo } from './transport.ts';

export const queueLimit = 8;

export type DeviceParts<State, Frame, Command, Reply, Notice> = {
  kind: DeviceKind;
  machine: DeviceMachine<State, Frame, Command, Reply, Notice>;
  /** `info`: of the port that was opened; absent before the first opening. */
  createDecoder(info?: PortInfo): Decoder<Frame>;
  faultTexts: FaultTable;
  /** First baud rate; `reopen` may choose another. */
  baudRate?: number;
  /** Frames that carry a citizen's data are traced by length only. */
  isPrivate?(frame: Frame): boolean;
  /** Commands whose effect must never happen twice, not even over a restart. */
  isDurable?(command: Command): boolean;
  checks?(device: Device<Command, Reply, Notice>): readonly HealthCheck[];
};

type Waiting<Command, Reply> = {
  id: string;
  command: Command;
  promise: Promise<Result<Reply>>;
  settle(result: Result<Reply>): void;
  stopDeadline(): void;
};

export const startDevice = <State, Frame, Command, Reply, Notice>(
  parts: DeviceParts<State, Frame, Command, Reply, Notice>,
  { id, clock, log, transport, commandMemory }: DeviceDependencies,
): Device<Command, Reply, Notice> => {
  const { machine } = parts;
  const trace = createTrace();
  const counters: Record<string, number> = { opened: 0, lost: 0, commands: 0, failed: 0, bytesIn: 0, bytesOut: 0 };
  const statusListeners = new Set<(status: DeviceStatus) => void>();
  const noticeListeners = new Set<(notice: Notice) => void>();
  const results = createResultMemory<Reply>(clock);

  let state = machine.initial;
  let status: DeviceStatus = { state: 'starting', faults: [], sinceMs: clock.now() };
  let identity: DeviceIdentity = { capabilities: [] };
  let decoder = parts.createDecoder();
  let stopped = false;
  let active: Waiting<Command, Reply> | undefined;
  const queue: Waiting<Command, Reply>[] = [];
  const timers = new Map<string, () => void>();
  let stopIdle: (() => void) | undefined;
  /** A chunk is being handled: what it still holds was sent before the next command and must not answer it. */
  let isReceiving = false;

  const bump = (name: string, by = 1): void => {
    counters[name] = (counters[name] ?? 0) + by;
  };

  const setStatus = (next: Omit<DeviceStatus, 'sinceMs'>, reason?: string): void => {
    const same =
      next.state === status.state &&
      next.faults.length === status.faults.length &&
      next.faults.every((fault, index) => fault.code === status.faults[index]?.code);
    if (same) return;
    status = { ...next, sinceMs: clock.now() };
    log({
      device: id,
      event: 'status',
      level: next.faults.length > 0 ? 'warn' : 'info',
      detail: {
        state: next.state,
        faults: next.faults.map((fault) => fault.code),
        ...(reason === undefined ? {} : { reason }),
      },
    });
    for (const listener of statusListeners) tell(listener, status);
  };

  /** A listener that throws is somebody else's bug; the device's own step goes on. */
  const tell = <T>(listener: (value: T) => void, value: T): void => {
    try {
      listener(value);
    } catch (error) {
      log({ device: id, event: 'listenerFailed', level: 'error', detail: { error: String(error) } });
    }
  };

  const clearTimers = (): void => {
    for (const cancel of timers.values()) cancel();
    timers.clear();
    stopIdle?.();
    stopIdle = undefined;
  };

  // Effects of one step run before the next event is taken, so a machine never sees itself half-way.
  // `afterwards` runs once the machine had its say, also when the event had to wait for a step to end.
  const events: { event: DeviceEvent<Frame, Command>; afterwards?: () => void }[] = [];
  let draining = false;
  const dispatch = (event: DeviceEvent<Frame, Command>, afterwards?: () => void): void => {
    events.push({ event, ...(afterwards ? { afterwards } : {}) });
    if (draining) return;
    draining = true;
    try {
      for (let head = events.shift(); head; head = events.shift()) {
        const step = machine.next(state, head.event, clock.now());
        state = step.state;
        for (const effect of step.effects) perform(effect);
        head.afterwards?.();
      }
    } finally {
      draining = false;
    }
  };

  const perform = (effect: DeviceEffect<Reply, Notice>): void => {
    switch (effect.type) {
      case 'send':
        send(effect.bytes, effect.label);
        return;
      case 'timer':
        timers.get(effect.name)?.();
        // All timers die with the connection, also those that a step asks for after it gave the connection up.
        if (!port.connection()) return;
        timers.set(
          effect.name,
          clock.after(effect.delayMs, () => {
            timers.delete(effect.name);
            dispatch({ type: 'timer', name: effect.name });
          }),
        );
        return;
      case 'clearTimer':
        timers.get(effect.name)?.();
        timers.delete(effect.name);
        return;
      case 'reopen':
        if (effect.baudRate !== undefined) port.setBaudRate(effect.baudRate);
        port.lose(effect.reason, port.connection(), effect.delayMs);
        return;
      case 'resetDecoder':
        decoder = parts.createDecoder(port.connection()?.info);
        return;
      case 'status':
        port.heard(effect.state);
        setStatus({ state: effect.state, faults: effect.faults });
        return;
      case 'identity':
        identity = effect.identity;
        return;
      case 'complete':
        complete(effect.id, effect.result);
        return;
      case 'notice':
        for (const listener of noticeListeners) tell(listener, effect.notice);
        return;
      case 'count':
        bump(effect.name, effect.by);
        return;
      default:
        effect satisfies never;
    }
  };

  const send = (bytes: Uint8Array, label: string): void => {
    const target = port.connection();
    if (!target) return;
    trace.add({ atMs: clock.now(), direction: 'out', label, hex: hexOf(bytes) });
    bump('bytesOut', bytes.length);
    target.write(bytes).catch((error: unknown) => {
      if (port.connection() !== target) return;
      // Traced and not logged: mostly it is an unplug, and the change of status that follows is its one line in the log.
      trace.add({ atMs: clock.now(), direction: 'note', label: `write failed: ${String(error)}`, hex: '' });
      port.lose('writeFailed', target);
    });
  };

  const receive = (bytes: Uint8Array): void => {
    const source = port.connection();
    bump('bytesIn', bytes.length);
    handleDecoded(decoder.push(bytes));
    if (port.connection() !== source) return;
    stopIdle?.();
    stopIdle = undefined;
    const { idleMs } = decoder;
    if (idleMs !== undefined) stopIdle = clock.after(idleMs, () => handleDecoded(decoder.idle?.() ?? []));
  };

  const handleDecoded = (items: ReturnType<Decoder<Frame>['push']>): void => {
    const source = port.connection();
    isReceiving = true;
    try {
      for (const item of items) {
        // The machine gave this connection up: what came over it says nothing about the next one.
        if (port.connection() !== source) break;
        handleItem(item);
      }
    } finally {
      isReceiving = false;
    }
    startNext();
  };

  const handleItem = (item: Decoded<Frame>): void => {
    if (item.type === 'frame') {
      const hidden = parts.isPrivate?.(item.frame) ?? false;
      const hex = hidden ? `(${item.bytes.length} bytes, private)` : hexOf(item.bytes);
      trace.add({ atMs: clock.now(), direction: 'in', label: 'frame', hex });
      dispatch({ type: 'frame', frame: item.frame });
    } else {
      // Discarded bytes may be the tail of a private frame: only their number is kept.
      trace.add({ atMs: clock.now(), direction: 'note', label: item.reason, hex: `(${item.bytes.length} bytes)` });
      bump('bytesDiscarded', item.bytes.length);
      dispatch({ type: 'discarded', reason: item.reason, length: item.bytes.length });
    }
  };

  const port = createPortKeeper({
    id,
    clock,
    log,
    transport,
    baudRate: parts.baudRate,
    attach(fresh) {
      bump('opened');
      decoder = parts.createDecoder(fresh.info);
      fresh.onData((bytes) => {
        if (port.connection() === fresh) receive(bytes);
      });
      fresh.onLost((reason) => port.lose(reason, fresh));
    },
    opened: ({ info }, baudRate) =>
      dispatch({ type: 'opened', ...(baudRate === undefined ? {} : { baudRate }), ...(info ? { info } : {}) }),
    lost(reason) {
      bump('lost');
      clearTimers();
      trace.add({ atMs: clock.now(), direction: 'note', label: `lost: ${reason}`, hex: '' });
      const cut = active;
      // The machine ends the command first: it knows whether a coil was pulsed.
      dispatch({ type: 'lost', reason }, () => {
        if (cut && active === cut) complete(cut.id, fail('connectionLost', 'hall', `the connection ended: ${reason}`));
      });
    },
    status: () => status,
    report: ({ reason, ...report }) => setStatus(report, reason),
  });

  const complete = (commandId: string, result: Result<Reply>): void => {
    const done = active;
    if (!done || done.id !== commandId) return;
    active = undefined;
    done.stopDeadline();
    bump(result.ok ? 'completed' : 'failed');
    if (!result.ok) bump(`failed.${result.error.code}`);
    const isDurable = parts.isDurable?.(done.command) ?? false;
    if (isDurable) writeDown(commandId, result);
    results.settled(commandId, isDurable);
    done.settle(result);
    startNext();
  };

  const writeDown = (commandId: string, result: Result<Reply>): void => {
    try {
      commandMemory?.finish(id, commandId, result);
    } catch (error) {
      // It stays "begun": a later life will say that the outcome is unknown, which is true enough.
      log({ device: id, event: 'notRemembered', level: 'error', detail: { error: String(error) } });
    }
  };

  const startNext = (): void => {
    if (active || isReceiving) return;
    const next = queue.shift();
    if (!next) return;
    active = next;
    if (!port.connection()) {
      complete(next.id, fail('deviceNotReady', status.faults[0]?.who ?? 'hall', `the device is ${status.state}`));
      return;
    }
    if (parts.isDurable?.(next.command)) {
      try {
        commandMemory?.begin(id, next.id);
      } catch (error) {
        // A command that cannot be written down, e.g. on a full disk, is refused: after a crash it might happen twice.
        complete(next.id, fail('notRemembered', 'engineer', String(error)));
        return;
      }
    }
    dispatch({ type: 'command', id: next.id, command: next.command });
  };

  const give = (waiting: Waiting<Command, Reply>, reason: 'timeOut' | 'canceled'): void => {
    const text = reason === 'timeOut' ? 'the deadline passed' : 'the caller gave up';
    if (active === waiting) {
      dispatch({ type: 'cancel', id: waiting.id, reason }, () => {
        // A machine that did not complete a cancelled command is a bug, but the citizen must not wait for it.
        if (active === waiting) complete(waiting.id, fail(reason, 'system', text));
      });
      return;
    }
    const index = queue.indexOf(waiting);
    if (index < 0) return;
    queue.splice(index, 1);
    waiting.stopDeadline();
    results.settled(waiting.id, false);
    waiting.settle(fail(reason, 'system', text));
  };

  const execute = (command: Command, options: ExecuteOptions): Promise<Result<Reply>> => {
    const known = results.get(options.id);
    if (known) return known;
    if (parts.isDurable?.(command)) {
      let stored: ReturnType<CommandMemory['get']>;
      try {
        stored = commandMemory?.get(id, options.id);
      } catch (error) {
        return Promise.resolve(fail('notRemembered', 'engineer', String(error)));
      }
      // Begun in an earlier life and never finished: nobody knows whether it happened, so it is not done again.
      if (stored === 'begun')
        return Promise.resolve(
          fail('outcomeUnknown', 'hall', 'an earlier run was interrupted; the outcome is unknown'),
        );
      if (stored) return Promise.resolve(stored as Result<Reply>);
    }
    bump('commands');
    if (stopped) return Promise.resolve(fail('deviceNotReady', 'system', 'the device is stopped'));
    if (queue.length >= queueLimit)
      return Promise.resolve(fail('queueFull', 'system', 'too many commands are waiting'));
    if (options.signal?.aborted) return Promise.resolve(fail('canceled', 'system', 'the caller gave up'));
    const { promise, resolve } = Promise.withResolvers<Result<Reply>>();
    const waiting: Waiting<Command, Reply> = {
      id: options.id,
      command,
      promise,
      settle: resolve,
      stopDeadline: () => undefined,
    };
    const stopTimer = clock.after(options.timeoutMs, () => give(waiting, 'timeOut'));
    const onAbort = (): void => give(waiting, 'canceled');
    options.signal?.addEventListener('abort', onAbort, { once: true });
    waiting.stopDeadline = () => {
      stopTimer();
      options.signal?.removeEventListener('abort', onAbort);
    };
    results.add(options.id, promise);
    queue.push(waiting);
    startNext();
    return promise;
  };

  const device: Device<Command, Reply, Notice> = {
    id,
    kind: parts.kind,
    transportName: transport.name,
    faultTexts: { ...commonFaults, ...parts.faultTexts },
    status: () => status,
    onStatus(listener) {
      statusListeners.add(listener);
      return () => statusListeners.delete(listener);
    },
    onNotice(listener) {
      noticeListeners.add(listener);
      return () => noticeListeners.delete(listener);
    },
    identity: () => identity,
    execute,
    statistics: () => ({ ...counters }),
    trace: () => trace.entries(),
    get checks() {
      return parts.checks?.(device) ?? [];
    },
    async stop() {
      stopped = true;
      for (const waiting of [...queue, ...(active ? [active] : [])]) give(waiting, 'canceled');
      // What the machine asked for while it gave up goes too.
      clearTimers();
      results.forget();
      await port.stop();
    },
  };
  port.start();
  return device;
};

export { backOffMs, closeLimitMs, helloGraceMs, lossDebounceMs } from './port-keeper.ts';
export type { Clock };
