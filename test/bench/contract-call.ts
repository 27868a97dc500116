// One call of the contract there and back, over each of the two lines. The call itself does next to nothing (an intent that does not
// fit), so that it is the line and the protocol that are measured. Both ends stand in this process.

import { createTestKiosk } from '../../main/host/test-kiosk.ts';
import { createRouter } from '../../main/host/router.ts';
import { transports } from '../../main/host/test-lines.ts';
import { figure, median, spread, type Figure } from './figure.ts';

const calls = 1500;
const warmUp = 300;

export const measureCalls = async (): Promise<Figure[]> => {
  const figures: Figure[] = [];
  for (const { name, open } of transports) {
    const place = await createTestKiosk();
    const lines = await open(
      createRouter(place.kiosk, () => undefined),
      place.kiosk,
      () => undefined,
      place.folder,
    );
    try {
      const { client } = await lines.connect();
      const tookUs: number[] = [];
      for (let call = 0; call < calls + warmUp; call += 1) {
        const startedMs = performance.now();
        await client.session.intent({ intent: { type: 'next' }, revision: 0 });
        if (call >= warmUp) tookUs.push((performance.now() - startedMs) * 1000);
      }
      figures.push(
        figure(`contractCallUs.${name}`, median(tookUs), 'µs', {
          note: `median there and back; ${spread(tookUs)}`,
        }),
      );
    } finally {
      await lines.stop();
      await place.stop();
    }
  }
  return figures;
};
