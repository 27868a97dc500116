// The keyboard as markup: keys are found by their names, and no row is wider than ten keys.

import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { Language } from '../../../main/contract/text.ts';
import { Keyboard } from './keyboard.tsx';
import { layouts, letterRows, padKeys, type KeyboardLayout } from './keys.ts';

const nothing = (): void => undefined;

/** Accessible names of the buttons, in order. */
const names = (layout: KeyboardLayout, language: Language, onClear?: () => void): string[] => {
  const markup = renderToStaticMarkup(
    createElement(Keyboard, {
      layout,
      language,
      mode: 'standard',
      enterLabel: language === 'zh' ? '下一步' : 'Continue',
      onText: nothing,
      onBackspace: nothing,
      onEnter: nothing,
      ...(onClear === undefined ? {} : { onClear }),
    }),
  );
  return [...markup.matchAll(/<button[^>]*aria-label="([^"]+)"/g)].map(([, name]) => name ?? '');
};

describe('names that people, screen readers and the walk-through find keys by', () => {
  it('letters and digits are named by what they type', () => {
    for (const layout of ['pinyin', 'latin'] as const) {
      expect(names(layout, 'zh')).toEqual(expect.arrayContaining(Array.from('abcdefghijklmnopqrstuvwxyz0123456789')));
    }
  });

  it.each([
    ['zh', ['删除', '空格', '分词', '符号', '中/英', '下一步', '清空']],
    ['en', ['Delete', 'Space', 'Split', 'Symbols', '中/EN', 'Continue', 'Clear']],
  ] as const)('the others say what they do (%s)', (language, expected) => {
    expect(names('pinyin', language, nothing)).toEqual(expect.arrayContaining([...expected]));
  });

  it.each(layouts)('%s has no two keys of one name', (layout) => {
    const all = names(layout, 'zh', nothing);
    expect(new Set(all).size).toBe(all.length);
  });

  it.each(layouts)('%s offers no clear key to a field that cannot be cleared', (layout) => {
    expect(names(layout, 'zh')).not.toContain('清空');
    expect(names(layout, 'zh', nothing)).toContain('清空');
  });

  it('a field of codes has no Chinese, and the pad of ID numbers has the X', () => {
    expect(names('latin', 'zh')).not.toContain('中/英');
    expect(names('idNumber', 'zh')).toContain('X');
    expect(names('phone', 'zh')).not.toContain('X');
  });
});

describe('rows', () => {
  const widths = (row: { keys: readonly { half?: number }[] }): number =>
    row.keys.reduce((sum, { half }) => sum + (half ?? 2), 0);

  it.each(['letters', 'symbols'] as const)('of the page of %s fill ten keys, whatever the script', (page) => {
    for (const layout of ['pinyin', 'latin'] as const) {
      for (const script of ['pinyin', 'latin'] as const) {
        const rows = letterRows(layout, script, page);
        expect(rows).toHaveLength(5);
        for (const row of rows) expect(widths(row)).toBe(row.isIndented === true ? 18 : 20);
      }
    }
  });

  it.each(['digits', 'idNumber', 'phone', 'date'] as const)(
    'the pad of %s has four columns and four rows',
    (layout) => {
      const cells = padKeys(layout).reduce((sum, { half, tall }) => sum + ((half ?? 2) / 2) * (tall ?? 1), 0);
      expect(cells).toBe(16);
    },
  );
});
