import { describe, expect, test } from 'vitest';
import type { Catalogue, Item } from '../../main/contract/catalogue.ts';
import { formatProblems } from '../problem.ts';
import { formValidator, requiredOf } from './form-schema.ts';
import { loadCatalogue } from './load.ts';
import { fieldsOf, goodAnswers, today } from './test-answers.ts';
import { validateForm } from './validate-form.ts';

const load = (): Catalogue => {
  const result = loadCatalogue(new URL('.', import.meta.url).pathname);
  if (!result.ok) throw new Error(formatProblems(result.error.problems, 'en'));
  return result.value;
};
const catalogue = load();
const { items } = catalogue;
const named = (code: string): Item => {
  const item = items.find((candidate) => candidate.code === code);
  if (!item) throw new Error(`no item ${code}`);
  return item;
};
const departmentName = (code: string): string | undefined =>
  catalogue.departments.find((department) => department.code === code)?.name.zh;

describe('the nine key bundles (鄂州市“一网通办”实施方案, 鄂州放管服办函[2020]8号, 附表1)', () => {
  test.each([
    ['YSYB-001', '我要开饭店', '市场监管', ['应急', '公安', '住建（城管）', '环保', '税务']],
    [
      'YSYB-002',
      '开办非学历文化教育培训机构（民办）',
      '教育',
      ['市场监管', '卫健', '环保', '应急', '税务', '公安', '民政'],
    ],
    ['YSYB-003', '新生儿落户', '公安', ['卫健', '人社']],
    ['YSYB-004', '我要开劳务派遣公司', '人社', ['市场监管', '税务', '公安']],
    [
      'YSYB-005',
      '我要开诊所/医院（一级综合以下）',
      '卫健',
      ['市场监管', '住建（城管）', '环保', '应急', '税务', '公安'],
    ],
    ['YSYB-006', '我要开物流公司（货运）', '交通运输', ['市场监管', '税务', '住建（城管）', '公安', '自然资源']],
    ['YSYB-007', '我要开农作物种子专卖店', '农业农村', ['市场监管', '粮食', '住建（城管）', '税务', '公安']],
    ['YSYB-008', '我要开网吧', '文旅', ['市场监管', '应急', '税务', '公安', '住建（城管）']],
    ['YSYB-009', '办理新购商品房不动产证', '自然资源和规划', ['税务', '住建（公积金）']],
  ])('%s %s is led by %s', (code, name, lead, others) => {
    const item = named(code);
    expect(item.name.zh).toBe(name);
    expect(departmentName(item.lead)).toBe(lead);
    expect(item.departments.map(departmentName)).toEqual(others);
  });

  test('there are exactly nine, each with 3–7 materials and a form of 8–16 answers', () => {
    const bundles = items.filter((item) => item.kind === 'bundle');
    expect(bundles).toHaveLength(9);
    for (const bundle of bundles) {
      expect(bundle.materials.length).toBeGreaterThanOrEqual(3);
      expect(bundle.materials.length).toBeLessThanOrEqual(7);
      expect(fieldsOf(bundle).length).toBeGreaterThanOrEqual(8);
      expect(fieldsOf(bundle).length).toBeLessThanOrEqual(16);
    }
  });
});

test('everyday items cover social insurance, health cover, property, provident fund, household and market matters', () => {
  const singles = items.filter((item) => item.kind === 'single');
  expect(singles.length).toBeGreaterThanOrEqual(14);
  for (const prefix of ['SB', 'YB', 'BDC', 'GJJ', 'HZ', 'SC']) {
    expect(singles.filter((item) => item.code.startsWith(`${prefix}-`)).length).toBeGreaterThanOrEqual(2);
  }
  for (const scene of catalogue.scenes) expect(items.some((item) => item.scenes.includes(scene.id))).toBe(true);
});

