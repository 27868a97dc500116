import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { configJsonSchema } from './json-schema.ts';

const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));

describe('kiosk.schema.json', () => {
  test('is the schema of this version (else: node kiosk-config/json-schema.ts > kiosk-config/kiosk.schema.json)', () => {
    expect(read('kiosk.schema.json')).toEqual(JSON.parse(JSON.stringify(configJsonSchema())));
  });

  test('accepts the example hall and refuses a misspelt key', () => {
    const ajv = new Ajv2020({ strict: false, formats: { uri: (text: string) => URL.canParse(text) } });
    const isValid = ajv.compile(configJsonSchema());
    const hall = read('examples/hall.json') as Record<string, unknown>;
    isValid(hall);
    expect(isValid.errors).toBeNull();
    expect(isValid({ ...hall, pannel: {} })).toBe(false);
    expect(isValid({ ...hall, central: { url: 'https://x.cn' } })).toBe(false);
  });
});
