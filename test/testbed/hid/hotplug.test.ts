// A short round of the HID hot-plug campaign.

import { expect, test } from 'vitest';
import { runHidHotplug } from './hotplug.ts';
import { whyNoHid } from './testbed.ts';

const cycles = 25;
const reason = whyNoHid();
const title = 'hid: unplugged and plugged in again, in the middle of commands too';

test.skipIf(reason !== undefined)(`${title}${reason === undefined ? '' : ` (skipped: ${reason})`}`, async () => {
  const report = await runHidHotplug(cycles);
  expect(report).toMatchObject({ cycles, recovered: cycles, settled: report.commands, logLines: 2 * cycles });
  expect(report.commands).toBeGreaterThan(0);
  expect(report.handlesAfter).toBeLessThanOrEqual(report.handlesBefore);
});
