// Cables: pulled in the middle of commands, moved to other numbers, two of one model.

import { closeSync, constants, openSync, readdirSync } from 'node:fs';
import type { Device } from '../../../../devices/kit/device.ts';
import type { RehearsedCommand } from '../../../../devices/kit/rehearsal.ts';
import type { Result } from '../../../../devices/kit/result.ts';
import type { HallDevices } from '../../../../main/host/hall-devices.ts';
import { createBench, wishes, type Bench } from '../benches.ts';
import {
  configure,
  deviceOf,
  openingsOf,
  perform,
  performRight,
  portOf,
  startHall,
  tidy,
  untilBack,
  untilOnline,
  waitForPort,
  type HallLog,
} from '../hall.ts';
import { check, expect, isChosen, note, rest, until } from '../report.ts';

const openFiles = (): number => readdirSync('/proc/self/fd').length;

/** Every n-th time the cable stays out long enough to be reported; else it is back before anybody looks. */
const longEvery = 5;

const actsOf = ({ rehearsed, simulator }: Bench): number =>
  Math.max(0, ...rehearsed.rehearsal.commands.map(({ acts }) => acts?.(simulator.look()) ?? 0));

type Tally = { ended: Record<string, number>; worstMs: number };

/** Gives the command, pulls the cable and answers what became of it; undefined: it was refused before the cable was touched. */
const pullDuring = async (
  bench: Bench,
  device: Device,
  command: RehearsedCommand,
  afterMs: number,
): Promise<{ answer: Result<unknown>; tookMs: number } | undefined> => {
  const { result, stop } = perform(bench, device, command);
  let early: Result<unknown> | undefined;
  void result.then((answer) => (early = answer));
  // From the first byte to well into the answer.
  await rest(afterMs);
  if (early && !early.ok && early.error.code === 'deviceNotReady') {
    stop();
    return undefined;
  }
  await bench.plug.unplug();
  const pulledMs = Date.now();
  const answer = await result;
  stop();
  return { answer, tookMs: Date.now() - pulledMs };
};

/** One device, pulled out in the middle of each command. */
const pullOften = async (bench: Bench, device: Device, cycles: number): Promise<Tally> => {
  const { commands } = bench.rehearsed.rehearsal;
  const tally: Tally = { ended: {}, worstMs: 0 };
  let refused = 0;
  await untilOnline(device);
  for (let cycle = 0; cycle < cycles;) {
    const command = commands[cycle % commands.length];
    if (!command) throw new Error('its rehearsal has no command');
    const before = actsOf(bench);
    const openings = openingsOf(device);
    const pulled = await pullDuring(bench, device, command, (cycle * 37) % 400);
    if (!pulled) {
      refused += 1;
      expect(refused < 10 * cycles, 'it never takes a command');
      continue;
    }
    const { answer, tookMs } = pulled;
    const outcome = answer.ok ? 'ok' : answer.error.code;
    tally.ended[outcome] = (tally.ended[outcome] ?? 0) + 1;
    tally.worstMs = Math.max(tally.worstMs, tookMs);
    expect(
      !answer.ok || command.isRight(answer.value),
      `${command.name} told something that did not happen: ${JSON.stringify(answer)}`,
    );
    expect(actsOf(bench) - before <= 1, `${command.name} acted twice`);
    if (cycle % longEvery === 0)
      await until('it is reported as gone', () => ['noDevice', 'offline'].includes(device.status().state));
    tidy(bench, command);
    bench.plug.plug();
    await untilBack(device, openings);
    cycle += 1;
  }
  for (const command of commands) await performRight(bench, device, command);
  return tally;
};

const goneAndBack = (log: HallLog, id: string): { gone: number; back: number } => {
  const lines = log.filter(({ device, event }) => device === id && event === 'status');
  return {
    gone: lines.filter(({ detail }) => /"(noDevice|offline)"/.test(detail)).length,
    back: lines.filter(({ detail }) => detail.includes('"online"')).length,
  };
};

