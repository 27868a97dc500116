// Old configuration files are brought up to the present version in memory, one step a version; the file itself is never rewritten.
//
//   file of version 3 ─▶ steps[3] ─▶ version 4 ─▶ steps[4] ─▶ … ─▶ present version ─▶ schema
//
// Version 1 is the first that was ever in use, so there is no step yet. A step is a pure function in a file of its own, named by
// the version that it reads (`from-1.ts`), with a real file of that version as its test's fixture.

import type { Problem } from '../problem.ts';
import { childOf } from '../schema-tree.ts';
import { configVersion } from '../schema.ts';

/** Reads a file of version `from` and answers one of version `from + 1`. It must carry over everything that it does not change. */
export type MigrationStep = { from: number; migrate(old: Record<string, unknown>): Record<string, unknown> };

export const migrationSteps: readonly MigrationStep[] = [];

export type Migrated = { ok: true; value: unknown; from: number } | { ok: false; problem: Problem };

const refuse = (found: string, zh: string, en: string, known: number): Migrated => ({
  ok: false,
  problem: { path: 'version', found, allowed: String(known), message: { zh, en } },
});

/** `steps` and `known` are parameters for tests; the kiosk uses its own. */
export const migrateConfig = (
  raw: Record<string, unknown>,
  steps: readonly MigrationStep[] = migrationSteps,
  known: number = configVersion,
): Migrated => {
  const version = childOf(raw, 'version');
  if (version === undefined) {
    return refuse(
      '',
      `缺少版本号，请写 "version": ${known}`,
      `the version is missing; write "version": ${known}`,
      known,
    );
  }
  if (typeof version !== 'number' || !Number.isInteger(version)) {
    return refuse(
      (JSON.stringify(version) ?? '').slice(0, 60),
      `版本号应该是整数 ${known}(不加引号)`,
      `the version should be the whole number ${known}, without quotes`,
      known,
    );
  }
  if (version > known) {
    return refuse(
      String(version),
      `这个文件是版本 ${version}，本机程序只认识版本 ${known}，请先升级程序`,
      `this file is of version ${version}, this kiosk knows ${known}; update the kiosk first`,
      known,
    );
  }
  let value = raw;
  for (let at = version; at < known; at++) {
    const step = steps.find((candidate) => candidate.from === at);
    if (!step) {
      return refuse(
        String(version),
        `这个文件是版本 ${version}，本机程序认识版本 ${known}，没有从版本 ${at} 升级的办法`,
        `this file is of version ${version}, this kiosk knows ${known}, and there is no way up from version ${at}`,
        known,
      );
    }
    value = { ...step.migrate(value), version: at + 1 };
  }
  return { ok: true, value, from: version };
};
