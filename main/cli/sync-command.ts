// `sync status`: how the way to the centre stands, read beside a kiosk that runs. `sync renew-install`: a technician ends a quarantine
// at a kiosk that is stopped; one that runs has the same under Sync in its console.

import { userInfo } from 'node:os';
import { systemClock } from '../../devices/kit/clock.ts';
import type { KioskConfig } from '../../kiosk-config/schema.ts';
import { reasonSchema } from '../contract/console.ts';
import type { Text } from '../contract/text.ts';
import { bundleChannels } from '../contract/bundles.ts';
import { createBundleReader } from '../store/bundles.ts';
import type { Inspected } from '../store/inspection.ts';
import { openStore } from '../store/open.ts';
import { isInUse } from '../store/restore.ts';
import { readSyncState } from '../store/sync-state.ts';
import { failureView } from '../sync/failure-words.ts';
import { quarantinedSince, renewInstall } from '../sync/install.ts';
import { lineOf } from '../sync/line-note.ts';
import { certificateWarnDays, loadTls } from '../sync/tls.ts';
import { misused, stringOf, type Command, type Io } from './command.ts';
import { configOption, fileOption, sayFailure, storeOfConfig, withStoreFile } from './store-file.ts';

const dayMs = 24 * 60 * 60 * 1000;
const megabyte = 1024 * 1024;
const instant = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');

const certificateOf = ({ tls }: KioskConfig['central'], nowMs: number) => {
  if (!tls) return undefined;
  const loaded = loadTls(tls);
  if (!loaded.ok) return { isUsable: false, message: loaded.error.message };
  const { subject, expiresAtMs } = loaded.value.certificate;
  const daysLeft = Math.floor((expiresAtMs - nowMs) / dayMs);
  return { isUsable: expiresAtMs > nowMs, subject, expiresAtMs, daysLeft };
};

/** Everything about the line in one object; `ok` when nobody needs to do anything. */
export const syncStatusOf = (file: Inspected, config: KioskConfig, nowMs: number) => {
  const { waiting, uploads, dead, note } = readSyncState(file);
  const line = lineOf(note('line'));
  const quarantinedMs = quarantinedSince({ epoch: file.epoch, note });
  const certificate = certificateOf(config.central, nowMs);
  const [offset, lastSent, pinned] = [note('serverOffsetMs'), note('lastSentMs'), note('receiptPublicKey')];
  const reader = createBundleReader(file, () => undefined);
  const { uploadKbps, uploadFreeHours } = config.central;
  return {
    ok: quarantinedMs === undefined && dead.length === 0 && !line?.failure && certificate?.isUsable !== false,
    centre: config.central.url,
    /** As the sender last wrote it down. */
    isOnline: line !== undefined && line.offlineSinceMs === undefined,
    ...(line?.offlineSinceMs === undefined ? {} : { offlineSinceMs: line.offlineSinceMs }),
    ...(line?.failure ? { lastFailure: { ...failureView(line.failure.code), ...line.failure } } : {}),
    ...(quarantinedMs === undefined ? {} : { quarantinedSinceMs: quarantinedMs }),
    waiting,
    uploads: { ...uploads, ...(uploadKbps === undefined ? {} : { capKbps: uploadKbps, freeHours: uploadFreeHours }) },
    dead,
    ...(lastSent === undefined ? {} : { lastSentMs: Number(lastSent) }),
    ...(offset === undefined ? {} : { clockOffsetMs: Number(offset) }),
    receiptKeyPinned: pinned !== undefined,
    ...(certificate ? { certificate } : {}),
    bundles: bundleChannels.flatMap((channel) => {
      const held = reader.read(channel, 'current');
      return held ? [{ channel, version: held.version, expiresAtMs: held.expiresAtMs }] : [];
    }),
  };
};

type Status = ReturnType<typeof syncStatusOf>;

const certificateWords = (certificate: NonNullable<Status['certificate']>): Text => {
  if (certificate.daysLeft === undefined)
    return { zh: `不能使用：${certificate.message ?? ''}`, en: `cannot be used: ${certificate.message ?? ''}` };
  const { daysLeft, subject } = certificate;
  if (!certificate.isUsable) return { zh: `${subject} 已过期`, en: `${subject} has run out` };
  const warn = daysLeft <= certificateWarnDays;
  return {
    zh: `${subject} 还有 ${daysLeft} 天到期${warn ? '，请申请新证书' : ''}`,
    en: `${subject} runs out in ${daysLeft} days${warn ? '; get a new one' : ''}`,
  };
};

