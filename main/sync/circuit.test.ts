import { describe, expect, it } from 'vitest';
import { closedCircuit, nextCircuit, openAfterFailures, type CircuitEvent, type CircuitState } from './circuit.ts';

const backOff = { baseDelayMs: 1000, maxDelayMs: 60_000 };
const fail: CircuitEvent = { type: 'failed', random: 1 };

const walk = (events: readonly [number, CircuitEvent][], start: CircuitState = closedCircuit): CircuitState =>
  events.reduce((state, [at, event]) => nextCircuit(state, event, at, backOff), start);

const opened = walk([
  [0, fail],
  [1000, fail],
  [3000, fail],
]);

describe('the circuit', () => {
  it('stays closed over single failures, with growing pauses', () => {
    expect(walk([[0, fail]])).toEqual({ phase: 'closed', failures: 1, notBeforeMs: 1000 });
    expect(
      walk([
        [0, fail],
        [1000, fail],
      ]),
    ).toEqual({ phase: 'closed', failures: 2, notBeforeMs: 3000 });
  });

  it('opens after failures in a row and lets a probe through when the pause is over, not before', () => {
    expect(opened).toEqual({ phase: 'open', failures: openAfterFailures, notBeforeMs: 7000 });
    expect(walk([[6999, { type: 'due' }]], opened)).toEqual(opened);
    expect(walk([[7000, { type: 'due' }]], opened)).toEqual({ phase: 'halfOpen', failures: 3 });
  });

  it('opens again with a longer pause when the probe fails', () => {
    const again = walk(
      [
        [7000, { type: 'due' }],
        [7100, fail],
      ],
      opened,
    );
    expect(again).toEqual({ phase: 'open', failures: 4, notBeforeMs: 15_100 });
  });

  it('remembers the failures after a mere probe, and forgets them when work went through', () => {
    const probed = walk(
      [
        [7000, { type: 'due' }],
        [7100, { type: 'probed' }],
      ],
      opened,
    );
    expect(probed).toEqual({ phase: 'closed', failures: 3 });
    expect(nextCircuit(probed, fail, 7200, backOff)).toMatchObject({ phase: 'open', failures: 4 });
    expect(nextCircuit(probed, { type: 'succeeded' }, 7200, backOff)).toEqual(closedCircuit);
  });

  it('waits as long as the server asked', () => {
    expect(walk([[0, { type: 'failed', random: 0, retryAfterMs: 30_000 }]]).notBeforeMs).toBe(30_000);
  });

  it('takes no notice of a probe that nobody sent', () => {
    expect(walk([[0, { type: 'probed' }]])).toEqual(closedCircuit);
    expect(walk([[0, { type: 'probed' }]], opened)).toEqual(opened);
    expect(walk([[0, { type: 'due' }]])).toEqual(closedCircuit);
  });
});
