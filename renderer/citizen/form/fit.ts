// Which fields stay in sight while one is typed, so that the keyboard hides nothing and nothing scrolls. Pure: heights in, rows out.
// Before it: the page measures its field rows. After it: the rows shown above the keyboard.

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
