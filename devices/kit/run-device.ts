// The one impure runner under every driver machine: opens the port (a fresh object each time), feeds the decoder, keeps the
// timers, queues commands, remembers their results and comes back with bounded back-off for ever.
//
//   execute() ─▶ queue ─▶ machine ─▶ effects ─▶ port
//                            ▲                    │
//                            └── decoder ◀────────┘

import type { Clock } from './clock.ts';
import type { Device, DeviceDependencies, ExecuteOptions, HealthCheck } from './device.ts';
import type { Decoder, DeviceEffect, DeviceEvent, DeviceMachine } from './machine.ts';
import { fail, type Result } from './result.ts';
import {
  commonFaults,
  faultOfLoss,
  faultOfOpenFailure,
  type DeviceIdentity,
  type DeviceKind,
  type DeviceStatus,
  type FaultTable,
} from './status.ts';
import { createTrace, hexOf } from './trace.ts';
import type { Connection, LossReason, PortInfo } from './transport.ts';

export const backOffMs = [1000, 2000, 5000, 10_000] as const;
/** A plug that wobbles for less than this is not reported as gone. */
export const lossDebounceMs = 1500;
export const queueLimit = 8;
const rememberedResults = 256;

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
  const results = new Map<string, Promise<Result<Reply>>>();

  let state = machine.initial;
  let status: DeviceStatus = { state: 'starting', faults: [], sinceMs: clock.now() };
  let identity: DeviceIdentity = { capabilities: [] };
  let connection: Connection | undefined;
  let decoder = parts.createDecoder();
  let baudRate = parts.baudRate;
  let attempt = 0;
  let stopped = false;
  let active: Waiting<Command, Reply> | undefined;
  const queue: Waiting<Command, Reply>[] = [];
  const timers = new Map<string, () => void>();
  let stopReopen: (() => void) | undefined;
  let stopDebounce: (() => void) | undefined;
  let stopIdle: (() => void) | undefined;

  const bump = (name: string, by = 1): void => {
    counters[name] = (counters[name] ?? 0) + by;
  };

  const setStatus = (next: Omit<DeviceStatus, 'sinceMs'>): void => {
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
      detail: { state: next.state, faults: next.faults.map((fault) => fault.code) },
    });
    for (const listener of statusListeners) listener(status);
  };

  const clearTimers = (): void => {
    for (const cancel of timers.values()) cancel();
    timers.clear();
    stopIdle?.();
    stopIdle = undefined;
  };

  // Effects of one step run before the next event is taken, so a machine never sees itself half-way.
  const events: DeviceEvent<Frame, Command>[] = [];
  let draining = false;
  const dispatch = (event: DeviceEvent<Frame, Command>): void => {
    events.push(event);
    if (draining) return;
    draining = true;
    try {
      for (let head = events.shift(); head; head = events.shift()) {
        const step = machine.next(state, head, clock.now());
        state = step.state;
        for (const effect of step.effects) perform(effect);
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
        if (effect.baudRate !== undefined) baudRate = effect.baudRate;
        lose(effect.reason, connection, effect.delayMs);
        return;
      case 'resetDecoder':
        decoder = parts.createDecoder(connection?.info);
        return;
      case 'status':
        if (effect.state === 'online') attempt = 0;
        setStatus({ state: effect.state, faults: effect.faults });
        return;
      case 'identity':
        identity = effect.identity;
        return;
      case 'complete':
        complete(effect.id, effect.result);
        return;
      case 'notice':
        for (const listener of noticeListeners) listener(effect.notice);
        return;
      case 'count':
        bump(effect.name, effect.by);
        return;
      default:
        effect satisfies never;
    }
  };

  const send = (bytes: Uint8Array, label: string): void => {
    const target = connection;
    if (!target) return;
    trace.add({ atMs: clock.now(), direction: 'out', label, hex: hexOf(bytes) });
    bump('bytesOut', bytes.length);
    target.write(bytes).catch((error: unknown) => {
      log({ device: id, event: 'writeFailed', level: 'warn', detail: { label, error: String(error) } });
      lose('writeFailed', target);
    });
  };

  const receive = (bytes: Uint8Array): void => {
    bump('bytesIn', bytes.length);
    handleDecoded(decoder.push(bytes));
    stopIdle?.();
    stopIdle = undefined;
    const { idleMs } = decoder;
    if (idleMs !== undefined) stopIdle = clock.after(idleMs, () => handleDecoded(decoder.idle?.() ?? []));
  };

  const handleDecoded = (items: ReturnType<Decoder<Frame>['push']>): void => {
    for (const item of items) {
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
    }
  };

  const open = async (): Promise<void> => {
    stopReopen = undefined;
    const opened = await transport.open(baudRate === undefined ? {} : { baudRate });
    if (stopped) {
      if (opened.ok) await opened.value.close();
      return;
    }
    if (!opened.ok) {
      stopDebounce?.();
      stopDebounce = undefined;
      // A port that is not there is "no device"; one that is there but will not open is "offline".
      const broken = opened.error.code === 'notFound' ? 'noDevice' : 'offline';
      setStatus({ state: broken, faults: [faultOfOpenFailure(opened.error.code)] });
      retryLater();
      return;
    }
    bump('opened');
    const fresh = opened.value;
    const { info } = fresh;
    decoder = parts.createDecoder(info);
    connection = fresh;
    fresh.onData((bytes) => {
      if (connection === fresh) receive(bytes);
    });
    fresh.onLost((reason) => lose(reason, fresh));
    dispatch({ type: 'opened', ...(baudRate === undefined ? {} : { baudRate }), ...(info ? { info } : {}) });
  };

  const retryLater = (wantedDelayMs?: number): void => {
    if (stopped || stopReopen) return;
    const delayMs = wantedDelayMs ?? backOffMs[Math.min(attempt, backOffMs.length - 1)] ?? 10_000;
    if (wantedDelayMs === undefined) attempt += 1;
    stopReopen = clock.after(delayMs, () => void open());
  };

  const lose = (reason: LossReason, lost: Connection | undefined, delayMs?: number): void => {
    if (!lost || connection !== lost) return;
    connection = undefined;
    bump('lost');
    clearTimers();
    trace.add({ atMs: clock.now(), direction: 'note', label: `lost: ${reason}`, hex: '' });
    // Told in a turn of its own when a step is running, so that the machine finishes the step that asked for it.
    dispatch({ type: 'lost', reason });
    if (active) complete(active.id, fail('connectionLost', 'hall', `the connection ended: ${reason}`));
    const fault = faultOfLoss(reason);
    stopDebounce?.();
    stopDebounce = clock.after(lossDebounceMs, () => {
      stopDebounce = undefined;
      if (!connection) setStatus({ state: reason === 'unplugged' ? 'noDevice' : 'offline', faults: [fault] });
    });
    void lost.close().finally(() => retryLater(delayMs));
  };

  const complete = (commandId: string, result: Result<Reply>): void => {
    const done = active;
    if (!done || done.id !== commandId) return;
    active = undefined;
    done.stopDeadline();
    bump(result.ok ? 'completed' : 'failed');
    if (!result.ok) bump(`failed.${result.error.code}`);
    if (parts.isDurable?.(done.command)) commandMemory?.finish(id, commandId, result);
    done.settle(result);
    startNext();
  };

  const startNext = (): void => {
    if (active) return;
    const next = queue.shift();
    if (!next) return;
    active = next;
    if (!connection) {
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
      dispatch({ type: 'cancel', id: waiting.id, reason });
      // A machine that did not complete a cancelled command is a bug, but the citizen must not wait for it.
      if (active === waiting) complete(waiting.id, fail(reason, 'system', text));
      return;
    }
    const index = queue.indexOf(waiting);
    if (index < 0) return;
    queue.splice(index, 1);
    waiting.stopDeadline();
    waiting.settle(fail(reason, 'system', text));
  };

  const execute = (command: Command, options: ExecuteOptions): Promise<Result<Reply>> => {
    const known = results.get(options.id);
    if (known) return known;
    if (parts.isDurable?.(command)) {
      const stored = commandMemory?.get(id, options.id);
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
    results.set(options.id, promise);
    if (results.size > rememberedResults) results.delete(results.keys().next().value ?? '');
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
      stopReopen?.();
      stopDebounce?.();
      clearTimers();
      for (const waiting of [...queue, ...(active ? [active] : [])]) give(waiting, 'canceled');
      const last = connection;
      connection = undefined;
      await last?.close();
    },
  };
  void open();
  return device;
};

export type { Clock };
