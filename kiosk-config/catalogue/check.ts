// What the catalogue's own schema cannot say: that codes are unique, that what is named exists, that a form's fields and its JSON
// Schema tell the same story. Runs on files of this folder and on catalogues that come down from central.

import type { Catalogue, FormField, Item, Material } from '../../main/contract/catalogue.ts';
import { describeFound, formatPath, nearestWord, type PathPart, type Problem } from '../problem.ts';
import { formValidator, propertiesOf, requiredOf, type FormProperty } from './form-schema.ts';

/**
 * `compileForms: false` leaves ajv for the first time that a form is filled in (some 5 ms each, 0.3 s for all at a cold start);
 * only for a catalogue that was checked in full before.
 */
export type CheckOptions = { compileForms: boolean };

type Report = (parts: readonly PathPart[], found: unknown, allowed: string, zh: string, en: string) => void;

const repeatedOf = <T>(values: readonly T[]): T[] => values.filter((value, index) => values.indexOf(value) !== index);

const reportUnknown = (
  report: Report,
  parts: readonly PathPart[],
  name: string,
  known: readonly string[],
  what: { zh: string; en: string },
): void => {
  if (known.includes(name)) return;
  const nearest = nearestWord(name, known);
  report(
    parts,
    name,
    known.join(' | '),
    `没有 ${name} 这个${what.zh}${nearest ? `，是不是 ${nearest}？` : ''}`,
    `there is no ${what.en} ${name}${nearest ? `; did you mean ${nearest}?` : ''}`,
  );
};

/** What a field of each kind must look like in the JSON Schema. */
const propertyFault = (field: FormField, property: FormProperty): { zh: string; en: string } | undefined => {
  const wants = (isRight: boolean, what: string): { zh: string; en: string } | undefined =>
    isRight
      ? undefined
      : { zh: `${field.kind} 在 schema 里应为 ${what}`, en: `a ${field.kind} needs ${what} in the schema` };
  const isText = property.type === 'string' && typeof property.maxLength === 'number';
  switch (field.kind) {
    case 'text':
    case 'personName':
    case 'address':
      return wants(isText, 'type string, maxLength');
    case 'citizenId':
      return wants(isText && property.format === 'citizen-id', 'type string, maxLength, format citizen-id');
    case 'phone':
      return wants(isText && property.format === 'cn-phone', 'type string, maxLength, format cn-phone');
    case 'uscc':
      return wants(isText && property.format === 'uscc', 'type string, maxLength, format uscc');
    case 'date':
      return wants(isText && property.format === 'date', 'type string, maxLength, format date');
    case 'number':
    case 'money': {
      const isNumber = property.type === 'number' || property.type === 'integer';
      const isBounded = property.minimum !== undefined && property.maximum !== undefined;
      return wants(isNumber && isBounded, 'type number or integer, minimum, maximum');
    }
    case 'choice': {
      const values = (field.options ?? []).map((option) => option.value);
      const isSame = JSON.stringify(property.enum ?? []) === JSON.stringify(values) && values.length >= 2;
      return wants(isText && isSame, `type string, maxLength, enum ${JSON.stringify(values)}`);
    }
    case 'yesNo':
      return wants(property.type === 'boolean', 'type boolean');
    default:
      return field.kind satisfies never;
  }
};

/** Kinds of field that each source can fill in. */
const prefillKinds: Record<NonNullable<FormField['prefill']>, readonly FormField['kind'][]> = {
  'card.name': ['personName'],
  'card.number': ['citizenId'],
  'card.sex': ['choice'],
  'card.birthDate': ['date'],
  'card.address': ['address'],
  'card.ethnicity': ['text'],
  'card.validTo': ['date'],
};

