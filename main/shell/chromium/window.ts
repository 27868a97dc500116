// A kiosk window painted by the machine's own Chromium.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KioskWindow } from '../supervise.ts';
import { chromiumFlags, chromiumPolicy, type ChromiumSetting } from './flags.ts';

const candidates = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium'];
export const policyPath = '/etc/chromium/policies/managed/hall-kiosk.json';

export const findChromium = (): string | undefined => {
  const chosen = process.env['HALL_KIOSK_CHROMIUM'];
  return chosen && existsSync(chosen) ? chosen : candidates.find((path) => existsSync(path));
};

/** True when the managed policy file is the one that this version wants. */
export const isPolicyInstalled = async (path = policyPath): Promise<boolean> => {
  try {
    return JSON.stringify(JSON.parse(await readFile(path, 'utf8'))) === JSON.stringify(chromiumPolicy);
  } catch {
    return false;
  }
};

/** `timeZone`: IANA name; screens show the hall's time. */
export type ChromiumWindowOptions = Omit<ChromiumSetting, 'profileDirectory'> & {
  chromiumPath: string;
  timeZone?: string;
};

export const openChromium = async (url: string, options: ChromiumWindowOptions): Promise<KioskWindow> => {
  // A profile of its own for every window: nothing of an earlier run can be in it.
  const profileDirectory = await mkdtemp(join(tmpdir(), 'hall-kiosk-window-'));
  const child = spawn(options.chromiumPath, [...chromiumFlags({ ...options, profileDirectory }), url], {
    stdio: 'ignore',
    detached: false,
    env: { ...process.env, ...(options.timeZone ? { TZ: options.timeZone } : {}) },
  });
  const closed = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(String(error)));
    child.once('exit', (code, signal) => resolve(`exit ${code ?? signal ?? ''}`));
  });
  const cleaned = closed.then(async (reason) => {
    await rm(profileDirectory, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    return reason;
  });
  return {
    onClosed(listener) {
      void closed.then(listener);
    },
    async close() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 3000);
      await cleaned;
      clearTimeout(timer);
    },
  };
};
