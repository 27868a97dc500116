// Malformed input over both lines, to every procedure that takes input: refused with a typed error, nothing changed, nothing polluted.

import * as fc from 'fast-check';
import { ORPCError } from '@orpc/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '../contract/console.ts';
import { kioskContract } from '../contract/kiosk.ts';
import { createRouter } from './router.ts';
import { callAt, proceduresOf, validInputs } from './test-contract.ts';
import { createTestKiosk, staffPins, type TestKiosk } from './test-kiosk.ts';
import { transports, type KioskClient, type Line, type Lines } from './test-lines.ts';

const inputsPerProcedure = 500;
/** Fixed, so that a failure comes again. */
const seed = 20_261_122;

const evilKeys = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'toJSON', 'then'] as const;

/** Own members of these names, also `__proto__`, which a plain literal would set as the prototype. */
const evilMember = (base: object, key: string, value: unknown): object =>
  Object.defineProperty({ ...base }, key, { value, enumerable: true, configurable: true, writable: true });

const anything = fc.anything({
  maxDepth: 2,
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withNullPrototype: true,
  key: fc.oneof(fc.string(), fc.constantFrom(...evilKeys)),
});

/** Near misses of a good input: a member gone, of another type, too many, or of an evil name. */
const nearMiss = (good: Record<string, unknown>): fc.Arbitrary<unknown> => {
  const names = Object.keys(good);
  return fc.oneof(
    fc.constantFrom(...names).map((gone) => Object.fromEntries(Object.entries(good).filter(([name]) => name !== gone))),
    fc.tuple(fc.constantFrom(...names), anything).map(([name, value]) => ({ ...good, [name]: value })),
    fc.tuple(fc.string(), anything).map(([name, value]) => ({ ...good, [name]: value })),
    fc
      .tuple(fc.constantFrom(...evilKeys), fc.constantFrom({ polluted: true }, 'polluted', null))
      .map(([key, value]) => evilMember(good, key, value)),
    fc.constantFrom(...names).map((name) => ({ ...good, [name]: 'x'.repeat(50_000) })),
  );
};

/** What the line itself cannot carry is not what is tested here. */
const isCarried = (value: unknown): boolean => {
  const seen = new Set<unknown>();
  const look = (part: unknown): boolean => {
    if (typeof part === 'function' || typeof part === 'symbol') return false;
    if (part === null || typeof part !== 'object' || part instanceof Blob) return true;
    if (seen.has(part)) return true;
    seen.add(part);
    if (part instanceof Map) return [...part.entries()].flat().every(look);
    if (part instanceof Set || Array.isArray(part)) return [...part].every(look);
    // The client's own serializer drops these; as raw frames they have a test of their own.
    if (Object.hasOwn(part, '__proto__')) return false;
    return Object.values(part).every((member) => member !== undefined && look(member));
  };
  return look(value);
};

const accountOf = (roles: readonly Role[]): keyof typeof staffPins | undefined => {
  if (roles.includes('citizen')) return undefined;
  return roles.includes('manager') ? 'manager' : 'engineer';
};

const takesInput = proceduresOf(kioskContract).filter(({ input }) => input !== undefined);

/** Made once: both lines get the same. */
const badInputs = new Map(
  takesInput.map(({ path, input }) => {
    const name = path.join('.');
    const bad = fc
      .sample(fc.oneof(nearMiss(validInputs[name] as Record<string, unknown>), anything), {
        numRuns: inputsPerProcedure * 2,
        seed,
      })
      .filter((value) => isCarried(value) && input?.safeParse(value).success === false);
    return [name, bad.slice(0, inputsPerProcedure)];
  }),
);

describe.each(transports)('malformed input over a $name', ({ open }) => {
  let place: TestKiosk;
  let lines: Lines;
  let line: Line;
  const failures: unknown[] = [];

  beforeEach(async () => {
    place = await createTestKiosk();
    failures.length = 0;
    lines = await open(
      createRouter(place.kiosk, () => undefined),
      place.kiosk,
      (_event, detail) => failures.push(detail),
      place.folder,
    );
    line = await lines.connect();
  });
  afterEach(async () => {
    await lines.stop();
    await place.stop();
  });

  it.each(takesInput.map((procedure) => ({ ...procedure, name: procedure.path.join('.') })))(
    'is refused by $name, and nothing changes',
    async ({ path, name, roles }) => {
      const account = accountOf(roles);
      if (account) await line.client.staff.signIn({ account, pin: staffPins[account] });
      else place.kiosk.sessions.dispatch({ type: 'intent', intent: { type: 'touch' } });
      const before = stateOf(place);
      const bad = badInputs.get(name) ?? [];
      expect(bad.length).toBe(inputsPerProcedure);
      for (let at = 0; at < bad.length; at += 50) {
        const codes = await Promise.all(bad.slice(at, at + 50).map((value) => codeOf(line.client, path, value)));
        expect(codes.filter((code) => code !== 'BAD_REQUEST')).toEqual([]);
      }
      expect(stateOf(place)).toEqual(before);
      expect(failures).toEqual([]);
      expect(Object.keys(Object.prototype)).toEqual([]);
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    },
  );
});

describe.each(transports)('raw frames over a $name', ({ open }) => {
  it('with members named like parts of every object pollute nothing', async () => {
    const place = await createTestKiosk();
    const lines = await open(
      createRouter(place.kiosk, () => undefined),
      place.kiosk,
      () => undefined,
      place.folder,
    );
    const line = await lines.connect();
    const answers = new Map<string, number>();
    line.onRaw((frame) => {
      const { i, p } = JSON.parse(String(frame)) as { i: string; p?: { s?: number } };
      answers.set(i, p?.s ?? 200);
    });
    const before = stateOf(place);
    const bodies = evilKeys.flatMap((key) => [
      `{"json":{"intent":{"type":"setLanguage","language":"en","${key}":{"polluted":true}},"revision":0}}`,
      `{"json":{"intent":{"type":"setLanguage","${key}":"en"},"revision":0,"${key}":{"polluted":true}}}`,
      `{"json":{"${key}":{"polluted":true}}}`,
      `{"json":{"a":{}},"meta":[[1,"${key}","polluted"]],"${key}":{"polluted":true}}`,
      `{"json":{"a":{}},"meta":[[6,"a","${key}","polluted"]]}`,
      `{"json":[],"maps":[["${key}","polluted"]],"meta":[]}`,
    ]);
    for (const [at, body] of bodies.entries())
      line.sendRaw(`{"i":"raw-${at}","p":{"u":"/session/intent","b":${body}}}`);
    while (answers.size < bodies.length) await new Promise((resolve) => setImmediate(resolve));
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(stateOf(place)).toEqual(before);
    // `__proto__` as a further member of a good intent is the one that is not seen as a member at all.
    expect([...answers.values()].filter((status) => status !== 400).length).toBeLessThanOrEqual(1);
    await lines.stop();
    await place.stop();
  });
});

const codeOf = async (client: KioskClient, path: readonly string[], input: unknown): Promise<string> => {
  try {
    await callAt(client, path, input);
    return `taken: ${fc.stringify(input)}`;
  } catch (error) {
    return error instanceof ORPCError ? error.code : `untyped: ${String(error)} for ${fc.stringify(input)}`;
  }
};

/** All that a call could have changed. */
const stateOf = ({ kiosk, store }: TestKiosk): unknown => ({
  view: { ...kiosk.sessions.view(), nowMs: 0 },
  audit: store.auditLines({ limit: 200 }),
  accounts: store.accounts(),
  depth: store.depth(),
  assignments: store.assignments(),
  cells: store.cellsInUse(),
});
