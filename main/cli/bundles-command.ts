// `bundles list` and `bundles verify`: what came down from the centre and is kept here, and whether a file would be taken. Nothing is
// changed and nobody is asked.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { KioskConfig } from '../../kiosk-config/schema.ts';
import { readRoot } from '../bundles/read-root.ts';
import { isSignedBy, openFile, readSigned, type OpenedFile } from '../bundles/signed-file.ts';
import { readFirstRoot, readNextRoot } from '../bundles/trust.ts';
import {
  bundleChannels,
  bundleSchema,
  channelRules,
  fileRoles,
  manifestSchema,
  rootSchema,
  type FileRole,
  type Root,
} from '../contract/bundles.ts';
import { bundleSlots, createBundleReader } from '../store/bundles.ts';
import { inspectFile } from '../store/inspection.ts';
import { machineKeyPlace, openMachineKey } from '../store/machine-key-source.ts';
import { misused, stringOf, type Command, type Io } from './command.ts';
import { configFor } from './live-devices.ts';
import { configOption, fileOption, withStoreFile } from './store-file.ts';

const slotWords = {
  current: { zh: '使用中', en: 'serves' },
  next: { zh: '等待启用', en: 'waits' },
  previous: { zh: '上一版', en: 'before it' },
} as const;
const day = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ');

export const bundlesList: Command = {
  usage: 'bundles list',
  summary: {
    zh: '列出平台下发、存在本机的内容和拒收记录',
    en: 'list what came down from the centre, and what was refused',
  },
  options: { config: configOption, file: fileOption },
  run: (input, io) =>
    withStoreFile(input, io, async (file, config) => {
      const damage: string[] = [];
      const reader = createBundleReader(file, ({ where, reason }) => void damage.push(`${where}: ${reason}`));
      const { manifest, roots = [] } = reader.trust() ?? {};
      const bundles = bundleChannels.flatMap((channel) =>
        bundleSlots.flatMap((slot) => {
          const held = reader.read(channel, slot);
          if (!held) return [];
          const { version, issuedAtMs, expiresAtMs, payloadSha256 } = held;
          const isExpired = expiresAtMs <= Date.now();
          return [{ channel, slot, version, issuedAtMs, expiresAtMs, isExpired, payloadSha256 }];
        }),
      );
      const refusals = reader.refusals();
      const isOn = config.central.bundleRoot !== undefined;
      const isGood = damage.length === 0;
      if (input.isJson) {
        const laterRoots = roots.length;
        io.out(
          JSON.stringify(
            { isOn, laterRoots, ...(manifest ? { manifest } : {}), bundles, refusals, damage },
            undefined,
            2,
          ),
        );
        return isGood ? 0 : 1;
      }
      const isZh = io.language === 'zh';
      if (!isOn)
        io.out(
          isZh ? '没有配置 central.bundleRoot：不接收下发' : 'central.bundleRoot is not configured: nothing is taken',
        );
      if (manifest)
        io.out(
          isZh
            ? `清单 ${manifest.version}，有效期至 ${day(manifest.expiresAtMs)}(UTC)`
            : `manifest ${manifest.version}, good until ${day(manifest.expiresAtMs)} UTC`,
        );
      for (const { channel, slot, version, expiresAtMs, isExpired } of bundles) {
        const rest = isExpired ? ` · ${isZh ? '已过期' : 'expired'}, ${channelRules[channel].afterExpiry}` : '';
        io.out(`${channel} ${version}  ${slotWords[slot][io.language]}  ${day(expiresAtMs)}${rest}`);
      }
      if (bundles.length === 0) io.out(isZh ? '本机没有下发的内容' : 'nothing has come down');
      for (const { file: name, version, reason, detail, refusedAtMs } of refusals)
        io.out(`${isZh ? '拒收' : 'refused'} ${day(refusedAtMs)}  ${name} ${version ?? ''}  ${reason}: ${detail}`);
      for (const one of damage) io.out(`FAIL  ${one}`);
      return isGood ? 0 : 1;
    }),
};

