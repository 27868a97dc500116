import { describe, expect, it } from 'vitest';
import { createDisk, cutsAt, type Operation } from './disk-log.ts';
import { hasCompiler } from '../preload/build.ts';
import { isPowerCutClean, runPowerCuts } from './power-cuts.ts';

const write = (text: string, offset = 0): Operation => ({ kind: 'write', file: 'f', offset, bytes: Buffer.from(text) });
const flush: Operation = { kind: 'flush', file: 'f' };
const folder: Operation = { kind: 'flushFolder' };

const disksOf = (operations: readonly Operation[], isHonest = true): Set<string | undefined> => {
  const disk = createDisk({ isHonest });
  for (const operation of operations) disk.step(operation);
  return new Set(Array.from({ length: 200 }, (_, at) => disk.cut(cutsAt(1, at)).get('f')?.toString('utf8')));
};

describe('the disk of a power cut', () => {
  it('has what was flushed, and any part of what was not', () => {
    expect(disksOf([{ kind: 'create', file: 'f' }, write('ab'), flush, folder])).toEqual(new Set(['ab']));
    expect(disksOf([write('ab'), flush, folder, write('c', 2), write('d', 3)])).toEqual(
      new Set(['ab', 'abc', 'abcd', 'ab\0d']),
    );
  });

  it('may have no name that its folder was not flushed for', () => {
    expect(disksOf([{ kind: 'create', file: 'f' }, write('ab'), flush])).toEqual(new Set(['ab', undefined]));
    expect(disksOf([write('ab'), flush, folder, { kind: 'remove', file: 'f' }])).toEqual(new Set(['ab', undefined]));
  });

  it('may have nothing where the drive ignores flushes', () => {
    expect(disksOf([write('ab'), flush, folder], false)).toContain(undefined);
  });
});

describe.skipIf(!hasCompiler())('a store whose power was cut', () => {
  it('opens and has everything that was acknowledged, at 200 moments', () => {
    const report = runPowerCuts({ states: 200, acts: 60, seed: 1 });
    expect(report).toMatchObject({ lost: 0, half: 0, corruptOpens: 0, failures: [] });
    expect(isPowerCutClean(report)).toBe(true);
  });
});
