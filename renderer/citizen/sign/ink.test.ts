import { describe, expect, it } from 'vitest';
import { intentSchema } from '../../../main/contract/intents.ts';
import {
  beginStroke,
  drawStroke,
  extendStroke,
  inkPoint,
  isSigned,
  maxPointsPerStroke,
  maxStrokes,
  type Pen,
  type Stroke,
} from './ink.ts';

const digest = 'a'.repeat(64);
const accepts = (strokes: readonly Stroke[]): boolean =>
  intentSchema.safeParse({ type: 'sign', digest, strokes }).success;

const scribble = (points: number): readonly Stroke[] => {
  let strokes = beginStroke([], inkPoint(0, 0.5, 0));
  for (let i = 1; i < points; i++) strokes = extendStroke(strokes, inkPoint((i % 100) / 100, 0.5, i * 8));
  return strokes;
};

describe('what counts as a signature', () => {
  it('nothing, a touch and a trembling finger do not', () => {
    expect(isSigned([])).toBe(false);
    expect(isSigned(beginStroke([], inkPoint(0.5, 0.5, 0)))).toBe(false);
    let resting = beginStroke([], inkPoint(0.5, 0.5, 0));
    for (let i = 0; i < 500; i++) resting = extendStroke(resting, inkPoint(0.5 + (i % 2) * 0.001, 0.5, i));
    expect(resting[0]).toHaveLength(1);
    expect(isSigned(resting)).toBe(false);
  });

  it('a stroke across a tenth of the pad does, also in many short strokes', () => {
    expect(isSigned([[inkPoint(0.4, 0.5, 0), inkPoint(0.5, 0.5, 90)]])).toBe(true);
    const dashes = Array.from({ length: 10 }, (_, i): Stroke => [
      inkPoint(i / 10, 0.2, i),
      inkPoint(i / 10, 0.24, i + 5),
    ]);
    expect(isSigned(dashes)).toBe(true);
  });
});

describe('what is sent', () => {
  it('stays on the pad when the finger leaves it, in whole milliseconds', () => {
    expect(inkPoint(-0.2, 1.7, 12.6)).toEqual([0, 1, 13]);
  });

  it('an endless scribble never breaks the limits of the contract and loses no join', () => {
    const strokes = scribble(maxPointsPerStroke * 2 + 50);
    expect(strokes).toHaveLength(3);
    expect(strokes[1]![0]).toEqual(strokes[0]!.at(-1));
    expect(accepts(strokes)).toBe(true);
  });

  it('more strokes than the contract takes are not begun', () => {
    let strokes: readonly Stroke[] = [];
    for (let i = 0; i < maxStrokes + 20; i++) strokes = beginStroke(strokes, inkPoint(0.1, 0.1, i));
    expect(strokes).toHaveLength(maxStrokes);
    expect(accepts(strokes)).toBe(true);
  });
});

describe('how it is drawn', () => {
  const draw = (stroke: Stroke): string[] => {
    const calls: string[] = [];
    const note =
      (name: string) =>
      (...at: number[]): void => {
        calls.push([name, ...at].join(' '));
      };
    const pen: Pen = {
      beginPath: note('begin'),
      moveTo: note('move'),
      lineTo: note('line'),
      quadraticCurveTo: note('curve'),
      stroke: note('stroke'),
    };
    drawStroke(pen, stroke, 200, 100);
    return calls;
  };

  it('a dot is a line of no length', () => {
    expect(draw([[0.5, 0.5, 0]])).toEqual(['begin', 'move 100 50', 'line 100 50', 'stroke']);
  });

  it('corners become curves that pass through the midpoints and end at the last point', () => {
    const stroke: Stroke = [
      [0, 0, 0],
      [0.5, 0, 8],
      [0.5, 1, 16],
      [1, 1, 24],
    ];
    expect(draw(stroke)).toEqual([
      'begin',
      'move 0 0',
      'curve 100 0 100 50',
      'curve 100 100 150 100',
      'line 200 100',
      'stroke',
    ]);
  });

  it('nothing for no points', () => {
    expect(draw([])).toEqual([]);
  });
});
