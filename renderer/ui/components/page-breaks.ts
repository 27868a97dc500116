// Where a list breaks into pages: as many as fit in the height, never more than the mode allows, and at least one.

/** Index of the first item of each page. `heights`, `gap`, `room` and `pagerRoom` (taken once there is more than one page) in the same unit. */
export const pageBreaks = (
  heights: readonly number[],
  gap: number,
  room: number,
  pagerRoom: number,
  most: number,
): number[] => {
  const fill = (height: number): number[] => {
    const starts = [0];
    let used = 0;
    let count = 0;
    heights.forEach((itemHeight, index) => {
      const needed = used + (count > 0 ? gap : 0) + itemHeight;
      // Half a pixel of slack: browsers round each height on its own.
      if (count > 0 && (needed > height + 0.5 || count >= most)) {
        starts.push(index);
        used = itemHeight;
        count = 1;
      } else {
        used = needed;
        count += 1;
      }
    });
    return starts;
  };
  const whole = fill(room);
  return whole.length === 1 ? whole : fill(room - pagerRoom);
};
