// One after another within this process: whoever comes takes a turn and waits for those before.

export type Turns = { take<Result>(work: () => Promise<Result>): Promise<Result> };

export const createTurns = (): Turns => {
  let last: Promise<unknown> = Promise.resolve();
  return {
    take(work) {
      const turn = last.then(work);
      last = turn.catch(() => undefined);
      return turn;
    },
  };
};