const say = (status: Status, io: Io): void => {
  const line = (zh: string, en: string): void => io.out(io.language === 'zh' ? zh : en);
  const { waiting, uploads, dead, lastFailure, quarantinedSinceMs, offlineSinceMs, certificate } = status;
  line(
    `平台 ${status.centre}：${status.isOnline ? '在线' : '离线'}${offlineSinceMs === undefined ? '' : `，自 ${instant(offlineSinceMs)}`}`,
    `Centre ${status.centre}: ${status.isOnline ? 'online' : 'offline'}${offlineSinceMs === undefined ? '' : ` since ${instant(offlineSinceMs)}`}`,
  );
  if (lastFailure) {
    io.out(
      `  ${instant(lastFailure.atMs)} ${lastFailure.what[io.language]} (${lastFailure.code} ${lastFailure.message})`,
    );
    io.out(`  → ${lastFailure.todo[io.language]}`);
  }
  if (quarantinedSinceMs !== undefined)
    line(
      `平台自 ${instant(quarantinedSinceMs)} 起隔离本机：硬盘被还原或复制过。确认没有第二台机器后：sync renew-install --reason …`,
      `Quarantined since ${instant(quarantinedSinceMs)}: the disk was restored or cloned. When no second machine runs: sync renew-install --reason …`,
    );
  const oldest = waiting.oldestMs === undefined ? '' : ` (${instant(waiting.oldestMs)} …)`;
  line(`等待发送 ${waiting.events} 条${oldest}`, `${waiting.events} records wait${oldest}`);
  const size = `${(uploads.bytes / megabyte).toFixed(1)} MB`;
  line(`等待上传 ${uploads.pending} 个扫描件，${size}`, `${uploads.pending} scans to upload, ${size}`);
  for (const { seq, kind, receipt = '', reason, atMs, isDamaged } of dead)
    line(
      `${isDamaged ? '损坏' : '退回'} #${seq} ${kind} ${receipt} ${instant(atMs)} ${reason}`,
      `${isDamaged ? 'damaged' : 'refused'} #${seq} ${kind} ${receipt} ${instant(atMs)} ${reason}`,
    );
  if (status.lastSentMs !== undefined)
    line(`上次送达 ${instant(status.lastSentMs)}`, `Last received ${instant(status.lastSentMs)}`);
  if (status.clockOffsetMs !== undefined)
    line(
      `平台时间比本机快 ${status.clockOffsetMs} 毫秒`,
      `The centre’s clock is ${status.clockOffsetMs} ms before this one`,
    );
  line(
    status.receiptKeyPinned ? '回执公钥已固定' : '回执公钥还未固定（首次联系后固定）',
    status.receiptKeyPinned ? 'Receipt key pinned' : 'Receipt key not pinned yet; the first receipt does it',
  );
  if (certificate) {
    const words = certificateWords(certificate);
    line(`证书 ${words.zh}`, `Certificate ${words.en}`);
  }
  for (const { channel, version, expiresAtMs } of status.bundles)
    line(
      `下发内容 ${channel} 第 ${version} 版，有效期至 ${instant(expiresAtMs)}`,
      `Bundle ${channel} version ${version}, good until ${instant(expiresAtMs)}`,
    );
};

export const syncStatus: Command = {
  usage: 'sync status',
  summary: {
    zh: '与平台同步的状态：待发、退回、隔离、上传、证书（终端可以照常运行）',
    en: 'the way to the centre: waiting, refused, quarantine, uploads, certificate; the kiosk may run',
  },
  options: { config: configOption, file: fileOption },
  run: (input, io) =>
    withStoreFile(input, io, async (file, config) => {
      const status = syncStatusOf(file, config, systemClock.now());
      if (input.isJson) io.out(JSON.stringify(status, undefined, 2));
      else say(status, io);
      return status.ok ? 0 : 1;
    }),
};

export const syncRenewInstall: Command = {
  usage: 'sync renew-install',
  summary: {
    zh: '解除平台对本机的隔离，换用新的安装编号（先停止终端）',
    en: 'end the centre’s quarantine: go on under a new install id (stop the kiosk first)',
  },
  options: {
    config: configOption,
    reason: {
      type: 'string',
      value: 'TEXT',
      help: { zh: '理由，记入操作记录', en: 'why; it goes into the audit log' },
    },
  },
  async run(input, io) {
    const reason = reasonSchema.safeParse(stringOf(input.values['reason']));
    if (!reason.success)
      return misused(io, '请用 --reason 写明理由（2 到 200 字）', 'say why: --reason TEXT (2 to 200 characters)');
    const found = storeOfConfig(input, io);
    if (typeof found === 'number') return found;
    const { file, config } = found;
    const inspection = await withStoreFile(input, { ...io, out: () => undefined }, async () => 0);
    if (inspection !== 0) return inspection;
    if (isInUse(file.path)) {
      const zh = '终端正在运行。请在它的控制台“同步”中由技术员解除隔离，或先停止终端';
      const en =
        'The kiosk is running. A technician ends the quarantine under Sync in its console; or stop the kiosk first';
      if (input.isJson) io.out(JSON.stringify({ ok: false, code: 'storeInUse', todo: io.language === 'zh' ? zh : en }));
      io.err(io.language === 'zh' ? zh : en);
      return 1;
    }
    const opened = openStore({ ...file, timeZone: config.kiosk.timeZone });
    if (!opened.ok) return sayFailure(opened.error, file.path, input.isJson, io);
    const store = opened.value;
    try {
      const renewed = renewInstall(store);
      const detail = renewed.ok ? `${renewed.value.epoch}: ${reason.data}` : reason.data;
      const who = `cli:${userInfo().username}`;
      const noted = store.audit({ who, role: 'technician', act: 'renewInstall', detail, ok: renewed.ok });
      if (!noted.ok) io.err(noted.error.message);
      if (!renewed.ok) {
        const { code, message } = renewed.error;
        if (input.isJson) io.out(JSON.stringify({ ok: false, code, message }));
        io.err(message);
        return 1;
      }
      if (input.isJson) io.out(JSON.stringify({ ok: true, ...renewed.value }));
      else io.out(renewed.value.epoch);
      io.err(
        io.language === 'zh'
          ? '启动终端后按新编号继续发送；平台已有的不会重复。若另一块复制盘仍在运行，会再次被隔离'
          : 'Started again, the kiosk goes on under the new id; nothing is taken twice. If the other copy of the disk still runs, the quarantine comes back',
      );
      return 0;
    } finally {
      store.close();
    }
  },
};
