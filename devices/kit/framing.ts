// A byte queue for streaming decoders: append chunks, look, take. Bounded, so that noise cannot fill the memory; one store that is
// reused, so that a byte costs the same whether it comes alone or in a chunk, and however much is waiting already.
//
//   store:  │ free │ waiting bytes │ free │
//                  start          end

export const bufferLimit = 64 * 1024;

const firstStoreBytes = 256;

export type ByteQueue = {
  append(chunk: Uint8Array): Uint8Array | undefined;
  readonly length: number;
  at(index: number): number;
  indexOf(pattern: Uint8Array, from?: number): number;
  /** Bytes of one's own: they stay what they are. */
  take(count: number): Uint8Array;
  /** What is waiting, to look at until the next `append`: it is not a copy. */
  view(): Uint8Array;
};

/** `append` answers with the oldest bytes when they had to be dropped to stay under the limit. */
export const createByteQueue = (limit = bufferLimit): ByteQueue => {
  let store: Buffer = Buffer.alloc(firstStoreBytes);
  let start = 0;
  let end = 0;

  const waiting = (): Buffer => store.subarray(start, end);

  const takeFront = (count: number): Uint8Array => {
    const stop = Math.min(end, start + Math.max(0, count));
    const taken = Buffer.from(store.subarray(start, stop));
    start = stop;
    if (start === end) {
      start = 0;
      end = 0;
    }
    return taken;
  };

  /** Space for so many bytes behind the waiting ones. */
  const makeRoom = (count: number): void => {
    if (end + count <= store.length) return;
    const length = end - start;
    let size = store.length;
    while (size < length + count) size *= 2;
    // Moved down only when much is free in front, so that a byte is moved once on average.
    const target = size === store.length && start >= length ? store : Buffer.alloc(size);
    store.copy(target, 0, start, end);
    store = target;
    start = 0;
    end = length;
  };

  return {
    append(chunk) {
      makeRoom(chunk.length);
      store.set(chunk, end);
      end += chunk.length;
      return end - start <= limit ? undefined : takeFront(end - start - limit);
    },
    get length() {
      return end - start;
    },
    at: (index) => (index >= 0 && start + index < end ? (store[start + index] ?? -1) : -1),
    indexOf: (pattern, from = 0) => waiting().indexOf(pattern, from),
    take: takeFront,
    view: waiting,
  };
};
