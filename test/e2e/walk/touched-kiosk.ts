// The kiosk of a demo hall in a window that a test can touch: the product's own supervision, a real Chromium.

import { runKiosk } from '../../../main/shell/run-kiosk.ts';
import type { DemoHall } from '../../testbed/demo-hall.ts';
import { createTouchWindow, type TouchWindow } from './window.ts';

export type TouchedKiosk = {
  window: TouchWindow;
  supervision: Awaited<ReturnType<typeof runKiosk>>;
  /** Kiosk and window; the hall around them goes on. */
  stop(): Promise<void>;
};

/** `say` hears why the kiosk cannot start; what else it has to say only unless `isQuiet`. */
export const runTouched = async (
  demo: DemoHall,
  say: (line: string) => void,
  isQuiet = false,
): Promise<TouchedKiosk> => {
  const window = createTouchWindow({
    widthPx: demo.config.panel.widthPx,
    heightPx: demo.config.panel.heightPx,
    extraFlags: demo.cameraFlags,
  });
  const supervision = await runKiosk({
    configPath: demo.configPath,
    config: demo.config,
    environment: demo.environment,
    openWindow: window.open,
    say: isQuiet ? () => undefined : say,
    onCannotStart: (code, message) => say(`${code}: ${message}`),
  });
  return {
    window,
    supervision,
    async stop() {
      await supervision.stop();
      await window.stop();
    },
  };
};
