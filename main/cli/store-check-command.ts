// `store check` and `store verify-audit`: look at everything, change nothing; also while the kiosk runs.

import type { Language } from '../contract/text.ts';
import { verifyChain, type AuditBreak, type AuditVerdict } from '../store/audit-chain.ts';
import { checkFile, type CheckReport, type Problem } from '../store/check.ts';
import type { Command, Io } from './command.ts';
import { configOption, fileOption, withStoreFile } from './store-file.ts';

const problemWords: Record<Problem['code'], { zh: string; en: string }> = {
  structure: { zh: '数据库结构损坏', en: 'the database is damaged' },
  reference: { zh: '行与行对不上', en: 'a row refers to one that is gone' },
  event: { zh: '待发事件打不开', en: 'a waiting event does not open' },
  scan: { zh: '扫描件不完整', en: 'a scan is not whole' },
  caseKey: { zh: '件的密钥打不开', en: 'the key of a case does not open' },
  caseWithoutEvent: { zh: '件没有待发事件', en: 'a case without its event' },
  sequenceGap: { zh: '序号缺失', en: 'sequence numbers are missing' },
  sequenceBehind: { zh: '序号计数器落后', en: 'the sequence counter is behind' },
  quarantined: { zh: '已隔离的损坏行', en: 'a damaged row in quarantine' },
  bundle: {
    zh: '平台下发的内容打不开，会自动重新获取',
    en: 'what came down from the centre does not open; it is fetched again',
  },
  audit: { zh: '审计日志被改动', en: 'the audit log is not as it was written' },
};

const breakWords: Record<AuditBreak, { zh: string; en: string }> = {
  missing: { zh: '这一条被删除，后面的还在', en: 'this line was deleted; later ones are there' },
  changed: { zh: '这一条被改过，或被移动过', en: 'this line was edited, or moved here from another place' },
  cutShort: { zh: '日志从这一条起被截掉', en: 'the log was cut off from this line on' },
  added: { zh: '这一条不是本机写的', en: 'this line was added behind the head' },
  startChanged: { zh: '日志的起点被改，无法确认', en: 'where the log starts was changed, so nothing is proved' },
  headChanged: { zh: '日志连续，但日志头丢失或被改', en: 'the lines fit, but the head is gone or changed' },
};

export const auditWords = (verdict: AuditVerdict, language: Language): string => {
  if (verdict.intact)
    return language === 'zh'
      ? `审计日志完整，共 ${verdict.lines} 条`
      : `the audit log is whole, ${verdict.lines} lines`;
  const { brokenAtSeq, how } = verdict;
  return language === 'zh'
    ? `审计日志第 ${brokenAtSeq} 条：${breakWords[how].zh}`
    : `audit line ${brokenAtSeq}: ${breakWords[how].en}`;
};

export const sayReport = ({ counts, problems, audit, ...report }: CheckReport, io: Io): void => {
  const isZh = io.language === 'zh';
  io.out(`${report.path}  ${report.kioskId}  v${report.version}  ${Math.ceil(report.bytes / 1024)} KiB`);
  io.out(
    isZh
      ? `件 ${counts.cases} · 待发 ${counts.events} · 退回 ${counts.deadLetters} · 扫描件 ${counts.scans} · 平台回执 ${counts.receipts} · 进行中的草稿 ${counts.drafts} · 隔离 ${counts.quarantined}`
      : `cases ${counts.cases} · waiting ${counts.events} · refused ${counts.deadLetters} · scans ${counts.scans} · central receipts ${counts.receipts} · drafts of visits ${counts.drafts} · quarantined ${counts.quarantined}`,
  );
  if (report.isRestored) io.out(isZh ? '此库曾从备份恢复' : 'This store was restored from a backup');
  io.out(auditWords(audit, io.language));
  for (const { code, where, detail } of problems)
    io.out(`FAIL  ${problemWords[code][io.language]}: ${where}: ${detail}`);
  if (problems.length === 0) io.out(isZh ? '没有发现问题' : 'nothing is wrong');
};

export const storeCheck: Command = {
  usage: 'store check',
  summary: {
    zh: '检查数据库：结构、每个信封、扫描件、序号、审计日志',
    en: 'check the store: structure, every envelope and scan, sequence, audit log',
  },
  options: { config: configOption, file: fileOption },
  run: (input, io) =>
    withStoreFile(input, io, async (file) => {
      const report = checkFile(file);
      if (input.isJson) io.out(JSON.stringify({ ok: report.problems.length === 0, ...report }, undefined, 2));
      else sayReport(report, io);
      return report.problems.length === 0 ? 0 : 1;
    }),
};

export const storeVerifyAudit: Command = {
  usage: 'store verify-audit',
  summary: {
    zh: '核对审计日志：有没有被改、删、换序、截断，在哪一条',
    en: 'verify the audit log: any edit, deletion, reorder or cut, and where',
  },
  options: { config: configOption, file: fileOption },
  run: (input, io) =>
    withStoreFile(input, io, async (file) => {
      const verdict = verifyChain(file.db, file);
      if (input.isJson) io.out(JSON.stringify({ path: file.path, ...verdict }));
      else io.out(auditWords(verdict, io.language));
      return verdict.intact ? 0 : 1;
    }),
};
