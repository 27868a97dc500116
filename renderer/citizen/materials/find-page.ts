// Finds the sheet in a photograph of the document camera: luminance in, a crop box out. Pure; knows no canvas.
// Before it: `picture.ts` shrinks the frame to about 320 px and makes it grey. After it: the crop box on the screen, then the cut.
//
//   grey ─► plane of the desk ─► distance from it ─► mask ─► closed, opened ─► largest blob ─► its box ─► fractions
//           (robust fit on the rim)   (light/dark apart)
//
// The desk is fitted as a plane because a lamp on one side makes it brighter there than the step from desk to paper.

/** Edges as fractions of the picture, 0 ≤ left < right ≤ 1. */
export type Crop = { left: number; top: number; right: number; bottom: number };

/** 8-bit luminance, row by row; `data.length === width * height`. */
export type Grey = { width: number; height: number; data: Uint8Array };

export const wholePicture: Crop = { left: 0, top: 0, right: 1, bottom: 1 };

/** A sheet is at least this share of the picture; smaller things are a pen, a stamp or a clip. */
const minShare = 0.06;
/** Above this share nothing would be cut off, so the whole picture is kept. */
const maxShare = 0.96;
/** A sheet turned by up to 45° still fills half of its box; a hand or a cable does not. */
const minFill = 0.45;
/** Steps of luminance below this are shade and noise. */
const minStep = 11;
/** Kept around the box, so that no line at the edge of the paper is lost. */
const margin = 0.006;

type Plane = { at0: number; perX: number; perY: number; spread: number };

/** Solves the 3x3 normal equations of `value ≈ a + b·x + c·y` by elimination; undefined when the points lie on a line. */
const solve3 = (m: number[][]): [number, number, number] | undefined => {
  for (let column = 0; column < 3; column++) {
    let best = column;
    for (let row = column + 1; row < 3; row++) if (Math.abs(m[row]![column]!) > Math.abs(m[best]![column]!)) best = row;
    [m[column], m[best]] = [m[best]!, m[column]!];
    const head = m[column]![column]!;
    if (Math.abs(head) < 1e-9) return undefined;
    for (let row = 0; row < 3; row++) {
      if (row === column) continue;
      const factor = m[row]![column]! / head;
      for (let k = column; k < 4; k++) m[row]![k] = m[row]![k]! - factor * m[column]![k]!;
    }
  }
  return [m[0]![3]! / m[0]![0]!, m[1]![3]! / m[1]![1]!, m[2]![3]! / m[2]![2]!];
};

/**
 * Fits the desk on the rim of the picture. Where the sheet leaves the picture, its rim points are far from the others:
 * each turn drops what is further away than 2.5 spreads (spread = median distance), so up to about 40 % may be paper.
 */
const fitDesk = ({ width, height, data }: Grey): Plane | undefined => {
  const rim = Math.max(2, Math.round(Math.min(width, height) * 0.025));
  let points: { x: number; y: number; v: number }[] = [];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (x >= rim && x < width - rim && y >= rim && y < height - rim) continue;
      if ((x + y) % 2 === 0) points.push({ x, y, v: data[y * width + x]! });
    }
  const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? 0;
  // The first guess is flat: the median of the rim stands even where a part of it is paper.
  let plane: Plane = { at0: median(points.map((p) => p.v)), perX: 0, perY: 0, spread: 0 };
  const all = points;
  for (let turn = 0; turn < 5; turn++) {
    const distances = points.map((p) => Math.abs(p.v - (plane.at0 + plane.perX * p.x + plane.perY * p.y)));
    const spread = Math.max(1.5, median([...distances]));
    points = points.filter((_, i) => distances[i]! <= 2.5 * spread + 3);
    const m = [
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ];
    for (const { x, y, v } of points) {
      const row = [1, x, y];
      for (let i = 0; i < 3; i++) {
        for (let j = 0; j < 3; j++) m[i]![j]! += row[i]! * row[j]!;
        m[i]![3]! += row[i]! * v;
      }
    }
    const solved = solve3(m);
    if (!solved) return undefined;
    plane = { at0: solved[0], perX: solved[1], perY: solved[2], spread };
  }
  // Fewer than half of the rim agree on one plane: there is no desk to be told from the paper.
  return points.length < all.length * 0.5 ? undefined : plane;
};

