// JSON from outside, read so that it can mean one thing only: UTF-8, no key twice, no key that reaches into a prototype, no number
// that JavaScript would round, no nesting that a recursive reader would fall into.

import { fail, ok, type Result } from '../../devices/kit/result.ts';
import { readJson } from '../../kiosk-config/json-fault.ts';

export type JsonRefusal = 'notUtf8' | 'notJson' | 'tooDeep' | 'repeatedKey' | 'forbiddenKey' | 'badNumber';

/** A form's JSON Schema inside a catalogue nests some twelve deep. */
export const deepestJson = 40;

const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype']);

const refuse = (code: JsonRefusal, message: string): Result<never, JsonRefusal> => fail(code, 'system', message);

const depthOf = (text: string): number => {
  let [depth, deepest, isInString] = [0, 0, false];
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (isInString) {
      if (char === '\\') at += 1;
      else if (char === '"') isInString = false;
    } else if (char === '"') isInString = true;
    else if (char === '{' || char === '[') deepest = Math.max(deepest, ++depth);
    else if (char === '}' || char === ']') depth -= 1;
  }
  return deepest;
};

/** What JSON.parse took without a word. The depth is bounded by then. */
const faultIn = (value: unknown): { code: JsonRefusal; message: string } | undefined => {
  if (typeof value === 'number') {
    const isExact = Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
    return isExact ? undefined : { code: 'badNumber', message: 'a number is larger than can be held exactly' };
  }
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, member] of Object.entries(value)) {
    if (forbiddenKeys.has(key)) return { code: 'forbiddenKey', message: `the key ${key} has no place in data` };
    const fault = faultIn(member);
    if (fault) return fault;
  }
  return undefined;
};

export const parseStrictJson = (text: string): Result<unknown, JsonRefusal> => {
  if (depthOf(text) > deepestJson) return refuse('tooDeep', `nested deeper than ${deepestJson}`);
  const { fault, repeatedKeys } = readJson(text);
  if (fault) return refuse('notJson', `not JSON, line ${fault.line} column ${fault.column}`);
  const [repeated] = repeatedKeys;
  if (repeated) return refuse('repeatedKey', `a key stands twice, line ${repeated.line} column ${repeated.column}`);
  let value: unknown;
  try {
    value = JSON.parse(text) as unknown;
  } catch {
    return refuse('notJson', 'not JSON');
  }
  const found = faultIn(value);
  return found ? refuse(found.code, found.message) : ok(value);
};

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export const decodeStrict = (bytes: Uint8Array): Result<string, JsonRefusal> => {
  try {
    return ok(decoder.decode(bytes));
  } catch {
    return refuse('notUtf8', 'the bytes are no UTF-8');
  }
};
