// The whole product for the figures that need a glass: demo hall, host process, Chromium. Started through the product's own
// supervision, so that what is measured is what runs in a hall.

import { runKiosk } from '../../main/shell/run-kiosk.ts';
import type { DemoHall } from '../testbed/demo-hall.ts';
import { epochMs, say } from './figure.ts';
import { openGlass, type Glass } from './glass.ts';

export type KioskStage = {
  demo: DemoHall;
  glass: Glass;
  hostPid: number;
  /** From the start of the host process. */
  startedAtMs: number;
  hostReadyMs: number;
  stop(): Promise<void>;
};

export const startKiosk = async (demo: DemoHall): Promise<KioskStage> => {
  let glass: Glass | undefined;
  let hostReadyMs = 0;
  const startedAtMs = epochMs();
  const kiosk = await runKiosk({
    configPath: demo.configPath,
    config: demo.config,
    environment: demo.environment,
    async openWindow(url) {
      hostReadyMs = epochMs() - startedAtMs;
      glass = await openGlass(url, demo.config.panel, demo.cameraFlags);
      return glass.window;
    },
    say: () => undefined,
    onCannotStart: (code, message) => say(`${code}: ${message}`),
  });
  await kiosk.ready;
  const hostPid = kiosk.host()?.child.pid;
  if (!glass || hostPid === undefined) throw new Error('the kiosk did not start');
  return { demo, glass, hostPid, startedAtMs, hostReadyMs, stop: () => kiosk.stop() };
};
