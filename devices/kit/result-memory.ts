// Results by command id, so that a repeated id gets the first answer. What a citizen's card or paper said must not stay in memory for
// that: only results of durable commands (a ticket, an opened cell: no content) are kept long, the others for as long as a repeated
// message can be under way.

import type { Clock } from './clock.ts';
import type { Result } from './result.ts';

export const rememberedResults = 256;
/** How long after its end a command that is not durable still answers a repeated id. */
export const repeatWindowMs = 10_000;

export type ResultMemory<Reply> = {
  get(commandId: string): Promise<Result<Reply>> | undefined;
  add(commandId: string, result: Promise<Result<Reply>>): void;
  settled(commandId: string, isDurable: boolean): void;
  /** Forgets everything, e.g. when the device is stopped. */
  forget(): void;
};

export const createResultMemory = <Reply>(clock: Clock): ResultMemory<Reply> => {
  const results = new Map<string, Promise<Result<Reply>>>();
  const leaving = new Map<string, () => void>();
  const drop = (commandId: string): void => {
    results.delete(commandId);
    leaving.get(commandId)?.();
    leaving.delete(commandId);
  };
  return {
    get: (commandId) => results.get(commandId),
    add(commandId, result) {
      results.set(commandId, result);
      if (results.size > rememberedResults) drop(results.keys().next().value ?? '');
    },
    settled(commandId, isDurable) {
      if (isDurable || !results.has(commandId)) return;
      leaving.set(
        commandId,
        clock.after(repeatWindowMs, () => drop(commandId)),
      );
    },
    forget() {
      for (const commandId of results.keys()) drop(commandId);
    },
  };
};
