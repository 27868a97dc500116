import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasCompiler } from '../preload/build.ts';
import { buildFailing, makeControlFile, openControl, type Manner } from './control.ts';
import { isIoClean, isSearchGood, runIo } from './io.ts';

/** Writes `aaaa` and flushes, writes `bb` over it and flushes; says what stands there and which call threw. */
const writer = `
  const fs = require('node:fs');
  const said = [];
  const attempt = (name, act) => { try { act(); } catch (error) { said.push(name + ' ' + error.code); } };
  const file = fs.openSync(process.argv[1], 'w+');
  attempt('write', () => fs.writeSync(file, 'aaaa', 0));
  attempt('flush', () => fs.fsyncSync(file));
  attempt('write', () => { const done = fs.writeSync(file, 'bb', 0); if (done < 2) said.push('short'); });
  attempt('flush', () => fs.fsyncSync(file));
  process.stdout.write([fs.readFileSync(process.argv[1], 'utf8'), ...said].join(','));
`;

const played = (failAt: number, manner: Manner, isPersistent = false): string => {
  const folder = mkdtempSync(join(tmpdir(), 'failing-'));
  try {
    const watched = join(folder, 'disk');
    mkdirSync(watched);
    const page = join(folder, 'control');
    makeControlFile(page);
    const control = openControl(page);
    control.arm(failAt, manner, isPersistent);
    control.close();
    const env = { ...process.env, LD_PRELOAD: buildFailing(folder), FAIL_FOLDER: watched, FAIL_CONTROL: page };
    return execFileSync(process.execPath, ['-e', writer, join(watched, 'file')], { env, encoding: 'utf8' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

describe.skipIf(!hasCompiler())('calls that are made to fail', () => {
  it.each<[number, Manner, boolean, string]>([
    [0, 'eio', false, 'bbaa'],
    [3, 'eio', false, 'aaaa,write EIO'],
    [3, 'full', false, 'aaaa,write ENOSPC'],
    [3, 'full', true, 'aaaa,write ENOSPC,flush ENOSPC'],
    // What got through in part is gone on with.
    [3, 'short', false, 'bbaa'],
    [3, 'short', true, 'baaa,short,flush EIO'],
    [4, 'eio', false, 'bbaa,flush EIO'],
    [2, 'lost', false, 'aaaa,flush EIO'],
  ])('call %i %s, for good: %s: %s', (failAt, manner, isPersistent, expected) => {
    expect(played(failAt, manner, isPersistent)).toBe(expected);
  });
});

describe.skipIf(!hasCompiler())('a store whose disk fails', () => {
  it('has everything that was acknowledged, and takes new work when the disk is well', async () => {
    const report = await runIo({ seeds: [7], acts: 8, stride: 29 });
    expect(report.failures).toEqual([]);
    expect(report).toMatchObject({ lost: 0, half: 0, corruptOpens: 0, otherErrors: 0, crashes: 0, stuck: 0 });
    expect(isIoClean(report)).toBe(true);
    expect(isIoClean({ ...report, lost: 1 })).toBe(false);
  });

  it('and an act that is gone would be found out', () => {
    expect(isSearchGood()).toBe(true);
  });
});
