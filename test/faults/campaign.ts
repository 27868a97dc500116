// What a campaign is to `npm run faults`: an option that asks for it, words about it, and an answer. Each folder of campaigns lists its
// own; main.ts only reads the command line and prints.

export type Answer = {
  report: Record<string, unknown> & { failures: readonly string[] };
  isGood: boolean;
};

export type CampaignInput = {
  /** What was given with the campaign's own option; absent for one that takes no number. */
  count: number;
  /** The campaign's further numbers, as given or as they are by default. */
  numbers: Readonly<Record<string, number>>;
  seed: number;
  /** A line for people, on standard error. */
  say(line: string): void;
};

export type Campaign = {
  /** `bitflips` for `--bitflips N`. */
  option: string;
  /** Whether the option takes a number; without one it is a plain switch. */
  takesCount: boolean;
  /** Further options that take a number, with what they are when absent. */
  numbers?: Readonly<Record<string, number>>;
  usage: string;
  run(input: CampaignInput): Promise<Answer>;
};

/** Says how far a long campaign is, every ten seconds. */
export const createProgress = (say: (line: string) => void): ((done: number, of: number) => void) => {
  let toldMs = performance.now();
  return (done, of) => {
    if (performance.now() - toldMs < 10_000) return;
    toldMs = performance.now();
    say(`${Math.floor((100 * done) / of)} %`);
  };
};
