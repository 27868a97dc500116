// One thing that is wrong in a file, said so that the person who wrote it can put it right: where, what stands there,
// what may stand there, and a sentence in both languages. Used by the configuration and by the service catalogue.

import type { Language, Text } from '../main/contract/text.ts';

export type Problem = {
  /** Where in the file, e.g. `devices[2].link.path`; empty for the file as a whole. */
  path: string;
  /** What stands there, shortened; empty when nothing does. Secrets are never shown. */
  found: string;
  /** What may stand there, in notation that needs no language; empty when there is no such list. */
  allowed: string;
  message: Text;
};

export type PathPart = string | number;

/** `['devices', 2, 'link']` → `devices[2].link`. Keys that are no plain names are quoted. */
export const formatPath = (parts: readonly PathPart[]): string => {
  let path = '';
  for (const part of parts) {
    if (typeof part === 'number') path += `[${part}]`;
    else if (/^[\w$-]+$/.test(part)) path += path === '' ? part : `.${part}`;
    else path += `[${JSON.stringify(part)}]`;
  }
  return path;
};

const secretKeys: ReadonlySet<PathPart> = new Set(['kioskKey', 'pinHash', 'pin', 'password']);
const longestFound = 60;

/** A value as it may be shown in a message: JSON, at most 60 characters, secrets hidden. */
export const describeFound = (value: unknown, parts: readonly PathPart[] = []): string => {
  if (value === undefined) return '';
  if (parts.some((part) => secretKeys.has(part))) return '***';
  if (Array.isArray(value)) return `[…] (${value.length})`;
  if (typeof value === 'object' && value !== null) return '{…}';
  const text = JSON.stringify(value);
  return text.length <= longestFound ? text : `${text.slice(0, longestFound)}…`;
};

/** Insertions, deletions, changes and swaps of neighbours that lead from one word to the other. */
const editDistance = (a: string, b: string): number => {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (rows[i - 1]?.[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(change, (rows[i - 1]?.[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwap) best = Math.min(best, (rows[i - 2]?.[j - 2] ?? 0) + 1);
      row.push(best);
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? 0;
};

/** The known word that was most likely meant, if one is near enough. */
export const nearestWord = (word: string, known: readonly string[]): string | undefined => {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[-_\s]/g, '');
  const wanted = plain(word.slice(0, 60));
  let best: { word: string; distance: number } | undefined;
  for (const candidate of known) {
    const target = plain(candidate);
    // `url` for `centralUrl`, `baud` for `baudRate`: one contains the other and enough letters are left to tell.
    const isPart = Math.min(wanted.length, target.length) >= 3 && (target.includes(wanted) || wanted.includes(target));
    const distance = isPart ? Math.min(1, editDistance(wanted, target)) : editDistance(wanted, target);
    if (distance <= Math.max(1, Math.floor(wanted.length / 3)) && (!best || distance < best.distance)) {
      best = { word: candidate, distance };
    }
  }
  return best?.word;
};

/** A readable list, one problem a paragraph, with what stands there and what may. */
export const formatProblems = (problems: readonly Problem[], language: Language): string => {
  const isZh = language === 'zh';
  return problems
    .map((problem, index) => {
      const where = problem.path || (isZh ? '（整个文件）' : '(the whole file)');
      const lines = [`${index + 1}. ${where}`, `   ${problem.message[language]}`];
      if (problem.found) lines.push(isZh ? `   现在：${problem.found}` : `   found: ${problem.found}`);
      if (problem.allowed) lines.push(isZh ? `   可填：${problem.allowed}` : `   allowed: ${problem.allowed}`);
      return lines.join('\n');
    })
    .join('\n');
};
