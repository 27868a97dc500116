// The host as a plain Node child process with an IPC channel (the Chromium shell's way).

import { spawn, type ChildProcess } from 'node:child_process';
import { hostForgettingFlags } from './chromium/flags.ts';
import type { HostProcess } from './supervise.ts';

export type NodeHostOptions = {
  nodePath: string;
  hostScript: string;
  configPath: string;
  /** Folder for compiled code: every start after the first is faster and smaller. It must belong to whoever owns the program. */
  compileCache?: string;
  environment?: Record<string, string>;
};

/**
 * The host makes little garbage at a time; the default of 16 MB a half would only be held, never needed. One helper thread of V8 and
 * one heap for all threads are enough for it, too, and spare some 6 MB.
 */
const nodeFlags = ['--max-semi-space-size=2', '--v8-pool-size=1', ...hostForgettingFlags];
/** `MALLOC_PERTURB_`: what libc frees is written over, so that nothing of a visit stays readable in it. */
const memoryEnvironment = { MALLOC_ARENA_MAX: '1', MALLOC_PERTURB_: '165' };

export const startNodeHost = (options: NodeHostOptions): HostProcess & { child: ChildProcess } => {
  const child = spawn(options.nodePath, [...nodeFlags, options.hostScript, '--config', options.configPath], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // io_uring makes a serial port fail to reopen on some kernels.
    env: {
      ...process.env,
      UV_USE_IO_URING: '0',
      ...memoryEnvironment,
      ...(options.compileCache === undefined ? {} : { NODE_COMPILE_CACHE: options.compileCache }),
      ...options.environment,
    },
  });
  return {
    child,
    send(message) {
      if (child.connected) child.send(message);
    },
    onMessage(listener) {
      child.on('message', listener);
    },
    onExit(listener) {
      child.once('exit', (code) => listener(code));
    },
    kill() {
      child.kill('SIGKILL');
    },
  };
};
