import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Catalogue, Item } from '../../main/contract/catalogue.ts';
import { loadCatalogue, parseCatalogue } from './load.ts';

const here = new URL('.', import.meta.url).pathname;
const directory = mkdtempSync(join(tmpdir(), 'catalogue-'));
const restaurant = 'items/ysyb-001-open-restaurant.json';

beforeEach(() => {
  cpSync(join(here, 'catalogue.json'), join(directory, 'catalogue.json'));
  cpSync(join(here, 'items'), join(directory, 'items'), { recursive: true });
});
afterAll(() => rmSync(directory, { recursive: true }));

const write = (file: string, text: string): void => writeFileSync(join(directory, file), text);
const damageItem = (damage: (item: Item) => void): void => {
  const item = JSON.parse(readFileSync(join(directory, restaurant), 'utf8')) as Item;
  damage(item);
  write(restaurant, JSON.stringify(item));
};
const problems = (): string[] => {
  const result = loadCatalogue(directory);
  return result.ok ? [] : result.error.problems.map((problem) => `${problem.path}: ${problem.message.en}`);
};
const at = (path: string): string => `${restaurant} ${path}`;

const field = (item: Item, id: string): Item['form']['pages'][number]['fields'][number] => {
  const found = item.form.pages.flatMap((page) => page.fields).find((candidate) => candidate.id === id);
  if (!found) throw new Error(`no field ${id}`);
  return found;
};
const property = (item: Item, id: string): Record<string, unknown> =>
  (item.form.schema['properties'] as Record<string, Record<string, unknown>>)[id] ?? {};

