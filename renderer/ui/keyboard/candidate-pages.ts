// How many candidates fit: a pure layout of words on lines, so that the bar never cuts a word and nothing scrolls.

/** Pixels, as the browser computed them from the tokens. */
export type CandidateMetrics = {
  lineWidthPx: number;
  /** Advance of a Han character. */
  glyphPx: number;
  /** Left and right padding of a candidate together. */
  padPx: number;
  /** Least width of a touch target. */
  leastPx: number;
  gapPx: number;
};

export const candidateWidthPx = (text: string, metrics: CandidateMetrics): number =>
  Math.max(metrics.leastPx, Array.from(text).length * metrics.glyphPx + metrics.padPx);

/**
 * Breaks `items` into lines. Every line has at least one item, however wide: a sentence wider than the line is shown
 * smaller by the style sheet, not left out.
 */
export const linesOf = <Item extends { text: string }>(
  items: readonly Item[],
  metrics: CandidateMetrics,
  mostLines = Infinity,
): Item[][] => {
  const lines: Item[][] = [];
  let line: Item[] = [];
  let usedPx = 0;
  for (const item of items) {
    const widthPx = candidateWidthPx(item.text, metrics);
    const neededPx = line.length === 0 ? widthPx : usedPx + metrics.gapPx + widthPx;
    if (line.length > 0 && neededPx > metrics.lineWidthPx) {
      lines.push(line);
      if (lines.length >= mostLines) return lines;
      line = [item];
      usedPx = widthPx;
    } else {
      line.push(item);
      usedPx = neededPx;
    }
  }
  if (line.length > 0) lines.push(line);
  return lines;
};
