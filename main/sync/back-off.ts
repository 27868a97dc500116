// How long to wait after failures: full jitter, because thousands of kiosks lose and find the network at the same moment.

export type BackOff = { baseDelayMs: number; maxDelayMs: number };

/** No server's wish is followed for longer than this. */
export const longestRetryAfterMs = 60 * 60 * 1000;

/**
 * Milliseconds until the next try after `failures` in a row. `random` is 0…1. What the server asked for comes first and the jitter
 * on top, so that not everybody who was told "60 s" is back in the same second.
 */
export const delayAfter = (
  failures: number,
  { baseDelayMs, maxDelayMs }: BackOff,
  random: number,
  retryAfterMs = 0,
): number => {
  const ceiling = Math.min(maxDelayMs, baseDelayMs * 2 ** Math.min(30, Math.max(0, failures - 1)));
  return Math.round(random * ceiling + Math.min(retryAfterMs, longestRetryAfterMs));
};

/** `Retry-After` in milliseconds: seconds or an HTTP date. Anything else says nothing. */
export const parseRetryAfter = (value: string | null | undefined, nowMs: number): number | undefined => {
  if (value === null || value === undefined || value.trim() === '') return undefined;
  if (/^\d{1,9}$/.test(value.trim())) return Number(value.trim()) * 1000;
  // Date.parse reads a bare number as a year: only what ends like an HTTP date is one.
  const at = value.trim().endsWith('GMT') ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
};