/** The root of the configuration and those that followed it, as far as this machine has heard of them. */
const newestRoot = (config: KioskConfig): { root: Root } | { problem: string } => {
  const configured = readRoot(config.central.bundleRoot);
  if ('problem' in configured) return configured;
  const first = readFirstRoot(configured.bytes);
  if (!first.ok) return { problem: `${first.error.code}: ${first.error.message}` };
  const { directory, machineKeyFile } = config.store;
  // Looks only: opening would make a key where there is none.
  const isThere = existsSync(machineKeyPlace(machineKeyFile).path);
  const machineKey = isThere ? openMachineKey(machineKeyFile) : undefined;
  if (!machineKey?.ok) return { root: first.value };
  const inspected = inspectFile({
    path: join(directory, 'kiosk.db'),
    machineKey: machineKey.value.bytes,
    kioskId: config.kiosk.id,
  });
  if (!inspected.ok) return { root: first.value };
  using file = inspected.value;
  const later = createBundleReader(file, () => undefined).trust()?.roots ?? [];
  return {
    root: later.reduce((root, kept) => {
      const next = readNextRoot(root, Buffer.from(kept, 'base64'));
      return next.ok ? next.value : root;
    }, first.value),
  };
};

const schemas = { root: rootSchema, manifest: manifestSchema, bundle: bundleSchema } as const;

type Verdict =
  | { ok: true; role: FileRole; version: number; expiresAt: string }
  | { ok: false; code: string; message: string };

/** Of which role the file is does not stand outside what was signed: the signature tells. */
const judge = (file: OpenedFile, root: Root): Verdict => {
  const role = fileRoles.find((candidate) => isSignedBy(file, root, candidate));
  if (!role) return { ok: false, code: 'badSignature', message: 'not signed by enough keys of any role of the root' };
  const read = readSigned<{ version: number; expiresAt: string }>(file, role, schemas[role]);
  if (!read.ok) return { ok: false, code: read.error.code, message: read.error.message };
  const { version, expiresAt } = read.value;
  if (Date.parse(expiresAt) <= Date.now()) return { ok: false, code: 'expired', message: `expired ${expiresAt}` };
  return { ok: true, role, version, expiresAt };
};

const sayVerdict = (verdict: Verdict, io: Io): void => {
  const isZh = io.language === 'zh';
  if (verdict.ok)
    io.out(
      isZh
        ? `签名有效：${verdict.role} 版本 ${verdict.version}，有效期至 ${verdict.expiresAt}`
        : `signed and good: ${verdict.role} version ${verdict.version}, until ${verdict.expiresAt}`,
    );
  else {
    io.out(`FAIL  ${verdict.code}: ${verdict.message}`);
    io.err(
      isZh ? '→ 不要使用；与平台核对发布的文件和签名根' : '→ Do not use it; compare file and root with the centre',
    );
  }
};

const largestFileBytes = Math.max(...Object.values(channelRules).map(({ largestBytes }) => largestBytes));

export const bundlesVerify: Command = {
  usage: 'bundles verify FILE',
  summary: {
    zh: '核验一个下发文件的签名、格式和有效期',
    en: 'verify signature, format and date of a file that comes down',
  },
  options: { config: configOption },
  async run({ positionals, values, isJson }, io) {
    const [path] = positionals;
    const configFile = stringOf(values['config']);
    if (path === undefined || positionals.length > 1) return misused(io, '请指出一个文件', 'name one file');
    if (configFile === undefined)
      return misused(io, '请用 --config 指出配置文件', 'say which configuration: --config FILE');
    const config = configFor(configFile, io);
    if (!config) return 1;
    const trusted = newestRoot(config);
    const answer = (verdict: Verdict): 0 | 1 => {
      if (isJson) io.out(JSON.stringify({ file: path, ...verdict }));
      else sayVerdict(verdict, io);
      return verdict.ok ? 0 : 1;
    };
    if ('problem' in trusted) return answer({ ok: false, code: 'noRoot', message: trusted.problem });
    const size = statSync(path, { throwIfNoEntry: false })?.size;
    if (size === undefined) return answer({ ok: false, code: 'missing', message: 'there is no such file' });
    if (size > largestFileBytes) return answer({ ok: false, code: 'tooLarge', message: `${size} bytes` });
    const file = openFile(readFileSync(path), largestFileBytes);
    return answer(file.ok ? judge(file.value, trusted.root) : { ok: false, ...file.error });
  },
};