const storm = async (benches: readonly Bench[], hall: HallDevices, cycles: number, log: HallLog): Promise<void> => {
  const files = openFiles();
  // All at once, each on its own cable: that is how a hub fails.
  await Promise.all(
    benches.map((bench) =>
      check(`${bench.id}: pulled out and put back ${cycles} times in the middle of commands`, async () => {
        const { ended, worstMs } = await pullOften(bench, deviceOf(hall, bench), cycles);
        const { gone, back } = goneAndBack(log, bench.id);
        return `${JSON.stringify(ended)}, slowest end ${worstMs} ms, ${gone} times gone and ${back} times back`;
      }),
    ),
  );
  await check('no file is left open by all this', async () => {
    await until('open files', () => openFiles() <= files + 2).catch(() => undefined);
    expect(openFiles() <= files + 2, `${files} before, ${openFiles()} after`);
    return `${openFiles()}`;
  });
};

/** Holds the node open while the cable is out: the kernel then gives the next plug another number. */
const renumber = async (bench: Bench, hall: HallDevices): Promise<string> => {
  const device = deviceOf(hall, bench);
  await untilOnline(device);
  const { node } = await waitForPort(bench);
  const held = openSync(node, constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    await bench.plug.unplug();
    await until('it is reported as gone', () => device.status().state !== 'online');
    bench.plug.plug();
    const port = await waitForPort(bench, (found) => found.node !== node);
    await untilOnline(device);
    for (const command of bench.rehearsed.rehearsal.commands) await performRight(bench, device, command);
    return `${node} → ${port.node}`;
  } finally {
    closeSync(held);
  }
};

/** A second device with the same numbers and another serial number; the first one's link must not reach it. */
const tellApart = async (first: Bench, hall: HallDevices, index: number): Promise<string> => {
  const wish = wishes.find(({ id }) => id === first.id);
  if (!wish) throw new Error('unknown bench');
  const second = createBench(
    { ...wish, id: `${wish.id}-2`, serialNumber: wish.serialNumber.replace(/1$/, '2') },
    first.rehearsed,
    index,
  );
  second.plug.plug();
  const port = await waitForPort(second, ({ type, names }) => type === 'hid' || names.length > 0);
  const log: HallLog = [];
  const other = startHall(configure([{ bench: second, port }]), log);
  try {
    const [one, two] = [deviceOf(hall, first), deviceOf(other, second)];
    await untilOnline(one);
    await untilOnline(two);
    await first.plug.unplug();
    await until('the first is gone', () => one.status().state !== 'online');
    for (const command of second.rehearsed.rehearsal.commands) await performRight(second, two, command);
    expect(one.status().state !== 'online', 'the first took the second for itself');
    await second.plug.unplug();
    first.plug.plug();
    await untilOnline(one);
    for (const command of first.rehearsed.rehearsal.commands) await performRight(first, one, command);
    expect((await portOf(second)) === undefined, 'the second is still listed');
    return `${first.plug.face.serialNumber} and ${second.plug.face.serialNumber}`;
  } finally {
    await other.stop();
  }
};

export const plugChecks = async (benches: readonly Bench[], cycles: number): Promise<void> => {
  const entries = await Promise.all(
    benches.map(async (bench) => ({
      bench,
      port: await waitForPort(bench, ({ type, names }) => type === 'hid' || names.length > 0),
    })),
  );
  const log: HallLog = [];
  const hall = startHall(configure(entries), log);
  const each = (act: (bench: Bench, index: number) => Promise<void>): Promise<unknown> => Promise.all(benches.map(act));
  await each((bench) =>
    check(`${bench.id}: works`, async () => {
      const device = deviceOf(hall, bench);
      await untilOnline(device);
      for (const command of bench.rehearsed.rehearsal.commands) await performRight(bench, device, command);
      return bench.rehearsed.rehearsal.commands.map(({ name }) => name).join(', ');
    }),
  );
  if (isChosen('pulled')) await storm(benches, hall, cycles, log);
  // usblp lets nobody else open its node: a printer's number changes only with other printers.
  await Promise.all(
    benches
      .filter(({ link }) => link !== 'lp')
      .map((bench) => check(`${bench.id}: another number of the node changes nothing`, () => renumber(bench, hall))),
  );
  await each((bench, index) =>
    check(`${bench.id}: a second one of the same model is told apart`, () => tellApart(bench, hall, index)),
  );
  note(`${log.length} lines in the log`);
  await hall.stop();
};
