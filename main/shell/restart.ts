// When something that must run has ended: how long to wait before it is started again. Never gives up, and never burns.

export type RestartState = { failures: number; startedAtMs: number };

export const restartDelaysMs = [0, 500, 2000, 10_000, 30_000, 60_000] as const;
/** A run of this length wipes the slate. */
export const stableMs = 60_000;

export const started = (state: RestartState, now: number): RestartState => ({ ...state, startedAtMs: now });

/** Answers the new state and the delay before the next start; steady state is one start a minute. */
export const ended = (state: RestartState, now: number): { state: RestartState; delayMs: number } => {
  const failures = now - state.startedAtMs >= stableMs ? 1 : state.failures + 1;
  const delayMs = restartDelaysMs[Math.min(failures - 1, restartDelaysMs.length - 1)] ?? 60_000;
  return { state: { failures, startedAtMs: state.startedAtMs }, delayMs };
};
