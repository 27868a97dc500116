// `npm run faults`: the campaigns against the device layer, and those that other folders list. One JSON object on standard output, everything else on standard error.

import { parseArgs } from 'node:util';
import { deviceKinds } from '../../devices/kit/status.ts';
import type { Answer, Campaign } from './campaign.ts';
import { bundleCampaigns } from './bundles/campaigns.ts';
import { isFuzzClean } from './fuzz.ts';
import { runFuzz } from './fuzz-run.ts';
import { runHidHotplug } from '../testbed/hid/hotplug.ts';
import { whyNoHid } from '../testbed/hid/testbed.ts';
import { isHotplugClean, pluggedTransports, runHotplug, type HotplugReport } from './hotplug.ts';
import { isClean, playAll } from './matrix-run.ts';
import { casesOf } from './matrix.ts';
import { findRehearsals, type Rehearsed } from './rehearsals.ts';
import { auditCampaigns } from './audit/campaigns.ts';
import { backupCampaigns } from './backups/campaigns.ts';
import { clockCampaigns } from './clock/campaigns.ts';
import { fleetCampaigns } from './fleet/campaigns.ts';
import { ioCampaigns } from './io/campaigns.ts';
import { maskCampaigns } from './masks/campaigns.ts';
import { powerCutCampaigns } from './power-cuts/campaigns.ts';
import { storeCampaigns } from './store/campaigns.ts';
import { syncCampaigns } from './sync/campaigns.ts';
import { tokenCampaigns } from './tokens/campaigns.ts';

/** One line for each folder of campaigns. */
const campaigns: readonly Campaign[] = [
  ...storeCampaigns,
  ...syncCampaigns,
  ...bundleCampaigns,
  ...maskCampaigns,
  ...powerCutCampaigns,
  ...backupCampaigns,
  ...auditCampaigns,
  ...ioCampaigns,
  ...clockCampaigns,
  ...tokenCampaigns,
  ...fleetCampaigns,
];

const campaignOptions: Record<string, { type: 'string' | 'boolean' }> = Object.fromEntries(
  campaigns.flatMap(({ option, takesCount, numbers = {} }) => [
    [option, { type: takesCount ? 'string' : 'boolean' }],
    ...Object.keys(numbers).map((name) => [name, { type: 'string' }]),
  ]),
);

const campaignUsage = campaigns
  .map(({ option, takesCount, numbers = {}, usage: words }) => {
    const more = Object.keys(numbers).map((name) => ` [--${name} N]`);
    return `  npm run faults -- --${option}${takesCount ? ' N' : ''}${more.join('')} [--json]`.padEnd(69) + words;
  })
  .join('\n');

const usage = `Fault campaigns against drivers, over simulators.

  npm run faults -- [--kind KIND] [--driver D] [--json]              every driver x command x fault
  npm run faults -- --fuzz N [--kind KIND] [--driver D] [--json]     N streams through the decoders

  npm run faults -- --hotplug N [--driver D] [--json]                N unplug and replug cycles on ttys, sockets, memory and virtual HID

${campaignUsage}

  --kind KIND    ${deviceKinds.join(', ')}, or all (default)
  --driver D     one driver's id (hotplug: its first rehearsal; default: a bell of the tests' own)
  --fuzz N       streams, spread evenly over the rehearsed decoders
  --seed S       seed of a campaign (default: the clock; it is reported)
  --batch B      fuzz: this batch only, as a failure names it
  --only TEXT    matrix: cases whose name contains it
  --json         one JSON object on standard output (without: one line for people)
  --help         this text

Exit: 0 nothing was found, 1 something was, or nothing could be played, 2 wrong use.
`;

class UsageError extends Error {}
const say = (line: string): void => void process.stderr.write(`${line}\n`);

const wholeNumber = (text: string | undefined, name: string): number | undefined => {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new UsageError(`--${name} wants a number, not "${text}"`);
  return value;
};

