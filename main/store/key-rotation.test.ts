// A new machine key: nothing is lost, nothing of the old key opens anything, and a stop at any step leaves a store that opens.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { checkFile } from './check.ts';
import { inspectFile } from './inspection.ts';
import { finishRotation, rotateMachineKey, rotationSteps, type RotationStep } from './key-rotation.ts';
import { keyHolderOf, type KeyHolder } from './machine-key-file.ts';
import { machineKeyPlace } from './machine-key-source.ts';
import {
  codeOf,
  createPlace,
  kioskId,
  machineKey,
  page,
  rating,
  submission,
  valueOf,
  type Place,
} from './store-fixture.ts';

type Filled = {
  keyFile: string;
  holder: KeyHolder;
  scans: { sha256: string; bytes: Buffer }[];
  code: string;
  sealed: Buffer[];
};

const holderOf = (keyFile: string): KeyHolder => {
  const holder = keyHolderOf(machineKeyPlace(keyFile, {}));
  if (!holder) throw new Error('no key file');
  return holder;
};

const sealedOf = (path: string): Buffer[] => {
  const db = new Database(path, { readonly: true });
  try {
    return db
      .prepare<[], Buffer>(
        "SELECT wrapped_key FROM cases WHERE wrapped_key IS NOT NULL UNION ALL SELECT sealed FROM outbox WHERE kind <> 'case.submitted'",
      )
      .pluck()
      .all();
  } finally {
    db.close();
  }
};

/** Cases with scans, events, dead letters, papers in a cell, audit lines. */
const fill = (place: Place): Filled => {
  const keyFile = join(place.folder, 'machine.key');
  writeFileSync(keyFile, machineKey, { mode: 0o600 });
  const store = valueOf(place.open());
  const scans = [page(3000), page(70_000)];
  const given = submission(scans);
  const { receiptNumber } = valueOf(store.submitCase(given));
  for (let count = 0; count < 12; count++) valueOf(store.enqueue('rating.given', rating()));
  valueOf(store.bury({ eventId: valueOf(store.enqueue('rating.given', rating())).eventId }, 'refused'));
  const { pickUpCode, depositId } = valueOf(
    store.reserveCell({
      cells: [1, 2],
      caseId: given.caseId,
      receiptNumber,
      originals: ['lease'],
      keepUntilMs: place.clock.now() + 1000,
    }),
  );
  valueOf(store.confirmDeposit(depositId, place.clock.now()));
  for (let count = 0; count < 3; count++)
    valueOf(store.audit({ who: 'wang', role: 'manager', act: 'openCell', detail: `${count}`, ok: true }));
  store.close();
  const sealed = sealedOf(place.path);
  expect(sealed.length).toBeGreaterThan(13);
  return {
    keyFile,
    holder: holderOf(keyFile),
    scans: scans.map(({ sha256, bytes }) => ({ sha256, bytes: Buffer.from(bytes) })),
    code: pickUpCode,
    sealed,
  };
};

/** Everything opens with that key, by the store's own check and through the store. */
const expectWhole = (place: Place, key: Buffer, { scans, code }: Filled): void => {
  {
    using file = valueOf(inspectFile({ path: place.path, machineKey: key, kioskId }));
    const { problems, audit } = checkFile(file);
    expect({ problems, intact: audit.intact }).toEqual({ problems: [], intact: true });
  }
  const store = valueOf(place.open({ machineKey: key }));
  for (const { sha256, bytes } of scans) expect(valueOf(store.readBlob(sha256)).equals(bytes)).toBe(true);
  expect(store.depth()).toBeGreaterThanOrEqual(13);
  expect(store.deadLetters()).toHaveLength(1);
  const db = new Database(place.path, { readonly: true });
  const waiting = db
    .prepare<[], number>("SELECT count(*) FROM outbox WHERE state = 'dead' OR kind = 'rating.given'")
    .pluck();
  expect(waiting.get()).toBe(13);
  db.close();
  expect(store.verifyAudit().intact).toBe(true);
  expect(store.depositByCode(code)).toBeDefined();
  store.close();
};

const bytesOf = (path: string): Buffer =>
  Buffer.concat(['', '-wal'].filter((name) => existsSync(path + name)).map((name) => readFileSync(path + name)));

