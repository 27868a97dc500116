// The console's live view, for as long as somebody is signed in on this line.

import { useEffect, useState } from 'react';
import type { ConsoleView } from '../../../main/contract/console.ts';
import type { HostClient } from '../../connection.ts';
import { failureOf, type CallFailure } from './failures.ts';

const follow = async (
  client: HostClient,
  signal: AbortSignal,
  onView: (view: ConsoleView) => void,
  onLost: (failure: CallFailure) => void,
): Promise<void> => {
  try {
    for await (const view of await client.staff.view(undefined, { signal })) {
      if (signal.aborted) return;
      onView(view);
    }
    // The host ends it together with the sign-in; a broken line throws.
    if (!signal.aborted) onLost({ type: 'forbidden', code: 'signedOut', detail: 'the sign-in ended' });
  } catch (error) {
    if (!signal.aborted) onLost(failureOf(error));
  }
};

/**
 * The last view; undefined until the first comes. `onLost`: the line broke or the host signed the account out; a new line knows
 * nobody, so there is no way back but to sign in again.
 */
export const useConsoleView = (client: HostClient, onLost: (failure: CallFailure) => void): ConsoleView | undefined => {
  const [view, setView] = useState<ConsoleView>();
  useEffect(() => {
    const leaving = new AbortController();
    void follow(client, leaving.signal, setView, onLost);
    return () => leaving.abort();
  }, [client, onLost]);
  return view;
};
