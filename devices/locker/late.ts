// Answers that come after their time. No protocol here numbers its questions, so a late answer looks like the answer to the next
// question about the same lock. On a wire nothing overtakes: as long as an earlier question of the same kind may still be answered,
// the first answer that comes is taken for that one's and believed by nobody.

import { isSameTarget, type Target } from './protocol.ts';
import type { Turn } from './state.ts';

/** An answer later than this does not come any more. */
const lateLimitMs = 3000;

/** The question's time has passed; its answer may still come. */
export const owe = (turn: Turn, target: Target): void => {
  const owed = turn.state.owed.filter(({ atMs }) => turn.now - atMs < lateLimitMs);
  turn.state = { ...turn.state, owed: [...owed, { target, atMs: turn.now }] };
};

/** Whether an answer about `target` pays for an earlier question; then it is done with. */
export const payOwed = (turn: Turn, target: Target): boolean => {
  const index = turn.state.owed.findIndex(
    (owed) => isSameTarget(owed.target, target) && turn.now - owed.atMs < lateLimitMs,
  );
  if (index < 0) return false;
  turn.state = { ...turn.state, owed: turn.state.owed.filter((_, at) => at !== index) };
  return true;
};
