// A clock for a real sender over real sockets. While nothing is under way it jumps to the next timer, so a week without a network
// with all its tries lasts seconds; while a request is under way real time decides, and one that stalls is jumped to its time limit.

import type { Clock } from '../../../devices/kit/clock.ts';
import type { Fetch } from '../../../main/sync/exchange.ts';

export type JumpClock = Clock & {
  /** Requests must go through this, so that the clock knows of them. */
  watch(fetch: Fetch): Fetch;
  /** Resolves when the clock has reached that moment. */
  reach(atMs: number): Promise<void>;
  stop(): void;
};

type Timer = { at: number; order: number; isRequest: boolean; act: () => void };

export const createJumpClock = (startMs: number, stallMs: number): JumpClock => {
  let time = startMs;
  let order = 0;
  let timers: Timer[] = [];
  let newest: Timer | undefined;
  let isLooking = false;
  let isStopped = false;
  let stall: { timer: Timer; handle: NodeJS.Timeout } | undefined;

  const first = (): Timer | undefined =>
    timers.reduce<Timer | undefined>(
      (best, timer) =>
        !best || timer.at < best.at || (timer.at === best.at && timer.order < best.order) ? timer : best,
      undefined,
    );

  const fire = (timer: Timer): void => {
    timers = timers.filter((other) => other !== timer);
    time = Math.max(time, timer.at);
    timer.act();
    look();
  };

  const settle = (): void => {
    isLooking = false;
    if (isStopped) return;
    const request = timers.find((timer) => timer.isRequest);
    if (stall && stall.timer !== request) {
      clearTimeout(stall.handle);
      stall = undefined;
    }
    if (request) {
      stall ??= { timer: request, handle: setTimeout(() => timers.includes(request) && fire(request), stallMs) };
      return;
    }
    const due = first();
    if (due) fire(due);
  };

  /** Two turns of the event loop, because answers are read and rows settled between two requests. */
  const look = (): void => {
    if (isLooking || isStopped) return;
    isLooking = true;
    setImmediate(() => setImmediate(settle));
  };

  const after = (delayMs: number, act: () => void): (() => void) => {
    const timer: Timer = { at: time + Math.max(0, delayMs), order: order++, isRequest: false, act };
    timers.push(timer);
    newest = timer;
    look();
    return () => {
      timers = timers.filter((other) => other !== timer);
      look();
    };
  };

  return {
    now: () => time,
    after,
    watch: (fetch) => (url, init) => {
      // An exchange sets its time limit and then asks: the timer that was set last is the request's.
      if (newest) newest.isRequest = true;
      return fetch(url, init);
    },
    reach: (atMs) => new Promise((resolve) => void after(atMs - time, resolve)),
    stop() {
      isStopped = true;
      timers = [];
      clearTimeout(stall?.handle);
    },
  };
};
