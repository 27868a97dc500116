// Which fields are shown at once, so that a page never scrolls. Pure: heights in, windows out.
// Before it: the page measures its field rows. After it: small pages inside a page of the form, or the fields around the one being typed.

/**
 * Splits rows into pages in order. A page holds as many rows as fit into `available` and at most `most`; at least one,
 * since a row that is too high for the screen must still be reachable.
 * @param heights rows' heights, pixels; `gap` between rows, pixels.
 * @returns index ranges `[from, to)`.
 */
export const splitRows = (
  heights: readonly number[],
  available: number,
  gap: number,
  most: number,
): [from: number, to: number][] => {
  const pages: [number, number][] = [];
  let from = 0;
  let used = 0;
  for (let i = 0; i < heights.length; i++) {
    const height = heights[i]!;
    const needed = i === from ? height : used + gap + height;
    if (i > from && (needed > available || i - from >= most)) {
      pages.push([from, i]);
      from = i;
      used = height;
    } else used = needed;
  }
  if (from < heights.length) pages.push([from, heights.length]);
  return pages;
};

/**
 * Rows that stay in sight while row `active` is typed: it first, then as many of those after it, then before it, as fit.
 * @returns `[from, to)`, always containing `active`.
 */
export const windowAround = (
  heights: readonly number[],
  active: number,
  available: number,
  gap: number,
): [from: number, to: number] => {
  let from = active;
  let to = active + 1;
  let used = heights[active] ?? 0;
  const take = (index: number): boolean => {
    const height = heights[index];
    if (height === undefined || used + gap + height > available) return false;
    used += gap + height;
    return true;
  };
  while (to < heights.length && take(to)) to++;
  while (from > 0 && take(from - 1)) from--;
  return [from, to];
};
