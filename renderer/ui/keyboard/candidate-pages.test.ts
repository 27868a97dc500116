// The lines of candidates: nothing is lost, nothing is cut, every target is large enough.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candidateWidthPx, linesOf, type CandidateMetrics } from './candidate-pages.ts';

const metrics: CandidateMetrics = { lineWidthPx: 300, glyphPx: 30, padPx: 30, leastPx: 50, gapPx: 10 };
const items = (...texts: string[]): { text: string }[] => texts.map((text) => ({ text }));

describe('a line', () => {
  it('takes as many words as fit with the gaps between them', () => {
    // 90 + 10 + 90 + 10 + 90 = 290; a fourth would need 100 more.
    expect(linesOf(items('江边', '小馆', '街道', '社区'), metrics)).toEqual([
      items('江边', '小馆', '街道'),
      items('社区'),
    ]);
  });

  it('fills to the last pixel', () => {
    expect(linesOf(items('江边', '小馆'), { ...metrics, lineWidthPx: 190 })).toHaveLength(1);
    expect(linesOf(items('江边', '小馆'), { ...metrics, lineWidthPx: 189 })).toHaveLength(2);
  });

  it('keeps a single character as wide as a finger needs', () => {
    expect(candidateWidthPx('一', { ...metrics, padPx: 5 })).toBe(50);
  });

  it('holds a sentence that is wider than itself rather than dropping it', () => {
    expect(linesOf(items('我要办理个体工商户营业执照'), metrics)).toEqual([items('我要办理个体工商户营业执照')]);
  });

  it('stops at the lines that are asked for', () => {
    expect(linesOf(items('江边', '小馆', '街道', '社区'), metrics, 1)).toEqual([items('江边', '小馆', '街道')]);
  });
});

it('every candidate is on exactly one line, in order, and no line of several is too wide', () => {
  const words = fc.array(fc.integer({ min: 1, max: 9 }).map((length) => ({ text: '字'.repeat(length) })));
  fc.assert(
    fc.property(words, fc.integer({ min: 1, max: 900 }), (all, lineWidthPx) => {
      const lines = linesOf(all, { ...metrics, lineWidthPx });
      expect(lines.flat()).toEqual(all);
      for (const line of lines.filter(({ length }) => length > 1)) {
        const widths = line.map(({ text }) => candidateWidthPx(text, metrics));
        const used = widths.reduce((sum, width) => sum + width, metrics.gapPx * (line.length - 1));
        expect(used).toBeLessThanOrEqual(lineWidthPx);
      }
    }),
  );
});