describe('a damaged catalogue is refused with the place and the reason', () => {
  test.each<[string, (item: Item) => void, string[]]>([
    ['unknown lead', (item) => (item.lead = 'SCGJ'), [at('lead: there is no department SCGJ; did you mean SCJG?')]],
    [
      'unknown scene',
      (item) => (item.scenes = ['busines']),
      [at('scenes[0]: there is no scene busines; did you mean business?')],
    ],
    [
      'code of another item',
      (item) => (item.code = 'SB-001'),
      ['items: SB-001 stands twice', 'popular[0]: there is no item YSYB-001; did you mean YB-001?'],
    ],
    [
      'field without a property',
      (item) => delete (item.form.schema['properties'] as Record<string, unknown>)['useGas'],
      [
        at('form.pages[2].fields[1].id: form.schema.properties has no useGas'),
        at(
          'form.schema: the JSON Schema is wrong: strict mode: required property "useGas" is not defined at "#" (strictRequired)',
        ),
      ],
    ],
    [
      'property without a field',
      (item) => item.form.pages[2]?.fields.splice(3, 1),
      [at('form.schema.properties.landlordUscc: no page asks for landlordUscc')],
    ],
    [
      'text without a length limit',
      (item) => delete property(item, 'shopName')['maxLength'],
      [at('form.schema.properties.shopName: a text needs type string, maxLength in the schema')],
    ],
    [
      'misspelt keyword',
      (item) => (property(item, 'shopName')['maxLenght'] = 5),
      [at('form.schema: the JSON Schema is wrong: strict mode: unknown keyword: "maxLenght"')],
    ],
    [
      'unknown format',
      (item) => (property(item, 'applicantId')['format'] = 'id-card'),
      [
        at(
          'form.schema.properties.applicantId: a citizenId needs type string, maxLength, format citizen-id in the schema',
        ),
        at(
          'form.schema: the JSON Schema is wrong: unknown format "id-card" ignored in schema at path "#/properties/applicantId"',
        ),
      ],
    ],
    [
      'prefill of the wrong kind',
      (item) => (field(item, 'phone').prefill = 'card.number'),
      [at('form.pages[0].fields[3].prefill: card.number cannot fill in a phone')],
    ],
    [
      'options that the schema does not know',
      (item) => field(item, 'businessKind').options?.pop(),
      [
        at(
          'form.schema.properties.businessKind: a choice needs type string, maxLength, enum ["fullService","fastFood","snacks","drinks","bakery","canteen"] in the schema',
        ),
      ],
    ],
    [
      'department that does not handle the item',
      (item) => field(item, 'phone').departments.push('MZ'),
      [at('form.pages[0].fields[3].departments[6]: there is no department of this item MZ')],
    ],
    [
      'code that fills an unknown field',
      (item) => (item.materials[0]!.code!.fills = { shopName: 'shop' }),
      [at('materials[0].code.fills.shopName: there is no field shop; did you mean shopName?')],
    ],
    [
      'code that fills from an unknown group',
      (item) => (item.materials[0]!.code!.fills = { name: 'shopName' }),
      [at('materials[0].code.fills.name: there is no named group name; did you mean shopName?')],
    ],
    [
      'example that does not match',
      (item) => (item.materials[0]!.code!.example = 'x'),
      [at('materials[0].code.example: the example does not match the pattern')],
    ],
    [
      'pattern that is open at its end',
      (item) => (item.materials[0]!.code!.pattern = '^MCYL1'),
      [at('materials[0].code.pattern: needs a regular expression from ^ to $')],
    ],
    [
      'pattern that is no regular expression',
      (item) => (item.materials[0]!.code!.pattern = '^(?<a>$'),
      [at('materials[0].code.pattern: needs a regular expression from ^ to $')],
    ],
    [
      'qr way without a code',
      (item) => delete item.materials[0]!.code,
      [at('materials[0].code: the qr way needs a code, and only it')],
    ],
    [
      'library way without a licence type',
      (item) => delete item.materials[3]!.licenceType,
      [at('materials[3].licenceType: the library way needs a licenceType, and only it')],
    ],
    [
      'more pages at least than at most',
      (item) => (item.materials[1]!.pages = { min: 5, max: 2 }),
      [at('materials[1].pages: the most pages are fewer than the least')],
    ],
    [
      'vague material',
      (item) => (item.materials[1]!.name.zh = '其他相关材料'),
      [at('materials[1].name: no vague “other materials”; say what is wanted')],
    ],
    [
      'six fields on a page',
      (item) => item.form.pages[2]?.fields.push(field(item, 'phone'), field(item, 'shopName')),
      [at('form.pages[2].fields: at most 5 entries')],
    ],
    ['text in one language', (item) => (item.name = { zh: '饭店' } as Item['name']), [at('name.en: en is missing')]],
  ])('%s', (_, damage, expected) => {
    damageItem(damage);
    expect(problems()).toEqual(expected);
  });

  test('a file that is no JSON is named with line and column, beside the problems of other files', () => {
    write(restaurant, '{\n  "code": "YSYB-001",\n}');
    write('items/sb-001-insurance-proof.json', '{}');
    const found = problems();
    expect(found).toContain(`${restaurant}: not valid JSON, line 2 column 21: there is a comma after the last entry`);
    expect(found).toContain('items/sb-001-insurance-proof.json code: code is missing');
  });

  test('a missing head or directory is unreadable', () => {
    const result = loadCatalogue(join(directory, 'nowhere'));
    expect(!result.ok && result.error.code).toBe('catalogueUnreadable');
  });
});

describe('a catalogue that comes over the network', () => {
  const whole = (): Catalogue => {
    const result = loadCatalogue(here);
    if (!result.ok) throw new Error(result.error.message);
    return structuredClone(result.value);
  };

  test('is taken when it is whole', () => {
    expect(parseCatalogue(whole()).ok).toBe(true);
  });

  test('is refused with the place in the list', () => {
    const catalogue = whole();
    catalogue.popular = ['YSYB-999'];
    catalogue.items[0]!.lead = 'ZZZZZZ';
    const result = parseCatalogue(catalogue);
    const paths = result.ok ? [] : result.error.problems.map((problem) => problem.path);
    expect(paths).toContain('popular[0]');
    expect(paths).toContain('items[0] lead');
    expect(parseCatalogue(null).ok).toBe(false);
  });
});

test('without compiling forms everything else is still checked', () => {
  damageItem((item) => {
    item.lead = 'ZZZZZZ';
    property(item, 'shopName')['maxLenght'] = 5;
  });
  const result = loadCatalogue(directory, { compileForms: false });
  const found = result.ok ? [] : result.error.problems.map((problem) => problem.path);
  expect(found).toContain(at('lead'));
  expect(found).not.toContain(at('form.schema'));
});