const checkField = (
  field: FormField,
  item: Item,
  departments: readonly string[],
  parts: readonly PathPart[],
  report: Report,
): void => {
  const property = propertiesOf(item.form)[field.id];
  if (!property) {
    report(
      [...parts, 'id'],
      field.id,
      '',
      `form.schema.properties 里没有 ${field.id}`,
      `form.schema.properties has no ${field.id}`,
    );
  } else {
    const fault = propertyFault(field, property);
    if (fault) report(['form', 'schema', 'properties', field.id], undefined, '', fault.zh, fault.en);
    if (property.pattern !== undefined && field.kind !== 'personName' && !field.hint) {
      report(
        [...parts, 'hint'],
        undefined,
        '',
        '有格式要求的字段要写 hint',
        'a field with a pattern needs a hint that explains it',
      );
    }
  }
  if ((field.kind === 'choice') !== (field.options !== undefined)) {
    report(
      [...parts, 'options'],
      undefined,
      '',
      '只有 choice 才有 options，而且必须有',
      'a choice has options, and nothing else has',
    );
  }
  for (const value of repeatedOf((field.options ?? []).map((option) => option.value))) {
    report([...parts, 'options'], value, '', `选项 ${value} 重复`, `option ${value} is listed twice`);
  }
  if (field.prefill && !prefillKinds[field.prefill].includes(field.kind)) {
    const allowed = prefillKinds[field.prefill].join(' | ');
    report(
      [...parts, 'prefill'],
      field.prefill,
      allowed,
      `${field.prefill} 不能填进 ${field.kind}`,
      `${field.prefill} cannot fill in a ${field.kind}`,
    );
  }
  // GB/T 2261.1, as the card says it: 1 male, 2 female.
  if (
    field.prefill === 'card.sex' &&
    !['1', '2'].every((code) => field.options?.some((option) => option.value === code))
  ) {
    report(
      [...parts, 'options'],
      undefined,
      '"1" | "2"',
      '性别选项要用 1(男)、2(女)',
      'sex needs the options 1 (male) and 2 (female)',
    );
  }
  for (const [index, code] of field.departments.entries()) {
    reportUnknown(report, [...parts, 'departments', index], code, departments, {
      zh: '办理部门',
      en: 'department of this item',
    });
  }
};

const checkForm = (item: Item, catalogue: Catalogue, compileForms: boolean, report: Report): void => {
  const { form } = item;
  const own = [item.lead, ...item.departments];
  const all = catalogue.departments.map((department) => department.code);
  // A misspelt department of the item is told once, not again at every field.
  const departments = own.every((code) => all.includes(code)) ? own : all;
  const fields = form.pages.flatMap((page) => page.fields);
  const ids = fields.map((field) => field.id);
  for (const id of repeatedOf(ids)) report(['form', 'pages'], id, '', `字段 ${id} 重复`, `field ${id} stands twice`);
  for (const id of repeatedOf(form.pages.map((page) => page.id))) {
    report(['form', 'pages'], id, '', `页 ${id} 重复`, `page ${id} stands twice`);
  }
  for (const [page, { fields: onPage }] of form.pages.entries()) {
    for (const [index, field] of onPage.entries()) {
      checkField(field, item, departments, ['form', 'pages', page, 'fields', index], report);
    }
  }
  for (const id of Object.keys(propertiesOf(form))) {
    if (!ids.includes(id)) {
      report(['form', 'schema', 'properties', id], undefined, '', `没有哪一页问 ${id}`, `no page asks for ${id}`);
    }
  }
  for (const id of requiredOf(form)) {
    reportUnknown(report, ['form', 'schema', 'required'], id, ids, { zh: '字段', en: 'field' });
  }
  if (form.schema['type'] !== 'object' || form.schema['additionalProperties'] !== false) {
    report(
      ['form', 'schema'],
      undefined,
      '"type": "object", "additionalProperties": false',
      '表单 schema 必须是 object，且不允许多余字段',
      'a form’s schema is an object without additional properties',
    );
  }
  if (!compileForms) return;
  try {
    formValidator(form.schema);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    report(['form', 'schema'], undefined, '', `JSON Schema 有误：${said}`, `the JSON Schema is wrong: ${said}`);
  }
};

const compilePattern = (pattern: string): RegExp | undefined => {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    return undefined;
  }
};

const checkCode = (material: Material, item: Item, parts: readonly PathPart[], report: Report): void => {
  const { code } = material;
  if (!code) return;
  const pattern = compilePattern(code.pattern);
  if (!pattern || !code.pattern.startsWith('^') || !code.pattern.endsWith('$')) {
    const said = '应是完整的正则表达式，以 ^ 开头、$ 结尾';
    report([...parts, 'code', 'pattern'], code.pattern, '^…$', said, 'needs a regular expression from ^ to $');
    return;
  }
  const match = pattern.exec(code.example);
  if (!match) {
    report(
      [...parts, 'code', 'example'],
      code.example,
      `/${code.pattern}/`,
      '样例与格式不符',
      'the example does not match the pattern',
    );
    return;
  }
  const ids = item.form.pages.flatMap((page) => page.fields.map((field) => field.id));
  const groups = Object.keys(match.groups ?? {});
  for (const [group, fieldId] of Object.entries(code.fills)) {
    reportUnknown(report, [...parts, 'code', 'fills', group], group, groups, { zh: '命名分组', en: 'named group' });
    reportUnknown(report, [...parts, 'code', 'fills', group], fieldId, ids, { zh: '字段', en: 'field' });
  }
};

