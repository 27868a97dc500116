// A byte queue for streaming decoders: append chunks, look, take. Bounded, so that noise cannot fill the memory.

export const bufferLimit = 64 * 1024;

export type ByteQueue = {
  append(chunk: Uint8Array): Uint8Array | undefined;
  readonly length: number;
  at(index: number): number;
  indexOf(pattern: Uint8Array, from?: number): number;
  take(count: number): Uint8Array;
  view(): Uint8Array;
};

/** `append` answers with the oldest bytes when they had to be dropped to stay under the limit. */
export const createByteQueue = (limit = bufferLimit): ByteQueue => {
  let bytes: Buffer = Buffer.alloc(0);
  return {
    append(chunk) {
      bytes = bytes.length === 0 ? Buffer.from(chunk) : Buffer.concat([bytes, chunk]);
      if (bytes.length <= limit) return undefined;
      const dropped = bytes.subarray(0, bytes.length - limit);
      bytes = bytes.subarray(bytes.length - limit);
      return dropped;
    },
    get length() {
      return bytes.length;
    },
    at: (index) => bytes[index] ?? -1,
    indexOf: (pattern, from = 0) => bytes.indexOf(pattern, from),
    take(count) {
      const taken = bytes.subarray(0, count);
      bytes = bytes.subarray(count);
      return taken;
    },
    view: () => bytes,
  };
};
