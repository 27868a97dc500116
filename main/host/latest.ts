// A pushed value as an async iterator, for subscriptions.

/**
 * Yields what `read` says when the reader first asks, and then what was pushed. Latest value wins: a slow screen skips views instead
 * of piling them up. Reading comes after subscribing, so that no change falls in between.
 */
export async function* latest<T>(
  read: () => T,
  subscribe: (push: (value: T) => void) => () => void,
  signal: AbortSignal | undefined,
): AsyncGenerator<T> {
  let pending: { value: T } | undefined;
  let wake: () => void = () => undefined;
  const stop = subscribe((value) => {
    pending = { value };
    wake();
  });
  const onAbort = (): void => wake();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    pending = { value: read() };
    while (!signal?.aborted) {
      if (pending) {
        const { value }: { value: T } = pending;
        pending = undefined;
        yield value;
        continue;
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    stop();
    signal?.removeEventListener('abort', onAbort);
  }
}
