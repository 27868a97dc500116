// A USB bus of virtual HID devices, and a host process on it.
//
//   this process: simulator ◀─ reports ─▶ kernel.py: umockdev ◀─ /dev/hidraw* ─▶ host.ts: node-hid, driver
//                 checks    ◀───────────────── commands, status ──────────────▶ host.ts
//
// What is real: node-hid with its native part, libudev, poll, read, write, permissions. What is not: the kernel, for which umockdev stands.

import { fork, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { DeviceStatus } from '../../../devices/kit/status.ts';
import type { HidLink } from '../../../devices/kit/transports/hid.ts';
import { hasCommand } from '../system-packages.ts';
import type { HostAnswers, HostMessage, HostRequest } from './messages.ts';
import { createReportCutter } from './reports.ts';

const kernelProgram = fileURLToPath(new URL('kernel.py', import.meta.url));
const hostProgram = fileURLToPath(new URL('host.ts', import.meta.url));
/** The system's own: umockdev's bindings are Debian packages, which no other Python sees. */
const python = '/usr/bin/python3';
const preload = 'libumockdev-preload.so.0';

/** Why there can be no virtual HID bus on this machine; undefined: there can. */
export const whyNoHid = (): string | undefined => {
  if (process.platform !== 'linux') return 'no hidraw outside Linux';
  if (!hasCommand('umockdev-wrapper')) return 'no umockdev (Debian: umockdev)';
  const bindings = spawnSync(python, ['-c', "import gi; gi.require_version('UMockdev', '1.0')"], { stdio: 'ignore' });
  return bindings.status === 0 ? undefined : 'no Python bindings of umockdev (Debian: gir1.2-umockdev-1.0 python3-gi)';
};

const isRoot = process.getuid?.() === 0;
/** Root reads and writes what it may not, unless it gives that up; a container may not even allow that. */
const givingUp = ['--bounding-set', '-dac_override,-dac_read_search'] as const;
export const canRefuse = !isRoot || spawnSync('setpriv', [...givingUp, 'true'], { stdio: 'ignore' }).status === 0;

export type VirtualHid = {
  name: string;
  vendorId: number;
  productId: number;
  serialNumber?: string;
  manufacturer?: string;
  product?: string;
  descriptor: Uint8Array;
  /** One report from the host, its number first. */
  onReport(report: Uint8Array): void;
};

export type HidHost = {
  ask<T extends HostRequest['type']>(request: Extract<HostRequest, { type: T }>): Promise<HostAnswers[T]>;
  start(device: string, driver: string, config: unknown, link: HidLink, clockFactor?: number): Promise<void>;
  status(device: string): DeviceStatus | undefined;
  /** Resolves when the device is, or comes, into a status like that. */
  reaches(device: string, isThere: (status: DeviceStatus) => boolean): Promise<DeviceStatus>;
};

export type HidTestbed = {
  host: HidHost;
  plug(device: VirtualHid): Promise<string>;
  unplug(name: string): Promise<void>;
  /** Whether the host may open the device's node. */
  permit(name: string, isAllowed: boolean): Promise<void>;
  /** A report of the device, its number first where it numbers them. */
  send(name: string, report: Uint8Array): void;
  stop(): Promise<void>;
};

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const startKernel = async () => {
  const child = spawn(python, ['-u', kernelProgram], { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = new Map<string, { resolve(value: string): void; reject(error: Error): void }>();
  const cutters = new Map<string, (bytes: Uint8Array) => void>();
  let isStopping = false;
  const failAll = (text: string): void => {
    for (const { reject } of waiting.values()) reject(new Error(text));
    waiting.clear();
  };
  const settle = (key: string, value: string): void => {
    waiting.get(key)?.resolve(value);
    waiting.delete(key);
  };
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = JSON.parse(line) as Record<string, string>;
    const { root, plugged, path = '', unplugged, permitted, wrote, hex: digits = '', trouble } = message;
    if (root !== undefined) settle('root', root);
    else if (plugged !== undefined) settle(`plug ${plugged}`, path);
    else if (unplugged !== undefined) settle(`unplug ${unplugged}`, '');
    else if (permitted !== undefined) settle(`permit ${permitted}`, '');
    else if (wrote !== undefined) cutters.get(wrote)?.(Uint8Array.from(Buffer.from(digits, 'hex')));
    else if (trouble !== undefined) failAll(trouble);
  });
  child.on('exit', (code) => {
    if (!isStopping) failAll(`the virtual kernel ended with ${code}`);
  });
  const answer = (key: string): Promise<string> =>
    new Promise((resolve, reject) => {
      waiting.set(key, { resolve, reject });
    });
  const tell = (message: Record<string, unknown>): void => {
    child.stdin.write(`${JSON.stringify(message)}\n`);
  };
  return {
    root: await answer('root'),
    tell,
    async order(what: 'plug' | 'unplug' | 'permit', name: string, more: Record<string, unknown> = {}): Promise<string> {
      const done = answer(`${what} ${name}`);
      tell({ [what]: name, ...more });
      return done;
    },
    cutters,
    async stop(): Promise<void> {
      isStopping = true;
      const ended = new Promise((resolve) => {
        child.once('exit', resolve);
      });
      child.stdin.end();
      await ended;
    },
  };
};

const forkHost = (root: string): ChildProcess => {
  const { NODE_OPTIONS: _options, ...environment } = process.env;
  const isLimited = isRoot && canRefuse;
  return fork(hostProgram, {
    env: { ...environment, LD_PRELOAD: preload, UMOCKDEV_DIR: root, UV_USE_IO_URING: '0' },
    serialization: 'advanced',
    execArgv: [],
    ...(isLimited ? { execPath: 'setpriv', execArgv: [...givingUp, process.execPath] } : {}),
  });
};

const startHost = async (root: string) => {
  const child = forkHost(root);
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const statuses = new Map<string, DeviceStatus>();
  const watchers = new Set<() => void>();
  let lastId = 0;
  let isStopping = false;
  const ready = Promise.withResolvers<void>();
  child.on('message', (message: HostMessage) => {
    switch (message.type) {
      case 'ready':
        return ready.resolve();
      case 'answer':
        waiting.get(message.id)?.resolve(message.value);
        return waiting.delete(message.id);
      case 'failed':
        waiting.get(message.id)?.reject(new Error(message.error));
        return waiting.delete(message.id);
      case 'status':
        statuses.set(message.device, message.status);
        for (const watcher of watchers) watcher();
        return undefined;
      default:
        return message satisfies never;
    }
  });
  child.on('exit', (code, signal) => {
    if (isStopping) return;
    const error = new Error(`the host process ended with ${code ?? signal}`);
    ready.reject(error);
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  });
  await ready.promise;

  const host: HidHost = {
    ask: <T extends HostRequest['type']>(request: Extract<HostRequest, { type: T }>) =>
      new Promise<HostAnswers[T]>((resolve, reject) => {
        const id = ++lastId;
        waiting.set(id, { resolve: (value) => resolve(value as HostAnswers[T]), reject });
        child.send({ id, request });
      }),
    async start(device, driver, config, link, clockFactor = 1) {
      await host.ask({ type: 'start', device, driver, config, link, clockFactor });
    },
    status: (device) => statuses.get(device),
    reaches: (device, isThere) =>
      new Promise((resolve) => {
        const look = (): void => {
          const status = statuses.get(device);
          if (!status || !isThere(status)) return;
          watchers.delete(look);
          resolve(status);
        };
        watchers.add(look);
        look();
      }),
  };
  return {
    host,
    async stop(): Promise<void> {
      isStopping = true;
      const ended = new Promise((resolve) => {
        child.once('exit', resolve);
      });
      child.disconnect();
      await ended;
    },
  };
};

export const startHidTestbed = async (): Promise<HidTestbed> => {
  const kernel = await startKernel();
  let running: Awaited<ReturnType<typeof startHost>>;
  try {
    running = await startHost(kernel.root);
  } catch (error) {
    await kernel.stop();
    throw error;
  }
  return {
    host: running.host,
    async plug({ descriptor, onReport, name, ...facts }) {
      kernel.cutters.set(name, createReportCutter(descriptor, onReport));
      return kernel.order('plug', name, { ...facts, descriptor: hex(descriptor) });
    },
    async unplug(name) {
      kernel.cutters.delete(name);
      await kernel.order('unplug', name);
    },
    async permit(name, isAllowed) {
      await kernel.order('permit', name, { isAllowed });
    },
    send(name, report) {
      kernel.tell({ report: name, hex: hex(report) });
    },
    async stop() {
      await running.stop();
      await kernel.stop();
    },
  };
};
