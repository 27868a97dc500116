// Wire trace: the last bytes each way in a bounded ring, for the technician. `redact` blanks what a citizen's document said.

export type TraceEntry = { atMs: number; direction: 'in' | 'out' | 'note'; label: string; hex: string };

export type Trace = {
  add(entry: TraceEntry): void;
  entries(): readonly TraceEntry[];
};

const hexPairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).toUpperCase().padStart(2, '0'));

/** Every frame of every device passes here: a table, because idle hardware is polled all day. */
export const hexOf = (bytes: Uint8Array, limit = 64): string => {
  const count = Math.min(bytes.length, limit);
  let shown = count > 0 ? (hexPairs[bytes[0] ?? 0] ?? '') : '';
  for (let index = 1; index < count; index += 1) shown += ` ${hexPairs[bytes[index] ?? 0] ?? ''}`;
  return bytes.length > limit ? `${shown} … (${bytes.length} bytes)` : shown;
};

export const createTrace = (capacity = 200): Trace => {
  const ring: TraceEntry[] = [];
  return {
    add(entry) {
      ring.push(entry);
      if (ring.length > capacity) ring.shift();
    },
    entries: () => ring,
  };
};
