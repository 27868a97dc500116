// Ink of the hand signature: pointer events in, strokes (for the host) and a smooth path (for the eye) out. Pure.
//
//   pointer ─► fraction of the pad + ms ─► thinned ─► stroke ─► contract `sign`
//                                                       └─────► quadratic curves through the midpoints ─► canvas
//
// The pad is always twice as wide as high (`padRatio`), so fractions mean the same shape wherever they are drawn again.

/** x and y as fractions of the pad, milliseconds since the first touch of the signature. */
export type InkPoint = readonly [x: number, y: number, ms: number];
export type Stroke = readonly InkPoint[];

/** Width ÷ height of the pad. */
export const padRatio = 2;

/** The contract takes 200 strokes of 2,000 points. */
export const maxStrokes = 200;
export const maxPointsPerStroke = 2000;

/** Fingers rest and tremble: points nearer than this share of the pad's width to the last one say nothing. */
const leastMove = 0.0015;

/** A name is longer than a touch: all strokes together are at least this share of the pad's width. */
const leastInk = 0.08;

const distance = (a: InkPoint, b: InkPoint): number => Math.hypot(a[0] - b[0], (a[1] - b[1]) / padRatio);

const clamp = (n: number): number => Math.min(1, Math.max(0, n));

/** Rounded, because a signature is sent and hashed: 1/10,000 of the pad is finer than any touch panel. */
export const inkPoint = (x: number, y: number, ms: number): InkPoint => [
  Math.round(clamp(x) * 1e4) / 1e4,
  Math.round(clamp(y) * 1e4) / 1e4,
  Math.max(0, Math.round(ms)),
];

/** Begins a stroke; at the limit of the contract the signature stays as it is. */
export const beginStroke = (strokes: readonly Stroke[], point: InkPoint): readonly Stroke[] =>
  strokes.length >= maxStrokes ? strokes : [...strokes, [point]];

/** Lengthens the last stroke. A stroke that grows past the contract's limit goes on as the next one, joined at its end. */
export const extendStroke = (strokes: readonly Stroke[], point: InkPoint): readonly Stroke[] => {
  const last = strokes.at(-1);
  const end = last?.at(-1);
  if (!last || !end || distance(end, point) < leastMove) return strokes;
  if (last.length < maxPointsPerStroke) return [...strokes.slice(0, -1), [...last, point]];
  return strokes.length >= maxStrokes ? strokes : [...strokes, [end, point]];
};

/** Whether this is a signature and not a slip of the finger. */
export const isSigned = (strokes: readonly Stroke[]): boolean => {
  let ink = 0;
  for (const stroke of strokes) for (let i = 1; i < stroke.length; i++) ink += distance(stroke[i - 1]!, stroke[i]!);
  return ink >= leastInk;
};

/** What a canvas needs to draw with; `CanvasRenderingContext2D` fits. */
export type Pen = {
  beginPath(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  quadraticCurveTo(cpx: number, cpy: number, x: number, y: number): void;
  stroke(): void;
};

/** Draws one stroke on a pad of `width` x `height` pixels: each point is the control point between two midpoints. */
export const drawStroke = (pen: Pen, stroke: Stroke, width: number, height: number): void => {
  const first = stroke[0];
  if (!first) return;
  pen.beginPath();
  pen.moveTo(first[0] * width, first[1] * height);
  for (let i = 1; i < stroke.length - 1; i++) {
    const here = stroke[i]!;
    const next = stroke[i + 1]!;
    pen.quadraticCurveTo(
      here[0] * width,
      here[1] * height,
      ((here[0] + next[0]) / 2) * width,
      ((here[1] + next[1]) / 2) * height,
    );
  }
  const end = stroke.at(-1)!;
  // A dot: with round line caps a line of no length is drawn as a point.
  pen.lineTo(end[0] * width, end[1] * height);
  pen.stroke();
};
