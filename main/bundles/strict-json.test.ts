import { expect, it } from 'vitest';
import { decodeStrict, deepestJson, parseStrictJson } from './strict-json.ts';

const codeOf = (text: string): string => {
  const parsed = parseStrictJson(text);
  return parsed.ok ? 'ok' : parsed.error.code;
};

it.each([
  ['a plain object', '{"a":[1,2.5,"x",null,true]}', 'ok'],
  ['brackets in strings, which nest nothing', `{"a":"${'['.repeat(500)}\\"["}`, 'ok'],
  ['just as deep as may be', `${'['.repeat(deepestJson)}${']'.repeat(deepestJson)}`, 'ok'],
  ['one deeper', `${'['.repeat(deepestJson + 1)}${']'.repeat(deepestJson + 1)}`, 'tooDeep'],
  ['a hundred thousand deep', '['.repeat(100_000), 'tooDeep'],
  ['a key twice', '{"a":1,"a":2}', 'repeatedKey'],
  ['a key twice, once escaped', '{"a":1,"\\u0061":2}', 'repeatedKey'],
  ['a key twice further in', '{"x":[{"a":1,"a":1}]}', 'repeatedKey'],
  ['a prototype', '{"__proto__":{"a":1}}', 'forbiddenKey'],
  ['a prototype, escaped', '{"\\u005f_proto__":1}', 'forbiddenKey'],
  ['a constructor further in', '{"a":[{"constructor":{}}]}', 'forbiddenKey'],
  ['an infinite number', '{"a":1e400}', 'badNumber'],
  ['a number that would be rounded', '[9007199254740993]', 'badNumber'],
  ['the largest that is not', '[9007199254740991]', 'ok'],
  ['a comment', '{"a":1} // x', 'notJson'],
  ['something behind it', '{}{}', 'notJson'],
  ['a byte order mark', '\uFEFF{}', 'notJson'],
  ['nothing', '', 'notJson'],
])('%s', (_what, text, code) => {
  expect(codeOf(text)).toBe(code);
});

it.each([
  ['overlong', [0xc0, 0xaf]],
  ['cut off', [0x61, 0xe4, 0xb8]],
  ['a surrogate', [0xed, 0xa0, 0x80]],
])('bytes that are no UTF-8: %s', (_what, bytes) => {
  expect(decodeStrict(Uint8Array.from(bytes))).toMatchObject({ ok: false, error: { code: 'notUtf8' } });
});
