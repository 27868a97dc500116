// Where the attract screen stands this minute: it wanders over a small square and never rests on one place.

const ring = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
  [-1, 0],
  [-1, -1],
  [0, -1],
  [1, -1],
] as const;

/** Offset in millimetres at `nowMs`; changes once a minute, at most 2 mm from the middle. */
export const shiftAt = (nowMs: number): { xMm: number; yMm: number } => {
  const [x, y] = ring[Math.floor(nowMs / 60_000) % ring.length] ?? ring[0];
  return { xMm: x * 2, yMm: y * 2 };
};