describe('a new machine key', () => {
  it('seals everything again; the old key opens nothing, and neither it nor what it sealed is left', () => {
    using place = createPlace();
    const filled = fill(place);
    const rotated = valueOf(
      rotateMachineKey({ storePath: place.path, kioskId, holder: filled.holder, who: 'engineer', clock: place.clock }),
    );
    expect(rotated.resealed).toMatchObject({ caseKeys: 1, unreadable: 0 });
    const key = readFileSync(filled.keyFile);
    expect(key.equals(machineKey)).toBe(false);
    for (const name of ['.next', '.old', '.part']) expect(existsSync(filled.keyFile + name)).toBe(false);
    expect(codeOf(inspectFile({ path: place.path, machineKey, kioskId }))).toBe('wrongKey');
    const bytes = bytesOf(place.path);
    for (const sealed of filled.sealed) expect(bytes.includes(sealed.subarray(1))).toBe(false);
    expect(bytes.includes(sealedOf(place.path)[0]?.subarray(1) ?? '')).toBe(true);
    expectWhole(place, key, filled);
    const store = valueOf(place.open({ machineKey: key }));
    expect(store.auditLines({ limit: 1 })).toMatchObject([{ act: 'machineKeyRotated', who: 'engineer' }]);
  });

  it('can follow another, and the proofs of the first day still hold', () => {
    using place = createPlace();
    const filled = fill(place);
    for (let count = 0; count < 3; count++)
      valueOf(rotateMachineKey({ storePath: place.path, kioskId, holder: filled.holder, who: 'test' }));
    const key = readFileSync(filled.keyFile);
    expect(key.equals(machineKey)).toBe(false);
    expectWhole(place, key, filled);
  });

  it('is refused while the kiosk runs, and changes nothing', () => {
    using place = createPlace();
    const filled = fill(place);
    const running = valueOf(place.open());
    const refused = rotateMachineKey({ storePath: place.path, kioskId, holder: filled.holder, who: 'test' });
    expect(codeOf(refused)).toBe('storeInUse');
    running.close();
    expect(existsSync(`${filled.keyFile}.next`)).toBe(false);
    expectWhole(place, machineKey, filled);
  });

  it('is refused for a store of another key', () => {
    using place = createPlace();
    const filled = fill(place);
    writeFileSync(filled.keyFile, Buffer.alloc(32, 9));
    const refused = rotateMachineKey({ storePath: place.path, kioskId, holder: filled.holder, who: 'test' });
    expect(codeOf(refused)).toBe('wrongKey');
    expect(existsSync(`${filled.keyFile}.next`)).toBe(false);
    expectWhole(place, machineKey, filled);
  });

  it('leaves a row that did not open before as it is', () => {
    using place = createPlace();
    const filled = fill(place);
    const db = new Database(place.path);
    db.exec(
      "UPDATE outbox SET sealed = zeroblob(60) WHERE seq = (SELECT max(seq) FROM outbox WHERE kind = 'rating.given')",
    );
    db.close();
    const rotated = valueOf(rotateMachineKey({ storePath: place.path, kioskId, holder: filled.holder, who: 'test' }));
    expect(rotated.resealed?.unreadable).toBe(1);
  });
});

describe('killed while it changes the machine key', () => {
  const rotateAndDie = (place: Place, keyFile: string, step: RotationStep): void => {
    const script = new URL('./rotate-and-die.ts', import.meta.url).pathname;
    const child = spawnSync(process.execPath, [script, place.path, keyFile, kioskId, step], { encoding: 'utf8' });
    expect({ signal: child.signal, said: child.stderr }).toMatchObject({ signal: 'SIGKILL' });
  };

  it.each(rotationSteps)('at "%s" the store opens with a key that is there, and the next start ends it', (step) => {
    using place = createPlace();
    const filled = fill(place);
    rotateAndDie(place, filled.keyFile, step);
    const keys = ['', '.next', '.old']
      .filter((name) => existsSync(filled.keyFile + name))
      .map((name) => readFileSync(filled.keyFile + name));
    const opening = keys.filter((key) => inspectAnd(place, key));
    expect(opening.length).toBeGreaterThanOrEqual(1);
    // As the host does at its start.
    const finished = finishRotation({ keyFile: filled.keyFile, storePath: place.path, kioskId });
    expect(finished && codeOf(finished)).toBe(step === 'done' ? undefined : 'ok');
    for (const name of ['.next', '.old', '.part']) expect(existsSync(filled.keyFile + name)).toBe(false);
    const key = readFileSync(filled.keyFile);
    expect(key.equals(machineKey)).toBe(false);
    expect(codeOf(inspectFile({ path: place.path, machineKey, kioskId }))).toBe('wrongKey');
    const bytes = bytesOf(place.path);
    for (const sealed of filled.sealed) expect(bytes.includes(sealed.subarray(1))).toBe(false);
    expectWhole(place, key, filled);
  });
});

const inspectAnd = (place: Place, key: Buffer): boolean => {
  const inspected = inspectFile({ path: place.path, machineKey: key, kioskId });
  if (!inspected.ok) return false;
  inspected.value[Symbol.dispose]();
  return true;
};
