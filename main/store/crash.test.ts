// What the store acknowledged is there after the process was killed without a word, and after the disk was full.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { ok } from '../../devices/kit/result.ts';
import { sha256Hex } from './canonical.ts';
import type { Store } from './open.ts';
import { codeOf, createPlace, page, submission, valueOf } from './store-fixture.ts';

type Acknowledged = { caseId: string; receiptNumber: string; sha256: string } | { eventId: string; seq: number };

/** Runs the write loop until it has acknowledged that many lines, then kills it where it stands. */
const writeAndKill = async (path: string, lines: number): Promise<Acknowledged[]> => {
  const loop = spawn(process.execPath, [new URL('./write-loop.ts', import.meta.url).pathname, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(loop, 'exit');
  let text = '';
  for await (const chunk of loop.stdout) {
    text += String(chunk);
    if (text.split('\n').length > lines) loop.kill('SIGKILL');
  }
  const [, signal] = (await ended) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  // A line without its end was cut by the kill in the pipe: it is not an acknowledgement that anybody read.
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Acknowledged);
};

describe('killed while writing', () => {
  it('loses nothing that was acknowledged, over five kills of the same store', async () => {
    using place = createPlace();
    const known: Acknowledged[] = [];
    for (const lines of [1, 7, 16, 29, 40]) {
      known.push(...(await writeAndKill(place.path, lines)));
      const store = valueOf(place.open());
      const db = new Database(place.path, { readonly: true });
      expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
      expect(db.pragma('foreign_key_check')).toEqual([]);
      const seqs = db.prepare<[], number>('SELECT seq FROM outbox ORDER BY seq').pluck().all();
      expect(seqs).toEqual(seqs.map((_seq, index) => index + 1));
      db.close();
      for (const { seq } of known.filter((line) => 'seq' in line)) expect(seqs).toContain(seq);
      for (const { caseId, receiptNumber, sha256 } of known.filter((line) => 'caseId' in line)) {
        expect(store.caseStatus(caseId)?.receiptNumber).toBe(receiptNumber);
        expect(sha256Hex(valueOf(store.readBlob(sha256)))).toBe(sha256);
      }
      store.close();
    }
    expect(known.length).toBeGreaterThanOrEqual(90);
  }, 60_000);
});

/** A small file system of its own where this user may mount one. */
const mountTiny = (folder: string): Disposable | undefined => {
  try {
    mkdirSync(folder);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  return { [Symbol.dispose]: () => void execFileSync('umount', [folder]) };
};

const fillUp = (store: Store): { kept: string[]; code: string } => {
  const kept: string[] = [];
  for (let count = 0; count < 500; count++) {
    const given = submission([page(40_000)]);
    const result = store.submitCase(given);
    if (!result.ok) return { kept, code: result.error.code };
    kept.push(given.caseId);
  }
  return { kept, code: 'never full' };
};

describe('a full disk', () => {
  it('is an answer, and the rows from before stay whole', () => {
    using place = createPlace();
    const folder = join(place.folder, 'tiny');
    using mounted = mountTiny(folder);
    const path = mounted ? join(folder, 'kiosk.db') : place.path;
    const store = valueOf(place.open(mounted ? { path } : { path, maxBytes: 3 * 1024 * 1024 }));
    const { kept, code } = fillUp(store);
    expect(code).toBe('diskFull');
    expect(kept.length).toBeGreaterThan(5);
    for (const caseId of kept) expect(store.caseStatus(caseId)?.state).toBe('savedHere');
    expect(store.today().cases).toBe(kept.length);
    expect(store.pendingUploads()).toHaveLength(kept.length * 2);
    for (const { sha256 } of store.pendingUploads()) expect(codeOf(store.readBlob(sha256))).toBe('ok');
    store.close();
  });

  it('held by the quota leaves no half-written case and works again when there is room', () => {
    using place = createPlace();
    const small = valueOf(place.open({ maxBytes: 2 * 1024 * 1024 }));
    const { kept, code } = fillUp(small);
    expect(code).toBe('diskFull');
    const outside = small.transact(() => small.submitCase(submission([page(100_000)])));
    expect(codeOf(outside)).toBe('diskFull');
    small.close();
    const roomy = valueOf(place.open());
    expect(roomy.today().cases).toBe(kept.length);
    expect(roomy.depth()).toBe(kept.length);
    expect(codeOf(roomy.submitCase(submission()))).toBe('ok');
  });

  it('lets no device command begin that could not be remembered', () => {
    using place = createPlace();
    const { commandMemory, ...store } = valueOf(place.open({ maxBytes: 512 * 1024 }));
    const beginMany = (): void => {
      for (let count = 0; count < 10_000; count++) commandMemory.begin('printer', `${'c'.repeat(200)}-${count}`);
    };
    expect(beginMany).toThrow('cannot be remembered');
    expect(() => commandMemory.finish('printer', 'd'.repeat(5000), ok(undefined))).not.toThrow();
    expect(commandMemory.get('printer', 'd'.repeat(5000))).toBeUndefined();
    store.close();
  });

  it('at the first opening is an answer too', () => {
    using place = createPlace();
    expect(codeOf(place.open({ maxBytes: 8192 }))).toBe('diskFull');
    const folder = join(place.folder, 'tiny');
    using mounted = mountTiny(folder);
    if (!mounted) return;
    try {
      writeFileSync(join(folder, 'filler'), Buffer.alloc(4 * 1024 * 1024));
    } catch {
      // The file system is full now, which is what was wanted.
    }
    expect(codeOf(place.open({ path: join(folder, 'kiosk.db') }))).toBe('diskFull');
  });
});
