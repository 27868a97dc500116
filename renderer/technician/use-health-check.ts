// Runs one health check of a device at a time: its questions come up, its verdict stays until the next.
//
//   run(check) ─▶ running ─▶ asking ⇄ running ─▶ done (the verdict is in the view) | failed

import { useCallback, useEffect, useRef, useState } from 'react';
import type { Text } from '../../main/contract/text.ts';
import type { HostClient } from '../connection.ts';
import { useConsole } from '../ui/console/console-context.ts';
import { ask, failureOf, type CallFailure } from '../ui/console/failures.ts';

export type CheckRun =
  | { phase: 'idle' }
  | { phase: 'running'; check: string }
  | { phase: 'asking'; check: string; questionId: string; text: Text }
  | { phase: 'failed'; check: string; failure: CallFailure };

export type HealthCheckRun = {
  state: CheckRun;
  run: (check: string) => void;
  answer: (isYes: boolean) => void;
};

const follow = async (
  client: HostClient,
  input: { deviceId: string; check: string },
  signal: AbortSignal,
  onState: (state: CheckRun) => void,
): Promise<void> => {
  const { check } = input;
  try {
    for await (const event of await client.staff.check(input, { signal })) {
      if (signal.aborted) return;
      if (event.type === 'question')
        onState({ phase: 'asking', check, questionId: event.questionId, text: event.text });
    }
    if (!signal.aborted) onState({ phase: 'idle' });
  } catch (error) {
    if (!signal.aborted) onState({ phase: 'failed', check, failure: failureOf(error) });
  }
};

/** For one device: a component that shows another device is another component (`key`). */
export const useHealthCheck = (deviceId: string): HealthCheckRun => {
  const { client } = useConsole();
  const [state, setState] = useState<CheckRun>({ phase: 'idle' });
  const leaving = useRef<AbortController>(undefined);

  // Whoever goes away from the device leaves its check: the host then takes an open question as "no".
  useEffect(() => () => leaving.current?.abort(), []);

  const run = useCallback(
    (check: string): void => {
      leaving.current?.abort();
      const current = new AbortController();
      leaving.current = current;
      setState({ phase: 'running', check });
      void follow(client, { deviceId, check }, current.signal, setState);
    },
    [client, deviceId],
  );

  const answer = useCallback(
    (isYes: boolean): void => {
      if (state.phase !== 'asking') return;
      const { check, questionId } = state;
      setState({ phase: 'running', check });
      void ask(() => client.staff.answerCheck({ questionId, yes: isYes })).then((told) => {
        if (!told.ok) setState({ phase: 'failed', check, failure: told.failure });
      });
    },
    [client, state],
  );

  return { state, run, answer };
};