const checkMaterial = (material: Material, item: Item, parts: readonly PathPart[], report: Report): void => {
  const { ways, pages } = material;
  if (pages.min > pages.max) {
    report(
      [...parts, 'pages'],
      pages.max,
      `≥ ${pages.min}`,
      '页数上限小于下限',
      'the most pages are fewer than the least',
    );
  }
  for (const way of repeatedOf(ways))
    report([...parts, 'ways'], way, '', `方式 ${way} 重复`, `way ${way} stands twice`);
  if (ways.includes('library') !== (material.licenceType !== undefined)) {
    report(
      [...parts, 'licenceType'],
      material.licenceType,
      '',
      '用证照库就要写 licenceType，反之亦然',
      'the library way needs a licenceType, and only it',
    );
  }
  if (ways.includes('qr') !== (material.code !== undefined)) {
    report([...parts, 'code'], undefined, '', '用二维码就要写 code，反之亦然', 'the qr way needs a code, and only it');
  }
  if (/其他(?:相关)?材料|等材料/.test(`${material.name.zh}${material.detail.zh}`)) {
    report(
      [...parts, 'name'],
      material.name.zh,
      '',
      '不能写“其他材料”，要说清楚是什么',
      'no vague “other materials”; say what is wanted',
    );
  }
  checkCode(material, item, parts, report);
};

const checkItem = (item: Item, catalogue: Catalogue, compileForms: boolean, report: Report): void => {
  const departments = catalogue.departments.map((department) => department.code);
  const scenes = catalogue.scenes.map((scene) => scene.id);
  const department = { zh: '部门', en: 'department' };
  reportUnknown(report, ['lead'], item.lead, departments, department);
  for (const [index, code] of item.departments.entries()) {
    reportUnknown(report, ['departments', index], code, departments, department);
  }
  for (const code of repeatedOf([item.lead, ...item.departments])) {
    report(['departments'], code, '', `部门 ${code} 重复`, `department ${code} stands twice`);
  }
  if (item.kind === 'bundle' && item.departments.length === 0) {
    report(['departments'], undefined, '', '一事联办至少有两个部门', 'a bundle has at least two departments');
  }
  for (const [index, scene] of item.scenes.entries()) {
    reportUnknown(report, ['scenes', index], scene, scenes, { zh: '场景', en: 'scene' });
  }
  for (const id of repeatedOf(item.materials.map((material) => material.id))) {
    report(['materials'], id, '', `材料 ${id} 重复`, `material ${id} stands twice`);
  }
  for (const [index, material] of item.materials.entries()) checkMaterial(material, item, ['materials', index], report);
  checkForm(item, catalogue, compileForms, report);
};

/** `prefix` names the file or list entry that an item came from. */
export const checkItemIn = (
  item: Item,
  catalogue: Catalogue,
  prefix: string,
  { compileForms }: CheckOptions,
): Problem[] => {
  const problems: Problem[] = [];
  checkItem(item, catalogue, compileForms, (parts, found, allowed, zh, en) => {
    const path = `${prefix} ${formatPath(parts)}`;
    problems.push({ path, found: describeFound(found), allowed, message: { zh, en } });
  });
  return problems;
};

/** What is wrong between the items and the lists around them. */
export const checkLists = (catalogue: Catalogue): Problem[] => {
  const problems: Problem[] = [];
  const report: Report = (parts, found, allowed, zh, en) => {
    problems.push({ path: formatPath(parts), found: describeFound(found), allowed, message: { zh, en } });
  };
  const codes = catalogue.items.map((item) => item.code);
  const lists = [
    ['departments', catalogue.departments.map((department) => department.code)],
    ['scenes', catalogue.scenes.map((scene) => scene.id)],
    ['popular', catalogue.popular],
    ['items', codes],
  ] as const;
  for (const [name, values] of lists) {
    for (const value of repeatedOf(values)) report([name], value, '', `${value} 重复`, `${value} stands twice`);
  }
  for (const [index, code] of catalogue.popular.entries()) {
    reportUnknown(report, ['popular', index], code, codes, { zh: '事项', en: 'item' });
  }
  return problems;
};
