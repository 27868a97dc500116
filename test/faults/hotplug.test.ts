// A short round of `npm run faults -- --hotplug 1000`.

import { expect, it } from 'vitest';
import { pluggedTransports, runHotplug } from './hotplug.ts';

const cycles = 25;

it.each(pluggedTransports)('%s: unplugged and plugged in again, in the middle of commands too', async (transport) => {
  const report = await runHotplug(transport, cycles);
  expect(report).toMatchObject({ cycles, recovered: cycles, settled: report.commands, logLines: 2 * cycles });
  expect(report.handlesAfter).toBeLessThanOrEqual(report.handlesBefore);
});
