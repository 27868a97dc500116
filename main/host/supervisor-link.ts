// The host's end of the line to its shell: Node's IPC channel, or Electron's parentPort. Without a shell (a systemd service) the
// host begins by itself and a session ends with the process.

import { randomBytes } from 'node:crypto';
import { toHostSchema, type FromHost, type ToHost } from '../contract/supervision.ts';

export type SupervisorLink = {
  begin(): Promise<Extract<ToHost, { type: 'begin' }>>;
  send(message: FromHost): void;
  onMessage(listener: (message: ToHost) => void): void;
  /** Electron only: a page's MessagePort. */
  onPort(listener: (port: ElectronPort) => void): void;
};

/** The part of Electron's MessagePortMain that a channel needs. */
export type ElectronPort = {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
  on(event: 'close', listener: () => void): void;
  start(): void;
};

type ParentPort = {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown; ports: ElectronPort[] }) => void): void;
};

const beginTimeoutMs = 10_000;

export const createSupervisorLink = (port: number): SupervisorLink => {
  const { parentPort } = process as unknown as { parentPort?: ParentPort };
  const isSupervised = parentPort !== undefined || process.send !== undefined;
  const listeners: ((message: ToHost) => void)[] = [];
  const receive = (data: unknown): void => {
    const message = toHostSchema.safeParse(data);
    if (message.success) for (const listener of listeners) listener(message.data);
  };
  const portListeners: ((port: ElectronPort) => void)[] = [];
  parentPort?.on('message', ({ data, ports }) => {
    const [pagePort] = ports;
    if (pagePort) for (const listener of portListeners) listener(pagePort);
    else receive(data);
  });
  process.on('message', receive);
  // The shell is gone: a host without a window serves nobody and would hold the ports.
  process.on('disconnect', () => process.exit(0));
  return {
    begin() {
      const alone = { type: 'begin' as const, credential: randomBytes(32).toString('base64url'), port };
      if (!isSupervised) return Promise.resolve(alone);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('the shell sent no begin message')), beginTimeoutMs);
        listeners.push((message) => {
          if (message.type !== 'begin') return;
          clearTimeout(timer);
          resolve(message);
        });
      });
    },
    send(message) {
      if (parentPort) parentPort.postMessage(message);
      else process.send?.(message);
    },
    onMessage(listener) {
      listeners.push(listener);
    },
    onPort(listener) {
      portListeners.push(listener);
    },
  };
};
