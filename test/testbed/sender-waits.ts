// Waits for what a kiosk's sender says of itself. No time limit of its own: that is the test's.

import type { Sender, SenderStatus } from '../../main/sync/sender.ts';

export const until = (sender: Sender, isReached: (status: SenderStatus) => boolean): Promise<void> =>
  new Promise((resolve) => {
    const look = (status: SenderStatus): void => {
      if (!isReached(status)) return;
      forget();
      resolve();
    };
    const forget = sender.onChange(look);
    look(sender.status());
  });

/** Everything is at the centre. */
export const isEmpty = ({ depth }: SenderStatus): boolean => depth === 0;
