// Keeps a port open: a fresh object each time, back again with bounded back-off for ever, and a word about a loss only when it lasts.
//
//   open ──▶ opened ──▶ lost ──1.5 s──▶ reported
//    ▲         │          │ open again: the machine has 5 s to say how the device is
//    └─ back-off ◀────────┘

import type { Clock } from './clock.ts';
import type { DeviceLog } from './device.ts';
import { fail } from './result.ts';
import { faultOfLoss, faultOfOpenFailure, type DeviceStatus } from './status.ts';
import type { Connection, LossReason, Transport } from './transport.ts';

export const backOffMs = [1000, 2000, 5000, 10_000] as const;
/** A plug that wobbles for less than this is not reported as gone. */
export const lossDebounceMs = 1500;
/** A device whose port is back but that has not said how it is by then is reported as silent. */
export const helloGraceMs = 5000;
/** A port that does not say that it is closed is given up. */
export const closeLimitMs = 5000;

/** `reason`: the system's own words, for the log. */
type Report = Omit<DeviceStatus, 'sinceMs'> & { reason?: string };

export type PortKeeper = {
  connection(): Connection | undefined;
  /** Opens for the first time. */
  start(): void;
  /** Ends `lost` if it is still the connection; opens again after `delayMs`, or after the back-off. */
  lose(reason: LossReason, lost: Connection | undefined, delayMs?: number): void;
  setBaudRate(baudRate: number): void;
  /** The machine said how the device is. */
  heard(state: DeviceStatus['state']): void;
  /** Resolves when the port is free. */
  stop(): Promise<void>;
};

export type PortKeeperOptions = {
  id: string;
  clock: Clock;
  log: DeviceLog;
  transport: Transport;
  baudRate: number | undefined;
  /** A fresh connection; its listeners are not set yet. */
  attach(connection: Connection): void;
  /** It stands; hello. */
  opened(connection: Connection, baudRate: number | undefined): void;
  /** Before the port is closed. */
  lost(reason: LossReason): void;
  status(): DeviceStatus;
  report(report: Report): void;
};

export const createPortKeeper = ({ id, clock, log, transport, ...options }: PortKeeperOptions): PortKeeper => {
  let { baudRate } = options;
  let connection: Connection | undefined;
  let attempt = 0;
  let isStopped = false;
  let stopReopen: (() => void) | undefined;
  /** A loss that nobody was told of yet. */
  let unreported: { report: Report; isGraced: boolean; cancel(): void } | undefined;
  let opening: Promise<void> = Promise.resolve();
  let closing: Promise<void> = Promise.resolve();

  const tellLoss = (): void => {
    const { report } = unreported ?? {};
    unreported = undefined;
    if (report) options.report(report);
  };

  const forgetLoss = (): void => {
    unreported?.cancel();
    unreported = undefined;
  };

  const open = async (): Promise<void> => {
    stopReopen = undefined;
    const opened = await transport
      .open(baudRate === undefined ? {} : { baudRate })
      .catch((error: unknown) => fail('openFailed' as const, 'engineer', String(error)));
    if (isStopped) {
      if (opened.ok) await close(opened.value);
      return;
    }
    if (!opened.ok) {
      // A port that is not there is "no device"; one that is there but will not open is "offline".
      const isGone = opened.error.code === 'notFound';
      const report: Report = {
        state: isGone ? 'noDevice' : 'offline',
        faults: [faultOfOpenFailure(opened.error.code)],
        reason: opened.error.message,
      };
      const isKnown = isGone && options.status().state === 'noDevice';
      if (unreported) unreported = { ...unreported, report };
      else if (!isKnown) options.report(report);
      retryLater();
      return;
    }
    const fresh = opened.value;
    connection = fresh;
    options.attach(fresh);
    // It may have gone before anyone listened.
    if (connection !== fresh) return;
    if (unreported && !unreported.isGraced) {
      unreported.cancel();
      unreported = {
        report: { state: 'offline', faults: [faultOfLoss('silent')] },
        isGraced: true,
        cancel: clock.after(helloGraceMs, tellLoss),
      };
    }
    options.opened(fresh, baudRate);
  };

  const start = (): void => {
    opening = open();
  };

  const retryLater = (wantedDelayMs?: number): void => {
    if (isStopped || stopReopen) return;
    const delayMs = wantedDelayMs ?? backOffMs[Math.min(attempt, backOffMs.length - 1)] ?? 10_000;
    if (wantedDelayMs === undefined) attempt += 1;
    stopReopen = clock.after(delayMs, start);
  };

  const close = async (ending: Connection): Promise<void> => {
    let stopLimit = (): void => undefined;
    const limit = new Promise<void>((resolve) => {
      stopLimit = clock.after(closeLimitMs, resolve);
    });
    const closed = ending.close().catch((error: unknown) => {
      log({ device: id, event: 'closeFailed', level: 'warn', detail: { error: String(error) } });
    });
    await Promise.race([closed, limit]);
    stopLimit();
  };

  return {
    connection: () => connection,
    start,
    setBaudRate(rate) {
      baudRate = rate;
    },
    lose(reason, lost, delayMs) {
      if (!lost || connection !== lost) return;
      connection = undefined;
      // A second loss does not put off what is to be said of the first one.
      unreported ??= {
        // A write that fails is an unplug that was noticed by writing.
        report: {
          state: reason === 'unplugged' || reason === 'writeFailed' ? 'noDevice' : 'offline',
          faults: [faultOfLoss(reason)],
        },
        isGraced: false,
        cancel: clock.after(lossDebounceMs, tellLoss),
      };
      options.lost(reason);
      closing = close(lost).then(() => retryLater(delayMs));
    },
    heard(state) {
      // Whoever speaks of paper or doors is there; only these say that nobody is.
      if (state !== 'offline' && state !== 'noDevice' && state !== 'starting') attempt = 0;
      forgetLoss();
    },
    async stop() {
      isStopped = true;
      stopReopen?.();
      forgetLoss();
      const last = connection;
      connection = undefined;
      await Promise.all([opening, closing, ...(last ? [close(last)] : [])]);
    },
  };
};
