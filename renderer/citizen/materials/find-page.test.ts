import { describe, expect, it } from 'vitest';
import { findPage, type Crop, type Grey } from './find-page.ts';

const width = 320;
const height = 240;

/** A repeatable noise of ±`amount`; not random, so that a failure is the same tomorrow. */
const noise = (x: number, y: number, amount: number): number => {
  const v = Math.sin(x * 12.9898 + y * 78.233) * 43758.5453;
  return (v - Math.floor(v) - 0.5) * 2 * amount;
};

const draw = (shade: (x: number, y: number) => number): Grey => {
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) data[y * width + x] = Math.max(0, Math.min(255, Math.round(shade(x, y))));
  return { width, height, data };
};

const inside = (x: number, y: number, box: Crop): boolean =>
  x >= box.left * width && x < box.right * width && y >= box.top * height && y < box.bottom * height;

/** How far the worst edge is off, as a share of the picture; 1 when nothing was found. */
const offBy = (found: Crop | undefined, wanted: Crop): number =>
  found === undefined
    ? 1
    : Math.max(...(['left', 'top', 'right', 'bottom'] as const).map((edge) => Math.abs(found[edge] - wanted[edge])));

const near = 0.02;

const sheet: Crop = { left: 0.2, top: 0.15, right: 0.75, bottom: 0.9 };

describe('the sheet is found', () => {
  it('white on a dark mat', () => {
    expect(offBy(findPage(draw((x, y) => (inside(x, y, sheet) ? 230 : 50))), sheet)).toBeLessThan(near);
  });

  it('white on a desk that is nearly as light', () => {
    expect(offBy(findPage(draw((x, y) => (inside(x, y, sheet) ? 228 : 208) + noise(x, y, 4))), sheet)).toBeLessThan(
      near,
    );
  });

  it('under a lamp that makes one side of the desk brighter than the paper on the other', () => {
    const lamp = (x: number): number => 40 + (x / width) * 110;
    expect(
      offBy(findPage(draw((x, y) => lamp(x) + (inside(x, y, sheet) ? 45 : 0) + noise(x, y, 4))), sheet),
    ).toBeLessThan(near);
  });

  it('dark, e.g. a booklet on a white desk', () => {
    expect(offBy(findPage(draw((x, y) => (inside(x, y, sheet) ? 90 : 215) + noise(x, y, 3))), sheet)).toBeLessThan(
      near,
    );
  });

  it('full of print and with a thick table line across', () => {
    const page = draw((x, y) => {
      if (!inside(x, y, sheet)) return 60;
      if (y % 12 < 4 && x % 7 < 5) return 40;
      return y === 120 || y === 121 ? 30 : 225;
    });
    expect(offBy(findPage(page), sheet)).toBeLessThan(near);
  });

  it('with a shadow along its lower right: the shadow is not paper', () => {
    const shadow: Crop = { left: 0.22, top: 0.18, right: 0.8, bottom: 0.95 };
    expect(
      offBy(findPage(draw((x, y) => (inside(x, y, sheet) ? 235 : inside(x, y, shadow) ? 120 : 160))), sheet),
    ).toBeLessThan(near);
  });

  it('turned by 12°: the box holds all four corners', () => {
    const angle = (12 * Math.PI) / 180;
    const turned = draw((x, y) => {
      const dx = x - width / 2;
      const dy = y - height / 2;
      const u = dx * Math.cos(angle) + dy * Math.sin(angle);
      const v = -dx * Math.sin(angle) + dy * Math.cos(angle);
      return Math.abs(u) < 60 && Math.abs(v) < 80 ? 230 : 45;
    });
    const reachX = 60 * Math.cos(angle) + 80 * Math.sin(angle);
    const reachY = 60 * Math.sin(angle) + 80 * Math.cos(angle);
    const wanted = {
      left: 0.5 - reachX / width,
      right: 0.5 + reachX / width,
      top: 0.5 - reachY / height,
      bottom: 0.5 + reachY / height,
    };
    expect(offBy(findPage(turned), wanted)).toBeLessThan(0.03);
  });

  it('reaching out of the picture on one side: the box ends at that edge', () => {
    const leaving: Crop = { left: 0.3, top: 0.2, right: 0.8, bottom: 1 };
    const found = findPage(draw((x, y) => (inside(x, y, leaving) ? 230 : 60) + noise(x, y, 3)));
    expect(offBy(found, leaving)).toBeLessThan(near);
    expect(found!.bottom).toBe(1);
  });

  it('beside a pen and a stamp', () => {
    const pen: Crop = { left: 0.85, top: 0.1, right: 0.87, bottom: 0.9 };
    const stamp: Crop = { left: 0.02, top: 0.05, right: 0.1, bottom: 0.15 };
    const page = draw((x, y) => (inside(x, y, sheet) || inside(x, y, pen) || inside(x, y, stamp) ? 230 : 60));
    expect(offBy(findPage(page), sheet)).toBeLessThan(near);
  });

  it('with a light cable running into it: the cable does not widen the box', () => {
    const cable: Crop = { left: 0.7, top: 0.5, right: 1, bottom: 0.52 };
    expect(
      offBy(findPage(draw((x, y) => (inside(x, y, sheet) || inside(x, y, cable) ? 225 : 60))), sheet),
    ).toBeLessThan(near);
  });
});

describe('nothing is made up: the whole picture is kept', () => {
  it('on an empty desk with noise', () => {
    expect(findPage(draw((x, y) => 140 + noise(x, y, 6)))).toBeUndefined();
  });

  it('when the sheet covers everything', () => {
    expect(findPage(draw((x, y) => (y % 12 < 3 && x % 9 < 6 ? 50 : 235)))).toBeUndefined();
  });

  it('when only a coin lies there', () => {
    expect(findPage(draw((x, y) => (Math.hypot(x - 160, y - 120) < 20 ? 230 : 60)))).toBeUndefined();
  });

  it('when a thin ruler crosses the desk', () => {
    expect(findPage(draw((_, y) => (y > 110 && y < 125 ? 230 : 60)))).toBeUndefined();
  });

  it('in black, in white and in a picture too small to judge', () => {
    expect(findPage(draw(() => 0))).toBeUndefined();
    expect(findPage(draw(() => 255))).toBeUndefined();
    expect(findPage({ width: 8, height: 8, data: new Uint8Array(64) })).toBeUndefined();
  });
});

it('any sheet of at least an eighth of the picture, anywhere, in any contrast of 30 levels or more', () => {
  for (let seed = 0; seed < 24; seed++) {
    const part = (n: number): number => noise(seed, n, 0.5) + 0.5;
    const w = 0.35 + part(1) * 0.4;
    const h = 0.35 + part(2) * 0.4;
    const box = { left: 0.05 + part(3) * (0.9 - w), top: 0.05 + part(4) * (0.9 - h), right: 0, bottom: 0 };
    box.right = box.left + w;
    box.bottom = box.top + h;
    const desk = 40 + part(5) * 120;
    const step = 30 + part(6) * 60;
    expect(
      offBy(findPage(draw((x, y) => desk + (inside(x, y, box) ? step : 0) + noise(x, y + seed, 5))), box),
    ).toBeLessThan(0.03);
  }
});
