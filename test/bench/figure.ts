// A figure: one number of the running product with its unit, and the target that the design holds it to.

export type Figure = {
  name: string;
  /** `null`: it could not be measured; the note says why. */
  value: number | null;
  unit: string;
  /** At most this; with `isLeast` at least. `null`: reported for its own sake. */
  target: number | null;
  isLeast?: true;
  met: boolean | null;
  note?: string;
};

/** The part of the values at or below which `share` of them lie (nearest rank). */
export const percentile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const found = sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
  if (found === undefined) throw new Error('nothing was measured');
  return found;
};

export const median = (values: readonly number[]): number => percentile(values, 0.5);

const rounded = (value: number): number => Number(value.toPrecision(4));

export const figure = (
  name: string,
  value: number,
  unit: string,
  { target, atLeast, note }: { target?: number; atLeast?: number; note?: string } = {},
): Figure => ({
  name,
  value: rounded(value),
  unit,
  target: target ?? atLeast ?? null,
  ...(atLeast === undefined ? {} : { isLeast: true }),
  met: target !== undefined ? value <= target : atLeast === undefined ? null : value >= atLeast,
  ...(note === undefined ? {} : { note }),
});

/** `12 runs: median 3.1, p95 4.0, most 5.2` for a note. */
export const spread = (values: readonly number[]): string =>
  `${values.length} runs: median ${rounded(median(values))}, p95 ${rounded(percentile(values, 0.95))}, most ${rounded(Math.max(...values))}`;

/** This process's clock in milliseconds since the epoch, finer than `Date.now()`; the same for all processes of the machine. */
export const epochMs = (): number => performance.timeOrigin + performance.now();

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export const say = (line: string): void => void process.stderr.write(`${line}\n`);
