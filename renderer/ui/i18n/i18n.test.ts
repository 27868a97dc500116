import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const here = dirname(fileURLToPath(import.meta.url));
const renderer = join(here, '../..');
const read = (name: string): Record<string, string> =>
  JSON.parse(readFileSync(join(here, name), 'utf8')) as Record<string, string>;

/** `zh.json` with `en.json`, `case-zh.json` with `case-en.json`, and every pair that comes later. */
const pairs = readdirSync(here)
  .filter((name) => name.endsWith('zh.json'))
  .map((zh) => ({ zh, en: zh.replace('zh.json', 'en.json') }));
const phrases = Object.assign({}, ...pairs.map(({ zh }) => read(zh))) as Record<string, string>;

const sources = readdirSync(renderer, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path) && !path.includes('.test.'))
  .map((path) => ({ path, text: readFileSync(join(renderer, path), 'utf8') }));

const base = (key: string): string => key.replace(/_(one|other)$/, '');
const slots = (phrase: string): string[] =>
  [...phrase.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '').sort();

/** Keys as written: `t('a.b')`, a key in a table, or `a.${x}.b`, which stands for every key of that shape. */
const literals = sources.flatMap(({ text }) =>
  [...text.matchAll(/['"]([a-zA-Z]+(?:\.[a-zA-Z0-9]+)+)['"]/g)].map((match) => match[1] ?? ''),
);
const patterns = sources
  .flatMap(({ text }) =>
    [...text.matchAll(/`([a-zA-Z]+(?:\.(?:[a-zA-Z0-9]+|\$\{[^}]+\}))+)`/g)].map((match) => match[1] ?? ''),
  )
  .filter((template) => template.includes('${'))
  .map((template) => new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/\$\{[^}]+\}/g, '[a-zA-Z0-9]+')}$`));

describe.each(pairs)('$zh and $en', ({ zh, en }) => {
  test('have the same keys', () => {
    expect(Object.keys(read(en))).toEqual(Object.keys(read(zh)));
  });
  test('fill the same values into each phrase', () => {
    const english = read(en);
    for (const [key, phrase] of Object.entries(read(zh)))
      expect([key, slots(english[key] ?? '')]).toEqual([key, slots(phrase)]);
  });
  test('no Chinese phrase has half-width punctuation between Han characters', () => {
    const wrong = Object.entries(read(zh)).filter(([, phrase]) => /[\u4e00-\u9fff][,;:?!]/.test(phrase));
    expect(wrong).toEqual([]);
  });
});

test('every phrase that the code asks for is there', () => {
  const known = new Set(Object.keys(phrases).map(base));
  const asked = sources.flatMap(({ path, text }) =>
    [...text.matchAll(/\bt\(\s*['"]([^'"]+)['"]/g)].map((match) => ({ path, key: match[1] ?? '' })),
  );
  expect(asked.length).toBeGreaterThan(50);
  expect(asked.filter(({ key }) => !known.has(key))).toEqual([]);
});

test('no phrase is left over that nothing asks for', () => {
  const used = new Set(literals);
  const unused = Object.keys(phrases).filter(
    (key) => !used.has(base(key)) && !patterns.some((shape) => shape.test(base(key))),
  );
  expect(unused).toEqual([]);
});
