// `npm run test:kernel`: boots a small machine with a real kernel and runs the host's device layer in it against simulated USB and
// HID hardware. Nothing of it needs hardware acceleration or root rights over this machine's devices.
//
//   main.ts ─▶ qemu ─▶ init.sh ─▶ start.sh ─▶ guest/main.ts ─▶ "#check …" lines on the console ─▶ main.ts

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { obtainKernel, packInitramfs } from './image.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const { values } = parseArgs({
  options: {
    /** Unplug cycles of each device. */
    cycles: { type: 'string', default: '50' },
    /** Only checks whose name holds this word. */
    only: { type: 'string' },
    /** The whole console, e.g. to see why a guest does not boot. */
    verbose: { type: 'boolean', default: false },
  },
});

/** A guest that says nothing any more is ended. */
const limitMs = 20 * 60_000;
const needed = {
  'qemu-system-x86_64': 'qemu-system-x86',
  busybox: 'busybox-static',
  cpio: 'cpio',
  depmod: 'kmod',
  udevadm: 'udev',
} as const;

const hasCommand = (command: string): boolean =>
  [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'].some((folder) =>
    existsSync(join(folder, command)),
  );

const missing = (): string[] =>
  Object.entries(needed).flatMap(([command, name]) => (hasCommand(command) ? [] : [name]));

const install = (packages: readonly string[]): void => {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return;
  say(`installing ${packages.join(' ')}`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: string[]): boolean =>
    spawnSync('apt-get', args, { stdio: 'ignore', env: environment }).status === 0;
  if (apt('install', '-y', '-qq', '--no-install-recommends', ...packages)) return;
  apt('update', '-qq');
  apt('install', '-y', '-qq', '--no-install-recommends', ...packages);
};

const skip = (why: string): void => {
  say(`skipped: no qemu (${why})`);
};

const guestScript = 'test/kernel/guest/main.ts';

/** Compiles what the guest will run: there the same work takes many times as long. */
const warm = (compileCache: string): void => {
  const environment = { ...process.env, NODE_COMPILE_CACHE: compileCache, NODE_NO_WARNINGS: '1' };
  spawnSync(process.execPath, [guestScript, '--load'], { cwd: root, env: environment, stdio: 'ignore' });
};

const machineOptions = (vmlinuz: string, initramfs: string): string[] =>
  [
    ['-accel', 'tcg,thread=multi', '-cpu', 'max', '-smp', '2', '-m', '1536', '-nographic', '-no-reboot'],
    ['-kernel', vmlinuz, '-initrd', initramfs, '-append', 'console=ttyS0 quiet loglevel=3 panic=-1'],
    ['-fsdev', 'local,id=root,path=/,security_model=none,readonly=on,multidevs=remap'],
    ['-device', 'virtio-9p-pci,fsdev=root,mount_tag=root', '-nic', 'none', '-monitor', 'none'],
  ].flat();

const boot = (vmlinuz: string, initramfs: string): Promise<{ passed: number; failed: number; exit?: number }> =>
  new Promise((resolve) => {
    const counts: { passed: number; failed: number; exit?: number } = { passed: 0, failed: 0 };
    const guest = spawn('qemu-system-x86_64', machineOptions(vmlinuz, initramfs), {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const limit = setTimeout(() => {
      say('FAIL  the guest did not come to an end');
      counts.failed += 1;
      guest.kill('SIGKILL');
    }, limitMs);
    const stop = (): void => void guest.kill('SIGKILL');
    process.once('exit', stop);
    const read = (line: string): void => {
      const text = line.replaceAll('\r', '');
      const check = /#check (ok|FAIL) (.*)/.exec(text);
      if (check) {
        if (check[1] === 'ok') counts.passed += 1;
        else counts.failed += 1;
        say(`${(check[1] ?? '').padEnd(4)}  ${check[2] ?? ''}`);
        return;
      }
      const exit = /#exit (\d+)/.exec(text);
      if (exit) counts.exit = Number(exit[1]);
      if (values.verbose) say(`      ${text}`);
      else if (text.includes('#note ')) say(`      ${text.slice(text.indexOf('#note ') + 6)}`);
    };
    createInterface({ input: guest.stdout }).on('line', read);
    createInterface({ input: guest.stderr }).on('line', read);
    guest.once('close', () => {
      clearTimeout(limit);
      process.off('exit', stop);
      resolve(counts);
    });
  });

const test = async (): Promise<void> => {
  if (process.platform !== 'linux' || process.arch !== 'x64') return skip('only on Linux on x86-64');
  const before = missing();
  if (before.length > 0) install(before);
  const after = missing();
  if (after.length > 0) return skip(`install ${after.join(', ')}`);
  const cache = join(root, '.cache');
  mkdirSync(cache, { recursive: true });
  const image = obtainKernel(cache, say);
  if (typeof image === 'string') return skip(image);
  const work = mkdtempSync(join(tmpdir(), 'hall-kiosk-guest-'));
  try {
    const initramfs = join(work, 'initramfs');
    const compileCache = join(cache, 'kernel-compiled');
    warm(compileCache);
    const args = ['--cycles', values.cycles, ...(values.only === undefined ? [] : ['--only', values.only])];
    const failure = packInitramfs(
      image,
      { node: process.execPath, script: guestScript, args, project: root.replace(/\/$/, ''), compileCache },
      initramfs,
    );
    if (failure !== undefined) return skip(failure);
    const startedMs = Date.now();
    say(`a guest with kernel ${image.version}`);
    const { passed, failed, exit } = await boot(image.vmlinuz, initramfs);
    const broken = exit === undefined || (exit !== 0 && failed === 0) ? 1 : 0;
    if (broken > 0) say(`FAIL  the guest ended ${exit === undefined ? 'early' : `with ${exit}`}`);
    say(`kernel: ${Math.round((Date.now() - startedMs) / 1000)} s`);
    say(`${passed} passed, ${failed + broken} failed`);
    process.exitCode = failed + broken > 0 ? 1 : 0;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
};

await test();
