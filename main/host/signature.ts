// The hand signature as a picture: an SVG of the drawn strokes, exact and small, with the digest that it was given for.

/** Drawn at 2:1, the shape of the pad on the screen. `strokes`: points as fractions of the pad and milliseconds since the first touch. */
export const signatureSvg = (
  strokes: readonly (readonly (readonly [number, number, number])[])[],
  digest: string,
): string => {
  const width = 1000;
  const height = 500;
  const clamp = (value: number): number => Math.min(1, Math.max(0, value));
  const paths = strokes.map((stroke) => {
    const points = stroke.map(([x, y]) => `${(clamp(x) * width).toFixed(1)},${(clamp(y) * height).toFixed(1)}`);
    // A dot is drawn as a line of no length with round ends.
    const line = points.length === 1 ? [...points, ...points] : points;
    return `<polyline points="${line.join(' ')}"/>`;
  });
  const times = strokes.map((stroke) => stroke.map(([, , ms]) => Math.round(ms)).join(' ')).join('|');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}">`,
    `<desc>digest:${digest};ms:${times}</desc>`,
    `<g fill="none" stroke="#111" stroke-width="6" stroke-linecap="round" stroke-linejoin="round">${paths.join('')}</g>`,
    '</svg>',
  ].join('');
};
