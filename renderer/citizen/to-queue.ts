// The next best way where something cannot be done at the machine: a number for a window.

import type { Host } from '../connection.ts';

export const toQueue = async (host: Host): Promise<void> => {
  await host.send({ type: 'goHome' });
  await host.send({ type: 'openQueue' });
};