describe('我要开饭店, the reference journey', () => {
  const item = named('YSYB-001');

  test('asks for exactly four materials', () => {
    expect(
      item.materials.map(({ id, ways, pages, required, original, picture }) => ({
        id,
        ways,
        pages,
        required,
        original,
        picture,
      })),
    ).toEqual([
      {
        id: 'nameReservation',
        ways: ['qr'],
        pages: { min: 1, max: 1 },
        required: true,
        original: false,
        picture: 'qrCode',
      },
      {
        id: 'lease',
        ways: ['camera', 'scanner'],
        pages: { min: 2, max: 10 },
        required: true,
        original: true,
        picture: 'contract',
      },
      {
        id: 'floorPlan',
        ways: ['scanner', 'camera'],
        pages: { min: 1, max: 3 },
        required: true,
        original: false,
        picture: 'floorPlan',
      },
      {
        id: 'healthCertificate',
        ways: ['library', 'camera'],
        pages: { min: 1, max: 10 },
        required: true,
        original: false,
        picture: 'certificate',
      },
    ]);
  });

  test('asks twelve questions in the agreed order, three of them known from the card', () => {
    expect(item.form.pages.map((page) => page.fields.map((field) => field.id))).toEqual([
      ['applicantName', 'applicantId', 'applicantAddress', 'phone'],
      ['shopName', 'shopAddress', 'floorArea', 'diningSeats'],
      ['businessKind', 'useGas', 'openDate', 'landlordUscc'],
    ]);
    expect(fieldsOf(item).flatMap((field) => field.prefill ?? [])).toEqual([
      'card.name',
      'card.number',
      'card.address',
    ]);
    expect(
      fieldsOf(item)
        .filter((field) => !requiredOf(item.form).has(field.id))
        .map((field) => field.id),
    ).toEqual(['landlordUscc']);
  });

  test('the code of the reserved name fills in the name of the shop', () => {
    const code = item.materials[0]?.code;
    const groups = new RegExp(code?.pattern ?? '', 'u').exec('MCYL1|42070020260312001|江畔小馆|2026-09-12')?.groups;
    expect(groups).toEqual({ number: '42070020260312001', shopName: '江畔小馆', until: '2026-09-12' });
    expect(code?.fills).toEqual({ shopName: 'shopName' });
  });
});

describe.each(items.map((item) => [`${item.code} ${item.name.zh}`, item] as const))('%s', (_, item) => {
  test('a good set of answers is accepted, by the kiosk’s words and by the JSON Schema alone', () => {
    const answers = goodAnswers(item);
    expect(validateForm(item, answers, { today })).toEqual([]);
    expect(formValidator(item.form.schema)(answers)).toBe(true);
  });

  test('an answer of 10,000 characters is refused in every field', () => {
    const answers = goodAnswers(item);
    const long = '长'.repeat(10_000);
    for (const { id } of fieldsOf(item)) {
      expect(validateForm(item, { ...answers, [id]: long }, { today }).map((problem) => problem.fieldId)).toEqual([id]);
      expect(formValidator(item.form.schema)({ ...answers, [id]: long })).toBe(false);
    }
  });

  test('an empty form is told everything that is missing, and nothing else', () => {
    const missing = validateForm(item, {}, { today }).map((problem) => problem.fieldId);
    expect(missing).toEqual(fieldsOf(item).flatMap(({ id }) => (requiredOf(item.form).has(id) ? [id] : [])));
  });

  test('every code’s example matches its pattern and fills in what its form takes', () => {
    for (const { code } of item.materials) {
      if (!code) continue;
      const groups = new RegExp(code.pattern, 'u').exec(code.example)?.groups ?? {};
      const filled = Object.entries(code.fills).map(([group, id]) => [id, groups[group] ?? null]);
      expect(filled.length).toBeGreaterThan(0);
      expect(validateForm(item, { ...goodAnswers(item), ...Object.fromEntries(filled) }, { today })).toEqual([]);
    }
  });
});

test('every text is in both languages: Chinese with Han characters, English without Chinese punctuation', () => {
  const wrong: string[] = [];
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    const { zh, en } = value as { zh?: unknown; en?: unknown };
    if (typeof zh === 'string' && typeof en === 'string') {
      if (zh.trim() === '' || en.trim() === '' || /[\u3000-\u303f\uff00-\uffef]/.test(en)) wrong.push(`${path}: ${en}`);
      // A percentage is the same in both.
      if (!/\p{Script=Han}/u.test(zh) && zh !== en) wrong.push(`${path}: ${zh}`);
      if (!/[A-Za-z0-9]/.test(en)) wrong.push(`${path}: ${en}`);
      return;
    }
    for (const [key, child] of Object.entries(value)) walk(child, `${path}.${key}`);
  };
  walk(catalogue, 'catalogue');
  expect(wrong).toEqual([]);
});
