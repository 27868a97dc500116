// A stage for one conformance case: a kiosk, one of the two lines to it, and a screen on that line. Parts of the kiosk can be changed
// for a case, e.g. made to fail.

import type { Intent } from '../contract/intents.ts';
import type { Session } from '../journeys/state.ts';
import type { Kiosk } from './kiosk.ts';
import { createRouter } from './router.ts';
import { createTestKiosk, type TestKiosk } from './test-kiosk.ts';
import type { KioskClient, Line, Lines, OpenLines } from './test-lines.ts';

export type StageOptions = {
  /** A visit that was running when the host ended. */
  session?: Session;
  change?(kiosk: Kiosk): Partial<Kiosk>;
};

export type Stage = {
  place: TestKiosk;
  lines: Lines;
  line: Line;
  /** Details of failed calls, as an engineer's log has them. */
  logged: Record<string, unknown>[];
  /** As a page does it that shows the present view. */
  send(client: KioskClient, intent: Intent): Promise<{ accepted: boolean }>;
  stop(): Promise<void>;
};

export const setStage = async (open: OpenLines, options: StageOptions = {}): Promise<Stage> => {
  const place = await createTestKiosk(options.session ? { session: options.session } : {});
  const kiosk = { ...place.kiosk, ...options.change?.(place.kiosk) };
  const logged: Record<string, unknown>[] = [];
  const lines = await open(
    createRouter(kiosk, () => undefined),
    kiosk,
    (_event, detail) => logged.push(detail),
    place.folder,
  );
  return {
    place,
    lines,
    line: await lines.connect(),
    logged,
    send: (client, intent) => client.session.intent({ intent, revision: place.kiosk.sessions.view().revision }),
    async stop() {
      await lines.stop();
      await place.stop();
    },
  };
};
