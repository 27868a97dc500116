// The host as a plain Node child process with an IPC channel (the Chromium shell's way).

import { spawn, type ChildProcess } from 'node:child_process';
import type { HostProcess } from './supervise.ts';

export type NodeHostOptions = {
  nodePath: string;
  hostScript: string;
  configPath: string;
  environment?: Record<string, string>;
};

export const startNodeHost = (options: NodeHostOptions): HostProcess & { child: ChildProcess } => {
  const child = spawn(options.nodePath, [options.hostScript, '--config', options.configPath], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // io_uring makes a serial port fail to reopen on some kernels.
    env: { ...process.env, UV_USE_IO_URING: '0', ...options.environment },
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
