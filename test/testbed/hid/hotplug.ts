// Unplugged and plugged in again on the virtual HID bus, every other time in the middle of a command; the HID part of the hot-plug
// campaign (test/faults/hotplug.ts). The driver's clock runs fast; node-hid and the nodes keep their own time.

import type { HotplugReport } from '../../faults/hotplug.ts';
import { systemClock } from '../../../devices/kit/clock.ts';
import { createHidPadSimulator } from '../../../devices/rating-pad/simulator-hid.ts';
import type { DeviceFacts } from './messages.ts';
import { plainDescriptor } from './reports.ts';
import { startHidTestbed } from './testbed.ts';

const clockFactor = 40;
const warmUpCycles = 3;
const fileLooks = 20;
/** On a busy machine the last threads end late. */
const mostFileLooks = 200;
const fileLookEveryMs = 50;
const link = { type: 'hid', vendorId: 0x1209, productId: 0x0001, serialNumber: 'PLUG0001' } as const;
const name = 'pad';

/** Without a heartbeat: with a clock that fast a busy machine would miss its answers. */
const config = {
  protocol: {
    type: 'reports',
    prompt: ['00 50 01'],
    cancel: ['00 43'],
    match: [{ report: '4B 01/0F', level: 5 }],
    ignore: ['4B 00/0F'],
  },
};

export const runHidHotplug = async (cycles: number): Promise<HotplugReport> => {
  const report: HotplugReport = {
    cycles: 0,
    recovered: 0,
    commands: 0,
    settled: 0,
    handlesBefore: 0,
    handlesAfter: 0,
    logLines: 0,
    lines: {},
  };
  const bed = await startHidTestbed();
  const { host } = bed;
  const pad = createHidPadSimulator({ send: (bytes) => bed.send(name, bytes) }, { clock: systemClock });
  const plug = (): Promise<string> =>
    bed.plug({ name, ...link, descriptor: plainDescriptor, onReport: (bytes) => pad.receive(bytes) });
  const facts = (): Promise<DeviceFacts> => host.ask({ type: 'facts', device: name });
  const log: string[] = [];
  /** Of several looks, because node-hid's threads close a moment later. */
  const countFiles = async (looks: number, hoped = 0): Promise<number> => {
    let fewest = Number.POSITIVE_INFINITY;
    for (let look = 0; look < looks && fewest > hoped; look += 1) {
      const seen = await facts();
      log.push(...seen.log);
      fewest = Math.min(fewest, seen.openFiles);
      await new Promise((resolve) => void setTimeout(resolve, fileLookEveryMs));
    }
    return fewest;
  };

  const cycle = async (number: number): Promise<void> => {
    const isCut = number % 2 === 1;
    const commandId = `cut-${number}`;
    const command = { type: 'askRating' };
    const cut = isCut
      ? host.ask({ type: 'execute', device: name, command, commandId, timeoutMs: 60_000 })
      : Promise.resolve(undefined);
    await bed.unplug(name);
    const result = await cut;
    if (result) report.commands += 1;
    if (result && !result.ok && result.error.code === 'connectionLost') report.settled += 1;
    await host.reaches(name, ({ state }) => state === 'noDevice');
    await plug();
    report.cycles += 1;
    await host.reaches(name, ({ state }) => state === 'online');
    report.recovered += 1;
  };

  try {
    await plug();
    await host.start(name, 'declarative-pad-hid', config, link, clockFactor);
    await host.reaches(name, ({ state }) => state === 'online');
    for (let number = 0; number < warmUpCycles; number += 1) await cycle(-2 * number);
    Object.assign(report, { cycles: 0, recovered: 0 });
    report.handlesBefore = await countFiles(fileLooks);
    log.length = 0;
    for (let number = 0; number < cycles; number += 1) await cycle(number);
    report.handlesAfter = await countFiles(mostFileLooks, report.handlesBefore);
    for (const line of log) {
      // That a command keeps the device busy is not a plug that moved.
      if (line.includes('"busy"')) continue;
      report.logLines += 1;
      report.lines[line] = (report.lines[line] ?? 0) + 1;
    }
    await host.ask({ type: 'stop', device: name });
    return report;
  } finally {
    pad.stop();
    await bed.stop();
  }
};
