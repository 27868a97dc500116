// Debian packages that a demo or a test run needs. As root on Debian they are installed, with a line that says so; otherwise the
// command to run is named.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export const packageOfCommand = {
  chromium: 'chromium',
  scanimage: 'sane-utils',
  'fc-list': 'fontconfig',
} as const;
export type NeededCommand = keyof typeof packageOfCommand;

export const hasCommand = (command: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, command)));

const isDebian = existsSync('/etc/debian_version');

/** Answers the commands that are still missing. */
export const ensureCommands = (commands: readonly NeededCommand[], say: (line: string) => void): NeededCommand[] => {
  const missing = commands.filter((command) => !hasCommand(command));
  if (missing.length === 0) return [];
  const packages = missing.map((command) => packageOfCommand[command]);
  if (!isDebian || process.getuid?.() !== 0) {
    say(`缺少系统软件包 / Missing system packages; run: sudo apt-get install ${packages.join(' ')}`);
    return missing;
  }
  say(`正在安装系统软件包 / Installing system packages: ${packages.join(' ')}`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const run = (args: string[]): boolean =>
    spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env: environment }).status === 0;
  // The list may never have been fetched on a fresh machine.
  if (!run(['install', '-y', '-qq', '--no-install-recommends', ...packages])) {
    run(['update', '-qq']);
    run(['install', '-y', '-qq', '--no-install-recommends', ...packages]);
  }
  return commands.filter((command) => !hasCommand(command));
};