const readArguments = () => {
  try {
    return parseArgs({
      options: {
        kind: { type: 'string', default: 'all' },
        driver: { type: 'string' },
        fuzz: { type: 'string' },
        seed: { type: 'string' },
        batch: { type: 'string' },
        only: { type: 'string' },
        hotplug: { type: 'string' },
        ...campaignOptions,
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
};

const matrix = async (rehearsals: readonly Rehearsed[], only: string | undefined): Promise<Answer> => {
  const startedMs = performance.now();
  const { cases, leftOut } = await casesOf(rehearsals, await findRehearsals());
  const wanted = only === undefined ? cases : cases.filter(({ name }) => name.includes(only));
  for (const { rehearsal, fault, why } of leftOut) say(`left out: ${rehearsal} ${fault}: ${why}`);
  let slowest = { name: '', ms: 0 };
  const report = await playAll(wanted, (name, ms) => {
    if (ms > slowest.ms) slowest = { name, ms };
  });
  say(`slowest case: ${slowest.name}, ${slowest.ms.toFixed(0)} ms`);
  return {
    report: {
      ...report,
      drivers: new Set(rehearsals.map(({ definition }) => definition.driver)).size,
      rehearsals: rehearsals.length,
      leftOut: leftOut.length,
      seconds: Math.round((performance.now() - startedMs) / 1000),
    },
    isGood: isClean(report),
  };
};

const fuzz = async (
  rehearsals: readonly Rehearsed[],
  streams: number,
  seed: number,
  batch: number | undefined,
): Promise<Answer> => {
  const startedMs = performance.now();
  let toldMs = startedMs;
  const report = await runFuzz(rehearsals, streams, seed, {
    ...(batch === undefined ? {} : { batch }),
    tell(done, of) {
      if (performance.now() - toldMs < 10_000) return;
      toldMs = performance.now();
      say(`${Math.round((100 * done) / of)} %`);
    },
  });
  return {
    report: { ...report, seed, seconds: Math.round((performance.now() - startedMs) / 1000) },
    isGood: isFuzzClean(report),
  };
};

const hotplug = async (cycles: number, rehearsed: Rehearsed | undefined): Promise<Answer> => {
  const startedMs = performance.now();
  const transports: Record<string, HotplugReport> = {};
  for (const transport of pluggedTransports) {
    transports[transport] = await runHotplug(transport, cycles, rehearsed);
    say(`${transport}: ${JSON.stringify(transports[transport])}`);
  }
  // The bus plugs a pad of its own: one driver's rehearsal goes over the wires that it has.
  const hidHindrance = rehearsed ? 'not with --driver' : whyNoHid();
  if (hidHindrance === undefined) {
    transports['hid'] = await runHidHotplug(cycles);
    say(`hid: ${JSON.stringify(transports['hid'])}`);
  } else say(`hid skipped: ${hidHindrance}`);
  const all = Object.entries(transports);
  const sum = (name: Exclude<keyof HotplugReport, 'lines'>): number =>
    all.reduce((total, [, report]) => total + report[name], 0);
  const failures = all.filter(([, report]) => !isHotplugClean(report)).map(([name]) => `${name} did not come through`);
  return {
    report: {
      cycles: sum('cycles'),
      recovered: sum('recovered'),
      commands: sum('commands'),
      settled: sum('settled'),
      handlesBefore: sum('handlesBefore'),
      handlesAfter: sum('handlesAfter'),
      logLines: sum('logLines'),
      transports,
      seconds: Math.round((performance.now() - startedMs) / 1000),
      failures,
    },
    isGood: cycles > 0 && failures.length === 0,
  };
};

const tell = ({ report, isGood }: Answer, isJson: boolean): void => {
  for (const failure of report.failures) say(failure);
  const words = Object.entries(report)
    .filter(([, value]) => typeof value === 'number')
    .map(([name, value]) => `${name} ${String(value)}`);
  const verdict = report.failures.length === 0 ? 'nothing found' : `${report.failures.length} failures`;
  process.stdout.write(isJson ? `${JSON.stringify(report)}\n` : `${words.join(', ')}; ${verdict}\n`);
  process.exitCode = isGood ? 0 : 1;
};

/** The campaign of another folder that was asked for, or nothing. */
const runListed = async (values: Record<string, unknown>, seed: number): Promise<Answer | undefined> => {
  const campaign = campaigns.find(({ option }) => values[option] !== undefined);
  if (!campaign) return undefined;
  const numberOf = (name: string): number | undefined => {
    const given = values[name];
    return wholeNumber(typeof given === 'string' ? given : undefined, name);
  };
  const numbers = Object.entries(campaign.numbers ?? {}).map(
    ([name, usual]) => [name, numberOf(name) ?? usual] as const,
  );
  const startedMs = performance.now();
  const { report, isGood } = await campaign.run({
    count: numberOf(campaign.option) ?? 0,
    numbers: Object.fromEntries(numbers),
    seed,
    say,
  });
  return { report: { ...report, seed, seconds: Math.round((performance.now() - startedMs) / 1000) }, isGood };
};

const run = async (): Promise<void> => {
  const values = readArguments();
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const { kind, driver } = values;
  if (kind !== 'all' && !deviceKinds.some((known) => known === kind))
    throw new UsageError(`there is no kind "${kind}"`);
  const streams = wholeNumber(values.fuzz, 'fuzz');
  const seed = wholeNumber(values.seed, 'seed') ?? Date.now() % 2 ** 31;
  const listed = await runListed(values, seed);
  if (listed) {
    tell(listed, values.json);
    return;
  }
  const rehearsals = await findRehearsals({ kind, ...(driver === undefined ? {} : { driver }) });
  if (driver !== undefined && rehearsals.length === 0) throw new UsageError(`no driver "${driver}" is rehearsed`);
  if (rehearsals.length === 0) throw new Error(`nothing of ${kind} is rehearsed`);
  const cycles = wholeNumber(values.hotplug, 'hotplug');
  if (cycles !== undefined) {
    tell(await hotplug(cycles, driver === undefined ? undefined : rehearsals[0]), values.json);
    return;
  }
  tell(
    streams === undefined
      ? await matrix(rehearsals, values.only)
      : await fuzz(rehearsals, streams, seed, wholeNumber(values.batch, 'batch')),
    values.json,
  );
};

run().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  if (error instanceof UsageError) say('See --help.');
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
