// Asks one port at a time who is there. What came of it stays until the port is asked again or the list is left.
//
//   run(path) ─▶ asking (progress) ─▶ done | failed          stop() ─▶ idle

import { useCallback, useEffect, useRef, useState } from 'react';
import type { IdentifyEvent, PortIdentity } from '../../main/contract/console.ts';
import type { HostClient } from '../connection.ts';
import { useConsole } from '../ui/console/console-context.ts';
import { failureOf, type CallFailure } from '../ui/console/failures.ts';

type Progress = Extract<IdentifyEvent, { type: 'progress' }>;

export type PortAnswer =
  | { phase: 'asking'; progress: Progress | undefined }
  | { phase: 'done'; result: PortIdentity }
  | { phase: 'failed'; failure: CallFailure };

type Answers = Readonly<Record<string, PortAnswer>>;

export type IdentifyPort = {
  answers: Answers;
  /** The port that is being asked. */
  asking: string | undefined;
  run: (path: string) => void;
  stop: () => void;
};

const follow = async (
  client: HostClient,
  path: string,
  signal: AbortSignal,
  onAnswer: (answer: PortAnswer) => void,
): Promise<void> => {
  try {
    for await (const event of await client.technician.identifyPort({ path }, { signal })) {
      if (signal.aborted) return;
      if (event.type === 'progress') onAnswer({ phase: 'asking', progress: event });
      else onAnswer({ phase: 'done', result: event.result });
    }
  } catch (error) {
    if (!signal.aborted) onAnswer({ phase: 'failed', failure: failureOf(error) });
  }
};

export const useIdentifyPort = (): IdentifyPort => {
  const { client } = useConsole();
  const [answers, setAnswers] = useState<Answers>({});
  const [asking, setAsking] = useState<string>();
  const leaving = useRef<AbortController>(undefined);

  // Whoever leaves the list ends the asking: the host stops before its next question.
  useEffect(() => () => leaving.current?.abort(), []);

  const forget = useCallback((path: string): void => {
    setAnswers((all) => Object.fromEntries(Object.entries(all).filter(([key]) => key !== path)));
  }, []);

  const run = useCallback(
    (path: string): void => {
      leaving.current?.abort();
      const current = new AbortController();
      leaving.current = current;
      const keep = (answer: PortAnswer): void => setAnswers((all) => ({ ...all, [path]: answer }));
      keep({ phase: 'asking', progress: undefined });
      setAsking(path);
      void follow(client, path, current.signal, keep).finally(() => {
        if (leaving.current === current) setAsking(undefined);
      });
    },
    [client],
  );

  const stop = useCallback((): void => {
    leaving.current?.abort();
    if (asking !== undefined) forget(asking);
    setAsking(undefined);
  }, [asking, forget]);

  return { answers, asking, run, stop };
};
