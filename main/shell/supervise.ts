// Keeps a host and a window alive, whatever paints the window. Holds what must survive the host: the key of the running session
// and the window's credential. Both shells use it.
//
//   host (process) ◀── begin, admit, stop ── supervise ── open, close ──▶ window (Chromium or Electron)
//                  ─── ready, alive, key ──▶

import { randomBytes } from 'node:crypto';
import type { Clock } from '../../devices/kit/clock.ts';
import { fromHostSchema, type FromHost, type ToHost } from '../contract/supervision.ts';
import { ended, started, type RestartState } from './restart.ts';

export type HostProcess = {
  send(message: ToHost): void;
  onMessage(listener: (message: unknown) => void): void;
  onExit(listener: (code: number | null) => void): void;
  kill(): void;
};

export type KioskWindow = {
  onClosed(listener: (reason: string) => void): void;
  close(): Promise<void>;
};

export type SupervisionOptions = {
  clock: Clock;
  /** 0: any free port; it stays the same over restarts of the host. */
  port: number;
  startHost(): HostProcess;
  openWindow(url: string): Promise<KioskWindow>;
  log(event: string, detail?: Record<string, unknown>): void;
  /** Called when the host says that starting again does not help. */
  onCannotStart(code: string, message: string): void;
};

export type Supervision = {
  /** Resolves when the first window was opened. */
  ready: Promise<void>;
  /** Process-level events for walks and health reports. */
  restarts(): { host: number; window: number };
  hostPid?: () => number | undefined;
  stop(): Promise<void>;
};

export const silentHostMs = 20_000;
export const stopGraceMs = 5000;

const newToken = (): string => randomBytes(32).toString('base64url');

export const supervise = (options: SupervisionOptions): Supervision => {
  const { clock, log } = options;
  const credential = newToken();
  let { port } = options;
  let session: { sessionId: string; keyBase64: string } | undefined;
  let host: HostProcess | undefined;
  let window: KioskWindow | undefined;
  let isOpening = false;
  let origin: string | undefined;
  let isStopping = false;
  let isHopeless = false;
  let hostState: RestartState = { failures: 0, startedAtMs: 0 };
  let windowState: RestartState = { failures: 0, startedAtMs: 0 };
  const counts = { host: -1, window: -1 };
  let stopWatchdog: (() => void) | undefined;
  const admitted = new Map<string, () => void>();
  const firstWindow = Promise.withResolvers<void>();

  const watch = (watched: HostProcess): void => {
    stopWatchdog?.();
    stopWatchdog = clock.after(silentHostMs, () => {
      if (host !== watched) return;
      log('hostSilent', { afterMs: silentHostMs });
      watched.kill();
    });
  };

  const receive = (from: HostProcess, message: FromHost): void => {
    if (host !== from) return;
    watch(from);
    switch (message.type) {
      case 'ready':
        ({ origin, port } = message);
        if (!window && !isOpening) void open();
        return;
      case 'admitted':
        admitted.get(message.token)?.();
        admitted.delete(message.token);
        return;
      case 'sessionBegan':
        session = { sessionId: message.sessionId, keyBase64: message.keyBase64 };
        return;
      case 'sessionEnded':
        if (session?.sessionId === message.sessionId) session = undefined;
        return;
      case 'alive':
        return;
      case 'cannotStart':
        isHopeless = true;
        options.onCannotStart(message.code, message.message);
        return;
      default:
        message satisfies never;
    }
  };

  const start = (): void => {
    if (isStopping) return;
    counts.host += 1;
    hostState = started(hostState, clock.now());
    const fresh = options.startHost();
    host = fresh;
    watch(fresh);
    fresh.onMessage((data) => {
      const message = fromHostSchema.safeParse(data);
      if (message.success) receive(fresh, message.data);
    });
    fresh.onExit((code) => {
      if (host !== fresh) return;
      host = undefined;
      origin = undefined;
      stopWatchdog?.();
      if (isStopping || isHopeless) return;
      const next = ended(hostState, clock.now());
      hostState = next.state;
      log('hostEnded', { code, restartInMs: next.delayMs });
      clock.after(next.delayMs, start);
    });
    fresh.send({ type: 'begin', credential, port, ...(session ? { session } : {}) });
  };

  const open = async (): Promise<void> => {
    if (isStopping || window || isOpening || !host || !origin) return;
    isOpening = true;
    try {
      const token = newToken();
      const letIn = new Promise<void>((resolve) => admitted.set(token, resolve));
      host.send({ type: 'admit', token });
      // A host that ends in between never answers; the next `ready` opens the window.
      const isLetIn = await Promise.race([
        letIn.then(() => true),
        new Promise<false>((resolve) => clock.after(5000, () => resolve(false))),
      ]);
      if (!isLetIn || !origin) return;
      windowState = started(windowState, clock.now());
      counts.window += 1;
      const opened = await options.openWindow(`${origin}/enter?token=${token}`);
      window = opened;
      opened.onClosed((reason) => closed(opened, reason));
      firstWindow.resolve();
    } catch (error) {
      log('windowFailed', { error: String(error).split('\n')[0] });
      isOpening = false;
      retryWindow();
    } finally {
      isOpening = false;
    }
  };

  const retryWindow = (): void => {
    if (isStopping) return;
    const next = ended(windowState, clock.now());
    windowState = next.state;
    clock.after(next.delayMs, () => void open());
  };

  const closed = (which: KioskWindow, reason: string): void => {
    if (window !== which) return;
    window = undefined;
    if (isStopping) return;
    log('windowClosed', { reason });
    retryWindow();
  };

  start();
  return {
    ready: firstWindow.promise,
    restarts: () => ({ host: counts.host, window: counts.window }),
    async stop() {
      isStopping = true;
      stopWatchdog?.();
      await window?.close();
      const last = host;
      if (!last) return;
      await new Promise<void>((resolve) => {
        const cancel = clock.after(stopGraceMs, () => {
          last.kill();
          resolve();
        });
        last.onExit(() => {
          cancel();
          resolve();
        });
        last.send({ type: 'stop' });
      });
    },
  };
};
