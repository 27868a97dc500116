// Walks a JSON Schema beside the value that it describes, to tell what may stand at a place: zod's issues say what is wrong,
// not which keys an object has or which values a union takes.

import type { PathPart } from './problem.ts';

export type SchemaNode = {
  type?: string;
  const?: unknown;
  enum?: readonly unknown[];
  anyOf?: readonly SchemaNode[];
  oneOf?: readonly SchemaNode[];
  properties?: Record<string, SchemaNode>;
  additionalProperties?: SchemaNode | boolean;
  items?: SchemaNode;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  format?: string;
};

/** A value's own property; never one of its prototype's. */
export const childOf = (value: unknown, part: PathPart): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, part)
    ? (value as Record<PathPart, unknown>)[part]
    : undefined;

export const valueAt = (root: unknown, parts: readonly PathPart[]): unknown => {
  let value = root;
  for (const part of parts) value = childOf(value, part);
  return value;
};

/** The branches of a union that fit the value's constant properties (its discriminator); all of them when none does. */
const branchesOf = (node: SchemaNode, value: unknown): readonly SchemaNode[] => {
  const branches = node.anyOf ?? node.oneOf;
  if (!branches) return [node];
  const fitting = branches.filter((branch) =>
    Object.entries(branch.properties ?? {}).every(
      ([key, child]) => child.const === undefined || childOf(value, key) === child.const,
    ),
  );
  return (fitting.length > 0 ? fitting : branches).flatMap((branch) => branchesOf(branch, value));
};

/** Every schema that may describe the value at `parts`. */
export const nodesAt = (root: SchemaNode, value: unknown, parts: readonly PathPart[]): readonly SchemaNode[] => {
  const [part, ...rest] = parts;
  const branches = branchesOf(root, value);
  if (part === undefined) return branches;
  const next = childOf(value, part);
  return branches.flatMap((branch) => {
    const child = typeof part === 'number' ? branch.items : branch.properties?.[part];
    if (child) return nodesAt(child, next, rest);
    const other = branch.additionalProperties;
    return typeof other === 'object' ? nodesAt(other, next, rest) : [];
  });
};

export const knownKeys = (root: SchemaNode, value: unknown, parts: readonly PathPart[]): readonly string[] => [
  ...new Set(nodesAt(root, value, parts).flatMap((node) => Object.keys(node.properties ?? {}))),
];

const range = (least: number | undefined, most: number | undefined): string => {
  const from = least === undefined || least <= Number.MIN_SAFE_INTEGER ? '' : String(least);
  const to = most === undefined || most >= Number.MAX_SAFE_INTEGER ? '' : String(most);
  if (from === '' && to === '') return '';
  return from === to ? ` ${from}` : ` ${from}…${to}`;
};

const describeNode = (node: SchemaNode): string => {
  if (node.const !== undefined) return JSON.stringify(node.const);
  if (node.enum) return node.enum.map((value) => JSON.stringify(value)).join(' | ');
  switch (node.type) {
    case 'string':
      if (node.format === 'uri') return 'http://… | https://…';
      if (node.pattern !== undefined) return `/${node.pattern}/`;
      return `"…"${range(node.minLength, node.maxLength)}`;
    case 'integer':
      return range(node.minimum, node.maximum).trim() || '1, 2, 3…';
    case 'number':
      return range(node.minimum, node.maximum).trim() || '0.0';
    case 'boolean':
      return 'true | false';
    case 'array':
      return `[…]${range(node.minItems, node.maxItems)}`;
    case 'object':
      return node.properties ? `{ ${Object.keys(node.properties).join(', ')} }` : '{…}';
    case undefined:
    default:
      return '';
  }
};

/** What may stand there, e.g. `"serial" | "tcp" | "hid"` or `1…65535`. */
export const describeAllowed = (nodes: readonly SchemaNode[]): string =>
  [...new Set(nodes.map(describeNode))].filter((text) => text !== '').join(' | ');
