import { expect, test } from 'vitest';
import { drawnPxPerMm } from './panel.ts';

test('a real panel is drawn at its own pitch', () => {
  expect(drawnPxPerMm({ pxPerMm: 3.2, orientation: 'portrait' }, 'standard', { widthPx: 1080, heightPx: 1920 })).toBe(
    3.2,
  );
  expect(drawnPxPerMm({ pxPerMm: 4, orientation: 'landscape' }, 'standard', { widthPx: 1920, heightPx: 1080 })).toBe(4);
});

test('a window smaller than any panel is drawn smaller, so that nothing is cut off', () => {
  const drawn = drawnPxPerMm({ pxPerMm: 3.2, orientation: 'portrait' }, 'standard', { widthPx: 540, heightPx: 960 });
  expect(540 / drawn).toBeGreaterThan(265.9);
  expect(960 / drawn).toBeGreaterThan(473.9);
});

test('a small panel keeps the elder screens whole by drawing them a little smaller', () => {
  const low = { widthPx: 1920, heightPx: 1080 };
  expect(drawnPxPerMm({ pxPerMm: 4.03, orientation: 'landscape' }, 'standard', low)).toBe(4.03);
  expect(drawnPxPerMm({ pxPerMm: 4.03, orientation: 'landscape' }, 'elder', low)).toBeLessThan(3.7);
  expect(drawnPxPerMm({ pxPerMm: 3.2, orientation: 'landscape' }, 'elder', low)).toBe(3.2);
});
