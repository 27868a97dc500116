// Wire trace: the last bytes each way in a bounded ring, for the technician. `redact` blanks what a citizen's document said.

export type TraceEntry = { atMs: number; direction: 'in' | 'out' | 'note'; label: string; hex: string };

export type Trace = {
  add(entry: TraceEntry): void;
  entries(): readonly TraceEntry[];
};

export const hexOf = (bytes: Uint8Array, limit = 64): string => {
  const shown = [...bytes.subarray(0, limit)].map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ');
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
