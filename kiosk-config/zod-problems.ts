// zod's issues as problems for people. zod says which rule failed; the value and the JSON Schema beside it say what stands there
// and what may.

import { z } from 'zod';
import type { Text } from '../main/contract/text.ts';
import { describeFound, formatPath, nearestWord, type PathPart, type Problem } from './problem.ts';
import { describeAllowed, knownKeys, nodesAt, valueAt, type SchemaNode } from './schema-tree.ts';

type Issue = z.core.$ZodIssue;

/** The JSON Schema of what a person writes (before defaults and transforms). */
export const inputSchemaOf = (schema: z.ZodType): SchemaNode =>
  z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input', unrepresentable: 'any' }) as SchemaNode;

const typeNames: Record<string, Text> = {
  string: { zh: '文字（用英文双引号括起来）', en: 'text in double quotes' },
  number: { zh: '数字（不加引号）', en: 'a number without quotes' },
  int: { zh: '整数（不加引号）', en: 'a whole number without quotes' },
  boolean: { zh: 'true 或 false(不加引号)', en: 'true or false without quotes' },
  array: { zh: '用 [ ] 括起来的列表', en: 'a list in [ ]' },
  object: { zh: '用 { } 括起来的一组设置', en: 'a group of settings in { }' },
  record: { zh: '用 { } 括起来的一组设置', en: 'a group of settings in { }' },
};

const sizeMessage = (origin: string, bound: number | bigint, isLeast: boolean): Text => {
  const [zh, en] = isLeast ? ['至少', 'at least'] : ['最多', 'at most'];
  switch (origin) {
    case 'string':
      return Number(bound) === 1 && isLeast
        ? { zh: '不能空着', en: 'must not be empty' }
        : { zh: `${zh} ${bound} 个字符`, en: `${en} ${bound} characters` };
    case 'array':
      return { zh: `${zh} ${bound} 项`, en: `${en} ${bound} entries` };
    default:
      return isLeast
        ? { zh: `不能小于 ${bound}`, en: `must not be less than ${bound}` }
        : { zh: `不能大于 ${bound}`, en: `must not be more than ${bound}` };
  }
};

/** The branch of a union that the writer most likely meant: the one that fails deepest, with the fewest complaints at its root. */
const likelyBranch = (branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined => {
  const atRoot = (issues: readonly Issue[]): number =>
    issues.filter((issue) => issue.path.length === 0 && issue.code !== 'unrecognized_keys').length;
  const inside = branches.filter((issues) => atRoot(issues) === 0);
  return inside.toSorted((a, b) => a.length - b.length)[0];
};

/** A rule's own sentence. Drivers write it in English, or in both languages as `中文 / English`. */
const ownWords = (message: string): Text => {
  const [zh, en] = message.split(' / ', 2);
  const isBoth = zh !== undefined && en !== undefined && /\p{Script=Han}/u.test(zh);
  return isBoth ? { zh, en } : { zh: `不符合要求：${message}`, en: message };
};

const messageOf = (issue: Issue, nodes: readonly SchemaNode[], isMissing: boolean, key: string): Text => {
  const allowed = describeAllowed(nodes);
  if (isMissing) return { zh: `缺少必填项 ${key}`, en: `${key} is missing` };
  switch (issue.code) {
    case 'invalid_type': {
      // zod asks for a number first and for a whole one later; people are told both at once.
      const isWhole = issue.expected === 'number' && nodes.every((node) => node.type === 'integer');
      const name = typeNames[isWhole ? 'int' : issue.expected] ?? { zh: issue.expected, en: issue.expected };
      return { zh: `这里应该是${name.zh}`, en: `this should be ${name.en}` };
    }
    case 'too_small':
      return sizeMessage(issue.origin, issue.minimum, true);
    case 'too_big':
      return sizeMessage(issue.origin, issue.maximum, false);
    case 'invalid_value':
    case 'invalid_union':
      return { zh: `不在可选范围内，可填 ${allowed}`, en: `not one of the allowed values: ${allowed}` };
    case 'invalid_format': {
      if (issue.format === 'url')
        return {
          zh: '要写完整网址，以 http:// 或 https:// 开头',
          en: 'must be a full address that begins with http:// or https://',
        };
      // A driver's schema may say in its own words what it wants; zod's own sentence begins with "Invalid".
      const own = issue.message.startsWith('Invalid') ? undefined : issue.message;
      return own === undefined
        ? { zh: '格式不对', en: 'the format is wrong' }
        : { zh: `格式不对：${own}`, en: `the format is wrong: ${own}` };
    }
    case 'custom':
    case 'not_multiple_of':
    case 'unrecognized_keys':
    case 'invalid_key':
    case 'invalid_element':
    default:
      return ownWords(issue.message);
  }
};

/**
 * @param raw the whole value that was checked
 * @param tree JSON Schema of `raw`
 * @param prefix where `raw` stands in the file
 */
export const problemsFromIssues = (
  issues: readonly Issue[],
  raw: unknown,
  tree: SchemaNode,
  prefix: readonly PathPart[] = [],
): Problem[] =>
  issues.flatMap((issue): Problem[] => {
    const parts = issue.path.filter((part) => typeof part !== 'symbol');
    const value = valueAt(raw, parts);
    if (issue.code === 'unrecognized_keys') {
      const known = knownKeys(tree, raw, parts);
      return issue.keys.map((key) => {
        const nearest = nearestWord(key, known);
        const path = [...prefix, ...parts, key];
        return {
          path: formatPath(path),
          found: describeFound(valueAt(raw, [...parts, key]), path),
          allowed: known.join(', '),
          message: {
            zh: nearest ? `不认识的设置 ${key}，是不是想写 ${nearest}？` : `不认识的设置 ${key}`,
            en: nearest ? `${key} is not a known setting; did you mean ${nearest}?` : `${key} is not a known setting`,
          },
        };
      });
    }
    if (issue.code === 'invalid_union') {
      const branch = likelyBranch(issue.errors);
      if (branch) {
        const nested = branch.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
        return problemsFromIssues(nested, raw, tree, prefix);
      }
    }
    const path = [...prefix, ...parts];
    const nodes = nodesAt(tree, raw, parts);
    return [
      {
        path: formatPath(path),
        found: describeFound(value, path),
        allowed: describeAllowed(nodes),
        message: messageOf(issue, nodes, value === undefined, String(path.at(-1) ?? '')),
      },
    ];
  });
