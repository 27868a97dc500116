// What an idle host costs with all six kinds of device attached: its processor time as the kernel counts it, over a while in which
// nobody touches anything. Heartbeats, sweeps over the doors and the attract screen go on.

import { readFileSync } from 'node:fs';
import { figure, pause, type Figure } from './figure.ts';
import type { KioskStage } from './kiosk-stage.ts';

const watchMs = 20_000;
const ticksPerSecond = 100;

/** User and system time so far, in seconds (proc(5): fields 14 and 15; the name before them may hold blanks). */
const processorSeconds = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
};

export const measureIdle = async ({ glass, hostPid, demo }: KioskStage): Promise<Figure[]> => {
  await glass.waitScreen('attract');
  await pause(3000);
  const before = processorSeconds(hostPid);
  await pause(watchMs);
  const share = ((processorSeconds(hostPid) - before) / (watchMs / 1000)) * 100;
  return [
    figure('idleHostCpu', share, '% core', {
      target: 2,
      note: `over ${watchMs / 1000} s at the attract screen, ${demo.config.devices.length} devices attached`,
    }),
  ];
};
