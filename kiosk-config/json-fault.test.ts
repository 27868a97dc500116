import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readJson } from './json-fault.ts';

const faultOf = (text: string): string => {
  const { fault } = readJson(text);
  return fault ? `${fault.line}:${fault.column} ${fault.message.en}` : 'none';
};

describe('readJson', () => {
  test.each([
    ['{\n  "a": 1,\n}', '2:9 there is a comma after the last entry'],
    ['{\n  "a": 1\n  "b": 2\n}', '3:3 a comma or } is expected here, not "\\""'],
    ["{ 'a': 1 }", '1:3 use double quotes ", not single ones'],
    ['{ “a”: 1 }', '1:3 these are curly quotes; use straight ones "'],
    ['{ a: 1 }', '1:3 a name in double quotes is expected, not "a"'],
    ['{ "a" 1 }', '1:7 a colon is expected here, not "1"'],
    ['{ "a": 1 // hall\n}', '1:10 JSON has no comments'],
    ['{ "a": yes }', '1:8 this is no value: "y" (text needs double quotes)'],
    ['{ "a": 012 }', '1:8 this is no value: "0" (text needs double quotes)'],
    ['{ "a": "x }', '1:8 this quote is never closed'],
    ['{ "a": "C:\\kiosk" }', '1:11 a backslash is written twice: \\\\'],
    ['{ "a": "x\ny" }', '1:10 a line break or tab cannot stand inside quotes'],
    ['{ "a": [1, 2', '1:13 the file ends here; a closing bracket or quote is missing'],
    ['{}\n{}', '2:1 the file should end here, but "{" follows'],
    ['{"a": \uFEFF1}', '1:7 an invisible BOM character stands here'],
    ['['.repeat(200), '1:102 brackets are nested too deeply'],
  ])('finds the place in %j', (text, expected) => {
    expect(faultOf(text)).toBe(expected);
  });

  test('tells keys that stand twice, each with its place', () => {
    const { repeatedKeys } = readJson('{"a": {"b": 1,\n "b": 2}, "c": [{"d": 1, "d": 2}], "a": 3}');
    expect(repeatedKeys).toEqual([
      { path: ['a', 'b'], line: 2, column: 2 },
      { path: ['c', 0, 'd'], line: 2, column: 26 },
      { path: ['a'], line: 2, column: 36 },
    ]);
  });

  test('agrees with JSON.parse on what is JSON, for whole and for damaged texts', () => {
    const isJson = (text: string): boolean => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    };
    fc.assert(
      fc.property(
        fc.json({ maxDepth: 4 }),
        fc.nat(),
        fc.constantFrom('', ',', '"', '}', ']', '\\', '1', ' ', 'e'),
        (json, at, junk) => {
          expect(readJson(json).fault).toBeUndefined();
          const place = at % (json.length + 1);
          const damaged = json.slice(0, place) + junk + json.slice(place + 1);
          expect(readJson(damaged).fault === undefined).toBe(isJson(damaged));
        },
      ),
      { numRuns: 2000 },
    );
  });
});
