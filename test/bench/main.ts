// `npm run bench`: the numbers that the design holds itself to, measured on the running product: real Chromium, real host process, real
// ttys with simulated devices at their far end, a real disk. Figures, not tests: a missed target is said and is no failure.

import { cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { assembleDemo } from '../testbed/demo-hall.ts';
import { buildScreens } from '../testbed/screens-build.ts';
import { ensureCommands } from '../testbed/system-packages.ts';
import { measureStart } from './attract-after-start.ts';
import { measureBacklog } from './backlog-cost.ts';
import { measureCalls } from './contract-call.ts';
import { measureDecoders } from './decoder-throughput.ts';
import { measureDeviceActs } from './device-acts.ts';
import { measureEnqueue } from './durable-enqueue.ts';
import { say, type Figure } from './figure.ts';
import { measureMemory } from './host-memory.ts';
import { measureCardReads } from './id-card-read.ts';
import { measureIdle } from './idle-cpu.ts';
import type { KioskStage } from './kiosk-stage.ts';
import { measureDrain } from './outbox-drain.ts';
import { measureTaps } from './tap-to-paint.ts';
import { measureHostTicketByte, measureTicketByte } from './ticket-byte.ts';

const usage = `Benchmarks of the running kiosk.

  npm run bench -- [--json] [--only PART,…]

  --json       one JSON object on standard output: { figures: […], machine }
  --only       some parts: glass, card, ticket-host, acts, decoders, enqueue, calls, drain, backlog
               (glass: start, taps, tickets, memory and idle, on one kiosk)

Exit: 0 all was measured, 1 something could not be, 2 wrong use. A missed target is in the figures.
`;

type Part = { name: string; unmeasured: string[]; measure(): Promise<Figure[]> };

/** Like a part that fails: the figures stand there with the reason, so that nothing is silently missing. */
const attempt = async (names: readonly string[], measure: () => Promise<Figure[]>): Promise<Figure[]> => {
  const startedMs = performance.now();
  try {
    const figures = await measure();
    say(`  ${names.join(', ')}: ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
    return figures;
  } catch (error) {
    const note = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    say(`  ${names.join(', ')}: ${note}`);
    return names.map((name) => ({ name, value: null, unit: '', target: null, met: null, note }));
  }
};

let browserVersion: string | undefined;

/** The figures that need a glass share a hall and a kiosk. */
const measureGlass = async (): Promise<Figure[]> => {
  ensureCommands(['chromium', 'scanimage'], say);
  buildScreens(say);
  const demo = await assembleDemo({
    say,
    adjust(config) {
      config['session'] = { idleWarningSec: 60, idleWipeSec: 120, goodbyeSec: 4 };
    },
  });
  let kiosk: KioskStage | undefined;
  try {
    const start = await attempt(['attractAfterStart'], async () => {
      const measured = await measureStart(demo);
      ({ kiosk } = measured);
      return measured.figures;
    });
    const running = kiosk;
    if (!running) return start;
    ({ browserVersion } = running.glass);
    return [
      ...start,
      ...(await attempt(['tapToPaintP95'], () => measureTaps(running))),
      ...(await attempt(['tapToFirstTicketByte'], () => measureTicketByte(running))),
      ...(await attempt(['hostMemoryAfterWalk'], () => measureMemory(running))),
      ...(await attempt(['idleHostCpu'], () => measureIdle(running))),
    ];
  } finally {
    await kiosk?.stop();
    await demo.stop();
  }
};

const parts: readonly Part[] = [
  { name: 'glass', unmeasured: ['attractAfterStart'], measure: measureGlass },
  { name: 'card', unmeasured: ['idCardReadOverWire'], measure: measureCardReads },
  { name: 'ticket-host', unmeasured: ['hostTakeToFirstTicketByte'], measure: measureHostTicketByte },
  { name: 'acts', unmeasured: ['ticketOverWire', 'doorOpenOverWire'], measure: measureDeviceActs },
  { name: 'decoders', unmeasured: ['decode'], measure: measureDecoders },
  { name: 'enqueue', unmeasured: ['durableEnqueueP99'], measure: measureEnqueue },
  { name: 'calls', unmeasured: ['contractCallUs'], measure: measureCalls },
  { name: 'drain', unmeasured: ['outboxDrain'], measure: measureDrain },
  { name: 'backlog', unmeasured: ['backlog'], measure: measureBacklog },
];

const oneDecimal = (value: number): number => Number(value.toFixed(1));

const table = (figures: readonly Figure[]): string =>
  figures
    .map(({ name, value, unit, target, isLeast, met, note }) => {
      const verdict = met === null ? '' : met ? 'met   ' : 'MISSED';
      const wanted = target === null ? '' : `${isLeast ? '≥' : '≤'} ${target}`;
      return `${verdict.padEnd(7)}${name.padEnd(28)}${String(value ?? '–').padStart(9)} ${unit.padEnd(9)}${wanted.padEnd(8)}${note ?? ''}`;
    })
    .join('\n');

const run = async (): Promise<number> => {
  let values: { json?: boolean; help?: boolean; only?: string };
  try {
    ({ values } = parseArgs({
      options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' }, only: { type: 'string' } },
    }));
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return 2;
  }
  if (values.help === true) {
    process.stdout.write(usage);
    return 0;
  }
  const wanted = values.only?.split(',') ?? parts.map(({ name }) => name);
  const unknown = wanted.filter((name) => !parts.some((part) => part.name === name));
  if (unknown.length > 0) {
    say(`there is no part ${unknown.join(', ')}\n\n${usage}`);
    return 2;
  }
  const loadBefore = oneDecimal(loadavg()[0] ?? 0);
  const figures: Figure[] = [];
  for (const part of parts.filter(({ name }) => wanted.includes(name)))
    figures.push(...(await attempt(part.unmeasured, part.measure)));
  const processors = cpus();
  const machine = {
    processor: processors[0]?.model ?? 'unknown',
    processors: processors.length,
    memoryMb: Math.round(totalmem() / 1024 / 1024),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    ...(browserVersion === undefined ? {} : { chromium: browserVersion }),
    /** Others at work on this machine make every time longer: above the number of processors the times say little. */
    loadBefore,
    loadAfter: oneDecimal(loadavg()[0] ?? 0),
  };
  if (values.json === true) process.stdout.write(`${JSON.stringify({ figures, machine }, undefined, 2)}\n`);
  else process.stdout.write(`${table(figures)}\n\n${JSON.stringify(machine)}\n`);
  if (loadBefore > processors.length) say('the machine was busy with other work: these times are too long');
  return figures.every(({ value }) => value !== null) ? 0 : 1;
};

process.exitCode = await run();
process.exit();
