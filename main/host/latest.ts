// A pushed value as an async iterator, for subscriptions.

/** Latest value wins: a slow screen skips views instead of piling them up. */
export async function* latest<T>(
  first: T,
  subscribe: (push: (value: T) => void) => () => void,
  signal: AbortSignal | undefined,
): AsyncGenerator<T> {
  let pending: { value: T } | undefined = { value: first };
  let wake: () => void = () => undefined;
  const stop = subscribe((value) => {
    pending = { value };
    wake();
  });
  const onAbort = (): void => wake();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
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
