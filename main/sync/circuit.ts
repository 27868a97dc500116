// Whether the centre may be asked: a pure machine.
//
//   closed ──failures in a row──▶ open ──time──▶ halfOpen ──probe answered──▶ closed
//                                  ▲                └──probe failed──┐
//                                  └─────────────────────────────────┘
//
// An answered probe closes the circuit but does not forget the failures: only work that went through does. Otherwise a centre that
// is well but for one broken endpoint would be asked again and again without growing pauses.

import { delayAfter, type BackOff } from './back-off.ts';

export type CircuitState = {
  phase: 'closed' | 'open' | 'halfOpen';
  /** In a row, since work last went through. */
  failures: number;
  /** No request before this moment. */
  notBeforeMs?: number;
};

export type CircuitEvent =
  | { type: 'succeeded' }
  /** `random` 0…1 for the jitter; `retryAfterMs` as the server asked. */
  | { type: 'failed'; random: number; retryAfterMs?: number }
  /** The pause may be over. */
  | { type: 'due' }
  /** Somebody will not wait for the end of the pause. */
  | { type: 'pushed' }
  | { type: 'probed' };

/** After so many failures in a row only a probe goes out. */
export const openAfterFailures = 3;

export const closedCircuit: CircuitState = { phase: 'closed', failures: 0 };

export const nextCircuit = (
  state: CircuitState,
  event: CircuitEvent,
  nowMs: number,
  backOff: BackOff,
): CircuitState => {
  switch (event.type) {
    case 'succeeded':
      return closedCircuit;
    case 'failed': {
      const failures = state.failures + 1;
      const isOpen = state.phase !== 'closed' || failures >= openAfterFailures;
      return {
        phase: isOpen ? 'open' : 'closed',
        failures,
        notBeforeMs: nowMs + delayAfter(failures, backOff, event.random, event.retryAfterMs),
      };
    }
    case 'due':
      return state.phase === 'open' && nowMs >= (state.notBeforeMs ?? 0)
        ? { phase: 'halfOpen', failures: state.failures }
        : state;
    case 'pushed':
      return { phase: state.phase === 'closed' ? 'closed' : 'halfOpen', failures: state.failures };
    case 'probed':
      return state.phase === 'halfOpen' ? { phase: 'closed', failures: state.failures } : state;
    default:
      return event satisfies never;
  }
};
