// Waiting for a server, never longer than agreed and never for more bytes than agreed.

import type { Clock } from '../../devices/kit/clock.ts';

export type BoundedWait = {
  /** For `fetch`. */
  signal: AbortSignal;
  /** Ends with an error when the time is over or the wait is given up: not every stream ends when its signal is aborted. */
  race<T>(work: Promise<T>): Promise<T>;
  /** Nothing more of it is wanted. */
  giveUp(): void;
  /** It was the time that ended it. */
  isLate(): boolean;
  /** Always, at the end. */
  close(): void;
};

/** `signal`: whoever stops everything. */
export const boundedWait = (clock: Clock, timeoutMs: number, signal: AbortSignal): BoundedWait => {
  const controller = new AbortController();
  let isLate = false;
  const stopTimer = clock.after(timeoutMs, () => {
    isLate = true;
    controller.abort();
  });
  const onStop = (): void => controller.abort();
  signal.addEventListener('abort', onStop, { once: true });
  const aborted = new Promise<never>((_resolve, reject) => {
    controller.signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
  });
  aborted.catch(() => undefined);
  return {
    signal: controller.signal,
    race: (work) => Promise.race([work, aborted]),
    giveUp: () => controller.abort(),
    isLate: () => isLate,
    close() {
      stopTimer();
      signal.removeEventListener('abort', onStop);
    },
  };
};

/** The bytes, or nothing when there are more than may be. */
export const readCapped = async (
  body: AsyncIterable<Uint8Array> | null,
  largestBytes: number,
): Promise<Buffer | undefined> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > largestBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};
