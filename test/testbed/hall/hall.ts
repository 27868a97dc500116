// A hall of simulated devices: one process a device, each on its own tty with a path that stays the same.
//
//   startHall ── fork ──▶ main.ts id-card-reader ── <dir>/id-card-reader
//             └─ fork ──▶ main.ts locker         ── <dir>/locker

import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DeviceKind } from '../../../devices/kit/status.ts';
import { messageSchema, type KnobFace, type SimulatorRequest } from './messages.ts';

export type HallDevice = {
  kind: DeviceKind;
  id: string;
  /** tty path or `tcp://…`; for the document scanner the SANE configuration folder. */
  path: string;
  /** SANE name; document scanner only. */
  device?: string;
  knobs: readonly KnobFace[];
};

export type HallOptions = {
  /** Where the stable paths are made. */
  dir: string;
  kinds: readonly DeviceKind[];
  /** Settings of the simulators. `baudRate` is the wire's (0: unlimited). */
  settings?: Partial<Record<DeviceKind, Record<string, unknown>>>;
  /** `tcp` where there are no ttys. */
  link?: 'tty' | 'tcp';
};

export type Hall = {
  readonly devices: readonly HallDevice[];
  turn(kind: DeviceKind, knob: string, argument?: string): Promise<void>;
  look(kind: DeviceKind): Promise<Record<string, unknown>>;
  /** Ends every process; resolves when they are gone. */
  stop(): Promise<void>;
};

/** A busy machine may take long to start six programs at once. */
export const startLimitMs = 40_000;
export const answerLimitMs = 5000;
/** A simulator that does not end by itself in this time is killed. */
export const stopLimitMs = 3000;

type Process = { device: HallDevice; ask(request: Question): Promise<Record<string, unknown>>; stop(): Promise<void> };
type WithoutId<T> = T extends { id: number } ? Omit<T, 'id'> : never;
type Question = WithoutId<SimulatorRequest>;
type Waiting = { resolve(look: Record<string, unknown>): void; reject(error: Error): void; timer: NodeJS.Timeout };

const program = new URL('main.ts', import.meta.url);

const argumentsFor = (kind: DeviceKind, { dir, settings, link }: HallOptions): string[] => {
  const { baudRate, ...rest } = settings?.[kind] ?? {};
  const isTcp = link === 'tcp' && kind !== 'document-scanner';
  return [
    kind,
    ...(isTcp ? ['--tcp'] : ['--link', join(dir, kind)]),
    ...(typeof baudRate === 'number' ? ['--baud', String(baudRate)] : []),
    ...(Object.keys(rest).length > 0 ? ['--settings', JSON.stringify(rest)] : []),
  ];
};

const exitOf = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });

const startProcess = (kind: DeviceKind, options: HallOptions): Promise<Process> =>
  new Promise((resolve, reject) => {
    const child = fork(program, argumentsFor(kind, options), {
      // Its own words go to our standard error; nothing of ours reaches its standard input.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...process.env, UV_USE_IO_URING: '0' },
    });
    const waiting = new Map<number, Waiting>();
    let lastId = 0;
    const failAll = (error: Error): void => {
      for (const { reject: refuse, timer } of waiting.values()) {
        clearTimeout(timer);
        refuse(error);
      }
      waiting.clear();
      reject(error);
    };
    const startTimer = setTimeout(() => {
      child.kill('SIGKILL');
      failAll(new Error(`the simulated ${kind} did not start`));
    }, startLimitMs);

    const ask = (request: Question): Promise<Record<string, unknown>> =>
      new Promise((answer, refuse) => {
        if (!child.connected) {
          refuse(new Error(`the simulated ${kind} has ended`));
          return;
        }
        lastId += 1;
        const id = lastId;
        const timer = setTimeout(() => {
          waiting.delete(id);
          refuse(new Error(`the simulated ${kind} does not answer`));
        }, answerLimitMs);
        waiting.set(id, { resolve: answer, reject: refuse, timer });
        child.send({ id, ...request });
      });

    const stop = async (): Promise<void> => {
      const gone = exitOf(child);
      const killTimer = setTimeout(() => child.kill('SIGKILL'), stopLimitMs);
      // It may end before it has answered; either is what is wanted.
      ask({ stop: true }).catch(() => undefined);
      await gone;
      clearTimeout(killTimer);
      failAll(new Error(`the simulated ${kind} was stopped`));
    };

    child.on('message', (raw) => {
      const message = messageSchema.safeParse(raw);
      if (!message.success) return;
      const { data } = message;
      if ('ready' in data) {
        clearTimeout(startTimer);
        const { path, knobs, device } = data.ready;
        resolve({
          device: { kind, id: kind, path, knobs, ...(device === undefined ? {} : { device }) },
          ask,
          stop,
        });
        return;
      }
      const asked = waiting.get(data.id);
      if (!asked) return;
      waiting.delete(data.id);
      clearTimeout(asked.timer);
      if (data.ok) asked.resolve(data.look ?? {});
      else asked.reject(new Error(data.error));
    });
    child.on('error', failAll);
    child.on('exit', (code, signal) => {
      clearTimeout(startTimer);
      failAll(new Error(`the simulated ${kind} ended: ${signal ?? code}`));
    });
  });

/** Starts one process per kind and waits until all are on their wires. When one fails to start, the others are ended. */
export const startHall = async (options: HallOptions): Promise<Hall> => {
  mkdirSync(options.dir, { recursive: true });
  const kinds = [...new Set(options.kinds)];
  const starts = await Promise.allSettled(kinds.map((kind) => startProcess(kind, options)));
  const processes = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  const stop = async (): Promise<void> => {
    await Promise.all(processes.map((each) => each.stop()));
  };
  const failure = starts.find((start) => start.status === 'rejected');
  if (failure) {
    await stop();
    throw failure.reason;
  }
  const find = (kind: DeviceKind): Process => {
    const found = processes.find(({ device }) => device.kind === kind);
    if (!found) throw new RangeError(`there is no ${kind} in this hall`);
    return found;
  };
  return {
    devices: processes.map(({ device }) => device),
    async turn(kind, knob, argument) {
      await find(kind).ask({ turn: { knob, ...(argument === undefined ? {} : { argument }) } });
    },
    look: async (kind) => find(kind).ask({ look: true }),
    stop,
  };
};
