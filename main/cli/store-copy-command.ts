// `store backup`, `store restore`, `store export`: what leaves the kiosk's disk and what comes back to it.

import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../devices/kit/clock.ts';
import { backUp } from '../store/backup.ts';
import { checkFile } from '../store/check.ts';
import { inspectFile, type StoreFile } from '../store/inspection.ts';
import { exportForInspector } from '../store/inspector-export.ts';
import { restore } from '../store/restore.ts';
import { misused, stringOf, type Command, type ExitCode, type Io } from './command.ts';
import { auditWords, sayReport } from './store-check-command.ts';
import { configOption, fileOption, sayFailure, storeOfConfig, withStoreFile } from './store-file.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** A folder gets a file named after the kiosk and the time. */
const targetOf = (wanted: string, kioskId: string): string => {
  if (statSync(wanted, { throwIfNoEntry: false })?.isDirectory() !== true) return wanted;
  const stamp = new Date(systemClock.now()).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return join(wanted, `${kioskId}-${stamp}.db`);
};

/** Reads everything in the file that was just written, as `store check` does. */
const sayWritten = (file: StoreFile, more: Record<string, unknown>, isJson: boolean, io: Io): ExitCode => {
  const inspected = inspectFile(file);
  if (!inspected.ok) return sayFailure(inspected.error, file.path, isJson, io);
  using written = inspected.value;
  const report = checkFile(written);
  if (isJson) io.out(JSON.stringify({ ok: report.problems.length === 0, ...more, ...report }, undefined, 2));
  else sayReport(report, io);
  return report.problems.length === 0 ? 0 : 1;
};

export const storeBackup: Command = {
  usage: 'store backup FILE',
  summary: {
    zh: '备份数据库到一个文件（或目录），终端可以照常运行',
    en: 'back the store up to a file or into a folder; the kiosk may go on working',
  },
  options: { config: configOption },
  run: (input, io) =>
    withStoreFile(input, io, async (file) => {
      const target = targetOf(input.positionals[0] ?? '', file.kioskId);
      if (existsSync(target))
        return misused(io, `${target} 已存在，请换个名字`, `${target} is there already; choose another name`);
      const done = await backUp(file.db, target, { atOnce: true });
      if (!done.ok) return sayFailure(done.error, target, input.isJson, io);
      const store = storeOfConfig(input, io);
      if (typeof store === 'number') return store;
      return sayWritten({ ...store.file, path: target }, {}, input.isJson, io);
    }),
};

export const storeRestore: Command = {
  usage: 'store restore FILE',
  summary: {
    zh: '从备份恢复数据库（先停止终端）',
    en: 'bring a backup into service (stop the kiosk first)',
  },
  options: {
    config: configOption,
    replace: {
      type: 'boolean',
      help: { zh: '已有数据库时换掉它，原文件另存一旁', en: 'where a store stands, put it aside and go on' },
    },
  },
  async run(input, io) {
    const store = storeOfConfig(input, io);
    if (typeof store === 'number') return store;
    const [from = ''] = input.positionals;
    const done = restore(from, store.file, {
      replace: input.values['replace'] === true,
      timeZone: store.config.kiosk.timeZone,
    });
    if (!done.ok) {
      const isAboutTarget = done.error.code === 'storeInUse' || done.error.code === 'storeThere';
      return sayFailure(done.error, isAboutTarget ? store.file.path : from, input.isJson, io);
    }
    const { aside } = done.value;
    const code = sayWritten(store.file, aside === undefined ? {} : { aside }, input.isJson, io);
    const isZh = io.language === 'zh';
    if (aside !== undefined) io.err(isZh ? `原来的数据库在 ${aside}` : `The store from before is ${aside}`);
    io.err(
      isZh
        ? '恢复的库使用新的安装编号，平台会据此识别；备份之后、恢复之前的件不在其中'
        : 'The restored store counts under a new install id, which the centre recognises; what came after the backup is not in it',
    );
    return code;
  },
};

export const storeExport: Command = {
  usage: 'store export',
  summary: {
    zh: '导出审计日志和数量统计给检查人员，不含个人信息',
    en: 'audit log and counts for an inspector, without personal data',
  },
  options: {
    config: configOption,
    file: fileOption,
    days: { type: 'string', value: 'N', help: { zh: '只要最近 N 天', en: 'the last N days only' } },
    to: {
      type: 'string',
      value: 'FILE',
      help: { zh: '写入文件，而不是标准输出', en: 'into this file instead of standard output' },
    },
  },
  run: (input, io) =>
    withStoreFile(input, io, async (file) => {
      const days = stringOf(input.values['days']);
      if (days !== undefined && !/^[1-9]\d{0,4}$/.test(days))
        return misused(io, '--days 应为天数，例如 30', '--days is a number of days, e.g. 30');
      const now = systemClock.now();
      const report = exportForInspector(file, now, days === undefined ? 0 : now - Number(days) * dayMs);
      const to = stringOf(input.values['to']);
      const text = JSON.stringify(report, undefined, 2);
      if (to === undefined) io.out(text);
      else {
        try {
          writeFileSync(to, `${text}\n`, { mode: 0o600, flag: 'wx' });
        } catch (error) {
          const { code = String(error) } = error as NodeJS.ErrnoException;
          return misused(io, `不能写 ${to}：${code}`, `${to} cannot be written: ${code}`);
        }
        if (input.isJson)
          io.out(JSON.stringify({ path: to, exported: report.audit.lines.length, ...report.audit.verdict }));
        else io.out(to);
      }
      io.err(auditWords(report.audit.verdict, io.language));
      return report.audit.verdict.intact ? 0 : 1;
    }),
};
