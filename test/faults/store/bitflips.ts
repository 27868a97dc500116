// Flips bits of a closed store's file, opens it as the kiosk does, reads everything, and compares it with what was written.
//
//   refused      the store would not open and said why
//   quarantined  it opened, and each content that is not what was written was reported (quarantine, an error, a broken chain)
//   silent       a content came back changed, or did not come back, and nobody was told
//   harmless     everything reads as it was written
//
// A flip outside sealed contents has an opening to itself. Flips inside sealed contents of different items share one, because each is
// judged by its own item: that very item must be reported.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { storageFailureOf } from '../../../main/store/failure.ts';
import { createRandom, seedOf } from '../random.ts';
import { openSample, readItems, reported, writeSample, type Sample } from './sample.ts';
import { sealedBytesOf } from './sealed-bytes.ts';
import { fastFolder } from './small-disk.ts';

const counters = [
  'flips',
  /** Openings of the store; fewer than flips, see above. */
  'opens',
  /** Flips after which something read differently or not at all. */
  'damaged',
  'detected',
  /** Of the detected: the store said that it is damaged and did not open. */
  'refused',
  /** Of the detected: service went on without the damaged row. */
  'quarantined',
  /** Flips inside sealed contents, and how many of them were found. */
  'payloadFlips',
  'payloadFound',
  'silentReads',
  'crashes',
] as const;

export type FlipReport = Record<(typeof counters)[number], number> & { failures: string[] };

export const emptyFlipReport = (): FlipReport => ({
  ...(Object.fromEntries(counters.map((name) => [name, 0])) as Record<(typeof counters)[number], number>),
  failures: [],
});

const maxFailures = 20;

export const addFlipReport = (sum: FlipReport, part: FlipReport): void => {
  for (const name of counters) sum[name] += part[name];
  sum.failures.push(...part.failures.slice(0, maxFailures - sum.failures.length));
};

export const isFlipClean = (report: FlipReport): boolean =>
  report.flips > 0 &&
  report.silentReads === 0 &&
  report.crashes === 0 &&
  report.payloadFound === report.payloadFlips &&
  report.failures.length === 0;

type Outcome = {
  type: 'refused' | 'read' | 'crashed';
  /** Items that were reported as unreadable. */
  reported: Set<string>;
  /** Items that differ from what was written, and nobody said so. */
  silent: string[];
  detail: string;
};

/** Opens, reads, compares. The file at `path` is the damaged one. */
const observe = (path: string, sample: Sample): Outcome => {
  const outcome: Outcome = { type: 'read', reported: new Set(), silent: [], detail: '' };
  const opened = openSample(path);
  if (!opened.ok) return { ...outcome, type: 'refused', detail: opened.error.code };
  try {
    const reading = readItems(opened.value, sample);
    for (const [id, digest] of sample.items) {
      const read = reading.get(id);
      if (read === reported) outcome.reported.add(id);
      else if (read !== digest) outcome.silent.push(id);
    }
    for (const [id, read] of reading)
      if (!sample.items.has(id) && read !== reported) outcome.silent.push(`${id}, which nobody wrote`);
    return outcome;
  } catch (error) {
    const failure = storageFailureOf(error, path);
    if (!failure) throw error;
    return { ...outcome, type: 'refused', detail: failure.message };
  } finally {
    opened.value.close();
  }
};

const flipsAtOnce = 32;

type Flip = { index: number; byte: number; bit: number; owner: string | undefined };

/** Flips `from`…`to - 1` of the campaign with that seed; which bit a flip hits depends on its number and the file's length. */
export const flipSome = (from: number, to: number, seed: number, tell?: (done: number) => void): FlipReport => {
  const report = emptyFlipReport();
  const folder = mkdtempSync(join(fastFolder(), 'flips-'));
  const written = join(folder, 'written.db');
  const path = join(folder, 'kiosk.db');
  const sample = writeSample(written);
  const good = readFileSync(written);
  const sealed = sealedBytesOf(written, good);

  const say = (flips: readonly Flip[], what: string): void => {
    const where = flips.map(({ index, byte, bit }) => `flip ${index} (byte ${byte} bit ${bit})`).join(', ');
    if (report.failures.length < maxFailures) report.failures.push(`${where}: ${what}`);
  };

  const spoil = (flips: readonly Flip[]): Outcome => {
    const bad = Buffer.from(good);
    for (const { byte, bit } of flips) bad[byte] = (good[byte] ?? 0) ^ (1 << bit);
    for (const name of ['-wal', '-shm']) rmSync(path + name, { force: true });
    writeFileSync(path, bad, { mode: 0o600 });
    report.opens += 1;
    try {
      return observe(path, sample);
    } catch (error) {
      const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return { type: 'crashed', reported: new Set(), silent: [], detail };
    }
  };

  const judge = (flips: readonly Flip[], outcome: Outcome): void => {
    report.flips += flips.length;
    if (outcome.type === 'crashed') {
      report.crashes += 1;
      say(flips, `crashed: ${outcome.detail}`);
    }
    if (outcome.silent.length > 0) {
      report.silentReads += outcome.silent.length;
      say(flips, `read silently: ${outcome.silent.join('; ')}`);
    }
    for (const flip of flips) {
      const isShared = flips.length > 1 && flip.owner !== undefined;
      const isReported = isShared ? outcome.reported.has(flip.owner ?? '') : outcome.reported.size > 0;
      const isFound = outcome.type === 'refused' || isReported;
      if (isFound || outcome.silent.length > 0) report.damaged += 1;
      if (isFound && outcome.silent.length === 0) report.detected += 1;
      if (isFound) report[outcome.type === 'refused' ? 'refused' : 'quarantined'] += 1;
      if (flip.owner === undefined) continue;
      report.payloadFlips += 1;
      if (isFound) report.payloadFound += 1;
      else say([flip], `inside ${flip.owner}, and not found`);
    }
    tell?.(report.flips);
  };

  const playTogether = (flips: readonly Flip[]): void => {
    const outcome = spoil(flips);
    // Where the whole file is refused, each has to show that it is to blame.
    if (outcome.type === 'read' || flips.length === 1) judge(flips, outcome);
    else for (const flip of flips) judge([flip], spoil([flip]));
  };

  const shared: Flip[][] = [];
  try {
    for (let index = from; index < to; index += 1) {
      const at = createRandom(seedOf(`${seed} flip ${index}`)).below(good.length * 8);
      const flip: Flip = { index, byte: at >> 3, bit: at & 7, owner: sealed.ownerAt(at >> 3) };
      if (flip.owner === undefined || flip.owner === 'key') {
        playTogether([flip]);
        continue;
      }
      let group = shared.find((flips) => flips.every(({ owner }) => owner !== flip.owner));
      if (!group) shared.push((group = []));
      group.push(flip);
      if (group.length < flipsAtOnce) continue;
      shared.splice(shared.indexOf(group), 1);
      playTogether(group);
    }
    for (const group of shared) playTogether(group);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return report;
};
