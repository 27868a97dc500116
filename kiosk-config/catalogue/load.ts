// The service catalogue from a directory, or from a value that came over the network, checked as a whole before anybody sees it.
//
//   catalogue.json (version, departments, scenes, popular) ┐
//   items/*.json (one item a file)                         ┴▶ schema ─▶ cross-checks ─▶ Catalogue

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import type { Failure } from '../../devices/kit/result.ts';
import { catalogueSchema, itemSchema, type Catalogue, type Item } from '../../main/contract/catalogue.ts';
import { readJson } from '../json-fault.ts';
import type { Problem } from '../problem.ts';
import { inputSchemaOf, problemsFromIssues } from '../zod-problems.ts';
import { checkItemIn, checkLists, type CheckOptions } from './check.ts';

export type CatalogueResult =
  | { ok: true; value: Catalogue }
  | { ok: false; error: Failure<'catalogueUnreadable' | 'catalogueInvalid'> & { problems: readonly Problem[] } };

const refuse = (code: 'catalogueUnreadable' | 'catalogueInvalid', problems: readonly Problem[]): CatalogueResult => ({
  ok: false,
  error: {
    code,
    who: 'engineer',
    message:
      `${problems.length} problem(s) in the catalogue: ${problems.map((p) => `${p.path}: ${p.message.en}`).join('; ')}`.slice(
        0,
        2000,
      ),
    problems,
  },
});

const inFile = (file: string, zh: string, en: string): Problem => ({
  path: file,
  found: '',
  allowed: '',
  message: { zh, en },
});

type FileRead<T> = { ok: true; value: T } | { ok: false; problems: Problem[]; isUnreadable?: boolean };

const readFile = <T>(directory: string, file: string, schema: z.ZodType<T>): FileRead<T> => {
  let text: string;
  try {
    text = readFileSync(join(directory, file), 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return {
      ok: false,
      isUnreadable: true,
      problems: [inFile(file, `读取失败（${code}）`, `could not be read (${code})`)],
    };
  }
  const { fault, repeatedKeys } = readJson(text);
  if (fault) {
    const { line, column, message } = fault;
    const zh = `不是正确的 JSON，第 ${line} 行第 ${column} 列：${message.zh}`;
    return { ok: false, problems: [inFile(file, zh, `not valid JSON, line ${line} column ${column}: ${message.en}`)] };
  }
  const [repeated] = repeatedKeys;
  if (repeated) {
    const { line, column } = repeated;
    const zh = `同一个名称写了两次，第 ${line} 行第 ${column} 列`;
    return { ok: false, problems: [inFile(file, zh, `the same name stands twice, line ${line} column ${column}`)] };
  }
  const raw = JSON.parse(text) as unknown;
  const parsed = schema.safeParse(raw);
  if (parsed.success) return { ok: true, value: parsed.data };
  const problems = problemsFromIssues(parsed.error.issues, raw, inputSchemaOf(schema));
  return { ok: false, problems: problems.map((problem) => ({ ...problem, path: `${file} ${problem.path}`.trim() })) };
};

const headSchema = catalogueSchema.omit({ items: true });

const checkWhole = (
  catalogue: Catalogue,
  nameOf: (index: number) => string,
  options: CheckOptions,
): CatalogueResult => {
  const problems = [
    ...checkLists(catalogue),
    ...catalogue.items.flatMap((item, index) => checkItemIn(item, catalogue, nameOf(index), options)),
  ];
  return problems.length > 0 ? refuse('catalogueInvalid', problems) : { ok: true, value: catalogue };
};

/** Reads `catalogue.json` and every `items/*.json` of a directory. Items stand in the order of their codes. */
export const loadCatalogue = (directory: string, options: CheckOptions = { compileForms: true }): CatalogueResult => {
  const head = readFile(directory, 'catalogue.json', headSchema);
  if (!head.ok && head.isUnreadable) return refuse('catalogueUnreadable', head.problems);
  let names: string[];
  try {
    names = readdirSync(join(directory, 'items')).filter((name) => name.endsWith('.json'));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return refuse('catalogueUnreadable', [inFile('items', `读取失败（${code}）`, `could not be read (${code})`)]);
  }
  const problems: Problem[] = head.ok ? [] : [...head.problems];
  const read: { file: string; item: Item }[] = [];
  for (const name of names) {
    const file = `items/${name}`;
    const one = readFile(directory, file, itemSchema);
    if (one.ok) read.push({ file, item: one.value });
    else problems.push(...one.problems);
  }
  if (read.length === 0 && problems.length === 0) problems.push(inFile('items', '没有任何事项', 'there is no item'));
  if (!head.ok || problems.length > 0) return refuse('catalogueInvalid', problems);
  const inOrder = read.toSorted((a, b) => (a.item.code < b.item.code ? -1 : 1));
  const catalogue = { ...head.value, items: inOrder.map(({ item }) => item) };
  return checkWhole(catalogue, (index) => inOrder[index]?.file ?? `items[${index}]`, options);
};

/** Checks a catalogue that was JSON, e.g. one that came down from central. */
export const parseCatalogue = (raw: unknown, options: CheckOptions = { compileForms: true }): CatalogueResult => {
  const parsed = catalogueSchema.safeParse(raw);
  if (!parsed.success) {
    return refuse('catalogueInvalid', problemsFromIssues(parsed.error.issues, raw, inputSchemaOf(catalogueSchema)));
  }
  return checkWhole(parsed.data, (index) => `items[${index}]`, options);
};
