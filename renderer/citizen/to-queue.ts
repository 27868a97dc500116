// The next best way where something cannot be done at the machine: a number for a window.

import type { Host } from '../connection.ts';

/** The view of home comes a moment after the answer, and what is asked of an older view is dropped: so it is asked again. */
const tries = 10;
const waitMs = 60;

export const toQueue = async (host: Host): Promise<void> => {
  if (!(await host.send({ type: 'goHome' }))) return;
  for (let attempt = 0; attempt < tries; attempt += 1) {
    if (await host.send({ type: 'openQueue' })) return;
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
};
