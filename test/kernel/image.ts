// The guest's kernel and first file system. Debian's kernel package is fetched and unpacked, never installed; of it only the image
// and the modules of the list below are kept, in .cache/kernel.
//
//   linux-image-….deb ─▶ vmlinuz, modules ─┐
//   busybox, init.sh, job.sh ──────────────┴─▶ initramfs ─▶ qemu

import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** What the guest loads, with what these need. Anything that is built into the kernel is left out by itself. */
const wantedModules = [
  'virtio_pci',
  '9pnet_virtio',
  '9p',
  'overlay',
  'evdev',
  'uhid',
  'hid-generic',
  'usbhid',
  'dummy_hcd',
  'cdc-acm',
  'usblp',
  'libcomposite',
  'usb_f_hid',
  'usb_f_acm',
  'usb_f_printer',
] as const;

export type KernelImage = { version: string; vmlinuz: string; modules: readonly string[] };

const run = (command: string, args: readonly string[], cwd?: string): { ok: boolean; out: string } => {
  const done = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`, LC_ALL: 'C' },
    ...(cwd === undefined ? {} : { cwd }),
  });
  return { ok: done.status === 0, out: `${done.stdout ?? ''}${done.stderr ?? ''}` };
};

/** The package behind Debian's `linux-image-amd64`; undefined where there is none. */
const kernelPackage = (): string | undefined =>
  /Depends: (linux-image-\d\S+)/.exec(run('apt-cache', ['depends', 'linux-image-amd64']).out)?.[1];

/** The wanted modules in an order in which each finds what it needs, from `modules.dep`. */
export const modulesInOrder = (dependencies: string, wanted: readonly string[]): string[] => {
  const needs = new Map<string, string[]>();
  const pathOf = new Map<string, string>();
  for (const line of dependencies.split('\n')) {
    const [path = '', rest = ''] = line.split(':');
    if (path === '') continue;
    needs.set(path, rest.trim().split(' ').filter(Boolean));
    pathOf.set(basename(path).replace(/\.ko.*$/, ''), path);
  }
  const order: string[] = [];
  const add = (path: string): void => {
    if (order.includes(path)) return;
    for (const need of needs.get(path) ?? []) add(need);
    order.push(path);
  };
  for (const name of wanted) {
    const path = pathOf.get(name);
    if (path !== undefined) add(path);
  }
  return order;
};

const kept = (folder: string): KernelImage | undefined => {
  const list = join(folder, 'modules.json');
  if (!existsSync(list)) return undefined;
  const { version, wanted, modules } = JSON.parse(readFileSync(list, 'utf8')) as {
    version: string;
    wanted: string[];
    modules: string[];
  };
  if (wanted.join() !== wantedModules.join()) return undefined;
  return { version, vmlinuz: join(folder, 'vmlinuz'), modules: modules.map((name) => join(folder, name)) };
};

/** Kernel and modules, from the cache or from the package. Answers why not where they cannot be had. */
export const obtainKernel = (cache: string, say: (line: string) => void): KernelImage | string => {
  const folder = join(cache, 'kernel');
  const ready = kept(folder);
  if (ready) return ready;
  let name = kernelPackage();
  // Not under the cache: apt's own user has to write here.
  const work = mkdtempSync(join(tmpdir(), 'hall-kiosk-kernel-'));
  try {
    chmodSync(work, 0o755);
    if (name === undefined || !run('apt-get', ['download', '-q', name], work).ok) {
      // No lists, or lists that name a package which the archive no longer has.
      run('apt-get', ['update', '-q']);
      name = kernelPackage();
      if (name === undefined) return 'no kernel package is known (linux-image-amd64)';
      if (!run('apt-get', ['download', '-q', name], work).ok) return `${name} could not be fetched`;
    }
    say(`unpacking ${name}`);
    const file = readdirSync(work).find((entry) => entry.endsWith('.deb'));
    if (file === undefined || !run('dpkg', ['-x', file, 'root'], work).ok) return `${name} could not be unpacked`;
    const root = join(work, 'root');
    // Debian merges /lib into /usr/lib; where the modules lie depends on the release.
    const base = existsSync(join(root, 'lib/modules')) ? root : join(root, 'usr');
    const version = readdirSync(join(base, 'lib/modules'))[0];
    if (version === undefined) return `${name} holds no modules`;
    if (!run('depmod', ['-b', base, version]).ok) return 'depmod failed';
    const tree = join(base, 'lib/modules', version);
    const order = modulesInOrder(readFileSync(join(tree, 'modules.dep'), 'utf8'), wantedModules);
    const fresh = `${folder}.${process.pid}`;
    rmSync(fresh, { recursive: true, force: true });
    mkdirSync(fresh, { recursive: true });
    copyFileSync(join(root, 'boot', `vmlinuz-${version}`), join(fresh, 'vmlinuz'));
    const modules = order.map((path, index) => {
      const target = `${String(index).padStart(2, '0')}-${basename(path)}`;
      copyFileSync(join(tree, path), join(fresh, target));
      return target;
    });
    writeFileSync(join(fresh, 'modules.json'), JSON.stringify({ version, wanted: wantedModules, modules }));
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
    return kept(folder) ?? 'the kernel package was not kept';
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
};

/** What the guest does after its root is there: words for the shell, quoted by the caller's needs only. */
export type Job = { node: string; script: string; args: readonly string[]; project: string; compileCache: string };

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/** Packs busybox, the modules, `init.sh` and the job. Answers the file, or why there is none. */
export const packInitramfs = (image: KernelImage, job: Job, file: string): string | undefined => {
  const work = mkdtempSync(join(tmpdir(), 'hall-kiosk-initramfs-'));
  try {
    for (const folder of ['bin', 'modules', 'proc', 'sys', 'dev', 'lower', 'rw', 'root'])
      mkdirSync(join(work, folder), { recursive: true });
    copyFileSync(run('sh', ['-c', 'command -v busybox']).out.trim(), join(work, 'bin/busybox'));
    chmodSync(join(work, 'bin/busybox'), 0o755);
    for (const module of image.modules) copyFileSync(module, join(work, 'modules', basename(module)));
    copyFileSync(new URL('guest/init.sh', import.meta.url), join(work, 'init'));
    chmodSync(join(work, 'init'), 0o755);
    writeFileSync(
      join(work, 'job.sh'),
      [
        `project=${quoted(job.project)}`,
        `compiled=${quoted(job.compileCache)}`,
        `start=${quoted(join(job.project, 'test/kernel/guest/start.sh'))}`,
        `set -- ${[job.node, job.script, ...job.args].map(quoted).join(' ')}`,
        '',
      ].join('\n'),
    );
    const packed = spawnSync('sh', ['-c', `find . | cpio -o -H newc --quiet > ${quoted(file)}`], { cwd: work });
    return packed.status === 0 ? undefined : 'cpio failed';
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
};
