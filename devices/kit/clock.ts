// Time is injected. Machines get `now`; the runner owns the timers. Tests use `createFakeClock`, never a sleep.

export type Clock = {
  /** Milliseconds since the epoch. People and time servers set it, in either direction. */
  now(): number;
  /** As `now`, but it is never set: what was the time at the start, and what has passed since. Absent: `now` is never set either. */
  steadyNow?(): number;
  /** Runs `act` once after `delayMs`; the answer cancels it. */
  after(delayMs: number, act: () => void): () => void;
};

/** setTimeout fires at once when it is asked for more (2^31 - 1 ms, 24 days). */
const longestTimeoutMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  steadyNow: () => Math.round(performance.timeOrigin + performance.now()),
  after(delayMs, act) {
    let timer: NodeJS.Timeout;
    const wait = (restMs: number): void => {
      timer =
        restMs > longestTimeoutMs
          ? setTimeout(() => wait(restMs - longestTimeoutMs), longestTimeoutMs)
          : setTimeout(act, restMs);
    };
    wait(delayMs);
    return () => clearTimeout(timer);
  },
};

/** For how long something lasts and when it is due: a clock that was set must neither end it nor put it off. */
export const steadyNow = (clock: Clock): number => clock.steadyNow?.() ?? clock.now();

/** The same clock for whoever only measures. */
export const steady = (clock: Clock): Clock => ({
  now: () => steadyNow(clock),
  after: (delayMs, act) => clock.after(delayMs, act),
});

/** A clock that stands still until `advance` moves it, firing timers in order and letting promises settle between them. */
export type FakeClock = Clock & { advance(ms: number): Promise<void>; pending(): number };

export const createFakeClock = (startMs = Date.UTC(2026, 0, 1)): FakeClock => {
  let time = startMs;
  let timers: { at: number; order: number; act: () => void }[] = [];
  let order = 0;
  const settle = async (): Promise<void> => {
    // Several turns, because a timer's work often awaits more than one promise before it sets the next timer.
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    await new Promise<void>((resolve) => setImmediate(resolve));
  };
  return {
    now: () => time,
    after(delayMs, act) {
      const timer = { at: time + Math.max(0, delayMs), order: order++, act };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    async advance(ms) {
      const end = time + ms;
      await settle();
      for (;;) {
        const due = timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at || a.order - b.order)[0];
        if (!due) break;
        timers = timers.filter((timer) => timer !== due);
        time = Math.max(time, due.at);
        due.act();
        await settle();
      }
      time = end;
    },
    pending: () => timers.length,
  };
};
