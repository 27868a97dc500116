// Clocks that are wrong and clocks that are set: kiosks with one after the other against one reference server, and visits during which the
// clock is set.

import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startCentral } from '../../testbed/central/central.ts';
import { createRandom, seedOf } from '../random.ts';
import { fastFolder } from '../store/small-disk.ts';
import { liveUnderSetClock, type ClockReport } from './clock-life.ts';
import { playVisits, type VisitReport } from './visits.ts';

export type ClockCampaignReport = {
  cases: number;
  /** What the same kiosks forget, and how often they are stuck, when they believe their clock: something, or nothing is proved. */
  harmOfBelieving: number;
} & ClockReport &
  Omit<VisitReport, 'failures'>;

export const isClockClean = (report: ClockCampaignReport): boolean =>
  report.cases > 0 &&
  report.acknowledged > 0 &&
  report.settings > 0 &&
  report.prunedInTime > 0 &&
  report.harmOfBelieving > 0 &&
  report.visits > 0 &&
  report.lost + report.duplicated + report.orderErrors + report.numbersRepeated === 0 &&
  report.prunedTooEarly + report.stuck + report.visitsCut + report.visitsLeftOpen === 0 &&
  report.failures.length === 0;

const controls = 2;

export const runClock = async (options: {
  lives: number;
  seed: number;
  tell?(done: number, of: number): void;
}): Promise<ClockCampaignReport> => {
  const { lives, seed, tell = () => undefined } = options;
  const folder = mkdtempSync(join(fastFolder(), 'clock-'));
  const directory = join(folder, 'central');
  const booksPath = join(directory, 'central.db');
  const central = await startCentral({ directory });
  const { failures, ...visits } = await playVisits();
  const report: ClockCampaignReport = {
    cases: 0,
    harmOfBelieving: 0,
    settings: 0,
    acknowledged: 0,
    lost: 0,
    duplicated: 0,
    orderErrors: 0,
    numbersRepeated: 0,
    prunedTooEarly: 0,
    prunedInTime: 0,
    stuck: 0,
    ...visits,
    failures: [...failures],
  };
  try {
    for (let index = 0; index < controls; index += 1) {
      const random = createRandom(seedOf(`${seed} control ${index}`));
      const place = { folder, centralUrl: central.url, booksPath, random, isCredulous: true };
      const { prunedTooEarly, stuck } = await liveUnderSetClock(`control-${index}`, index, place);
      report.harmOfBelieving += prunedTooEarly + stuck;
    }
    for (let index = 0; index < lives; index += 1) {
      const kioskId = `clock-${String(index + 1).padStart(5, '0')}`;
      const random = createRandom(seedOf(`${seed} ${kioskId}`));
      const life = await liveUnderSetClock(kioskId, index, { folder, centralUrl: central.url, booksPath, random });
      report.cases += 1;
      const { failures: more, ...counts } = life;
      for (const name of Object.keys(counts) as (keyof typeof counts)[]) report[name] += counts[name];
      report.failures.push(...more.slice(0, 20 - report.failures.length));
      tell(index + 1, lives);
    }
    return report;
  } finally {
    await central.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};
