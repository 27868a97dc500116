// The contract's own promises about all kinds of events: each names its act, and none that came later can grow without bounds.

import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { eventKinds, eventPayloads, eventSubjects, type EventKind } from './intake-events.ts';

type Schema = {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  pattern?: string;
  format?: string;
  maxLength?: number;
  maxItems?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  anyOf?: Schema[];
  required?: string[];
};
const schemaOf = (kind: EventKind): Schema => z.toJSONSchema(eventPayloads[kind]) as Schema;

/** These were there first and are held by what rows of older stores may carry. */
const first: readonly EventKind[] = [
  'case.submitted',
  'rating.given',
  'queue.ticketTaken',
  'locker.deposited',
  'help.called',
];
const later = eventKinds.filter((kind) => !first.includes(kind));

const unbounded = (schema: Schema, path: string): string[] => {
  const parts = (schema.anyOf ?? []).flatMap((part) => unbounded(part, path));
  if (schema.type === 'string') {
    const isBounded = [schema.const, schema.enum, schema.pattern, schema.format, schema.maxLength].some(
      (bound) => bound !== undefined,
    );
    return isBounded ? parts : [...parts, path];
  }
  if (schema.type === 'array')
    return [
      ...parts,
      ...(schema.maxItems === undefined ? [path] : []),
      ...(schema.items ? unbounded(schema.items, `${path}[]`) : []),
    ];
  const fields = Object.entries(schema.properties ?? {});
  return [...parts, ...fields.flatMap(([name, field]) => unbounded(field, `${path}.${name}`))];
};

describe.each(eventKinds)('%s', (kind) => {
  it('names its act in a field that is always there and is a UUID', () => {
    const subject = eventSubjects[kind];
    const { required = [], properties = {} } = schemaOf(kind);
    expect(required).toContain(subject);
    expect(properties[subject]).toMatchObject({ type: 'string', format: 'uuid' });
  });
});

it('the search for what has no bounds finds what the first kinds have', () => {
  expect(unbounded(schemaOf('rating.given'), '')).toEqual(['.itemCode', '.reasons', '.reasons[]']);
});

it.each(later)('%s: every text and every list has a bound', (kind) => {
  expect(unbounded(schemaOf(kind), '')).toEqual([]);
});

it('the five groups of case data are bounded too', () => {
  const { caseData } = schemaOf('case.submitted').properties ?? {};
  expect(caseData).toBeDefined();
  expect(unbounded(caseData ?? {}, '')).toEqual([]);
});