/** One pass of a 3x3 dilation (`to` = 1) or erosion (`to` = 0). */
const grow = (mask: Uint8Array, width: number, height: number, to: 0 | 1): Uint8Array => {
  const out = new Uint8Array(mask);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (mask[y * width + x] === to) continue;
      search: for (let dy = -1; dy <= 1; dy++)
        for (let dx = -1; dx <= 1; dx++) {
          const nx = x + dx;
          const ny = y + dy;
          // Beyond the picture nothing is known, so it neither grows nor eats the mask there.
          if (nx < 0 || ny < 0 || nx >= width || ny >= height) continue;
          if (mask[ny * width + nx] === to) {
            out[y * width + x] = to;
            break search;
          }
        }
    }
  return out;
};

type Blob = { area: number; rows: Int32Array; columns: Int32Array };

/** Largest 4-connected blob of the mask, with its pixel counts per row and per column. */
const largestBlob = (mask: Uint8Array, width: number, height: number): Blob | undefined => {
  const seen = new Uint8Array(mask.length);
  const stack: number[] = [];
  let best: number[] = [];
  for (let start = 0; start < mask.length; start++) {
    if (!mask[start] || seen[start]) continue;
    const cells: number[] = [];
    seen[start] = 1;
    stack.push(start);
    for (let cell = stack.pop(); cell !== undefined; cell = stack.pop()) {
      cells.push(cell);
      const x = cell % width;
      for (const next of [x > 0 ? cell - 1 : -1, x < width - 1 ? cell + 1 : -1, cell - width, cell + width])
        if (next >= 0 && next < mask.length && mask[next] && !seen[next]) {
          seen[next] = 1;
          stack.push(next);
        }
    }
    if (cells.length > best.length) best = cells;
  }
  if (best.length === 0) return undefined;
  const rows = new Int32Array(height);
  const columns = new Int32Array(width);
  for (const cell of best) {
    rows[Math.floor(cell / width)]!++;
    columns[cell % width]!++;
  }
  return { area: best.length, rows, columns };
};

/** First and last line that holds enough of the blob: a finger or cable that touches the sheet adds thin lines only. */
const span = (counts: Int32Array): [number, number] => {
  const sorted = [...counts].filter((n) => n > 0).sort((a, b) => a - b);
  const enough = Math.max(2, (sorted[Math.floor(sorted.length * 0.8)] ?? 0) * 0.06);
  const first = counts.findIndex((n) => n >= enough);
  const last = counts.length - 1 - counts.toReversed().findIndex((n) => n >= enough);
  return [first, last];
};

/**
 * The box of the sheet, or undefined when there is none to be sure of (empty desk, sheet over the whole picture, a
 * crowded desk): the caller then keeps the whole picture.
 */
export const findPage = (grey: Grey): Crop | undefined => {
  const { width, height, data } = grey;
  if (width < 16 || height < 16) return undefined;
  const desk = fitDesk(grey);
  if (!desk) return undefined;
  const step = Math.max(minStep, desk.spread * 4);
  // Light and dark are looked at apart, so that the shadow beside a sheet does not become part of it.
  const candidates = ([1, -1] as const).map((sign) => {
    let mask: Uint8Array = new Uint8Array(data.length);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const i = y * width + x;
        if (sign * (data[i]! - (desk.at0 + desk.perX * x + desk.perY * y)) > step) mask[i] = 1;
      }
    // Closing joins a sheet that lines of print cut into strips; opening removes what is thinner than 3 px.
    for (const to of [1, 1, 0, 0, 0, 1] as const) mask = grow(mask, width, height, to);
    return largestBlob(mask, width, height);
  });
  const blob = candidates.sort((a, b) => (b?.area ?? 0) - (a?.area ?? 0))[0];
  if (!blob) return undefined;
  const [left, right] = span(blob.columns);
  const [top, bottom] = span(blob.rows);
  const boxWidth = right - left + 1;
  const boxHeight = bottom - top + 1;
  const share = (boxWidth * boxHeight) / (width * height);
  if (share < minShare || share > maxShare || blob.area / (boxWidth * boxHeight) < minFill) return undefined;
  if (boxWidth / width < 0.12 || boxHeight / height < 0.12) return undefined;
  return {
    left: Math.max(0, left / width - margin),
    top: Math.max(0, top / height - margin),
    right: Math.min(1, (right + 1) / width + margin),
    bottom: Math.min(1, (bottom + 1) / height + margin),
  };
};
