import { describe, expect, test } from 'vitest';
import { migrateConfig, type MigrationStep } from './migrate.ts';

const steps: readonly MigrationStep[] = [
  { from: 1, migrate: ({ hall, ...rest }) => ({ ...rest, kiosk: { hall } }) },
  { from: 2, migrate: (old) => ({ ...old, printing: {} }) },
];

describe('migrateConfig', () => {
  test('takes a file of the present version as it is', () => {
    const raw = { version: 1, kiosk: {} };
    expect(migrateConfig(raw)).toEqual({ ok: true, value: raw, from: 1 });
  });

  test('walks up one version at a time and leaves the file’s own value alone', () => {
    const raw = { version: 1, hall: 'east' };
    expect(migrateConfig(raw, steps, 3)).toEqual({
      ok: true,
      value: { version: 3, kiosk: { hall: 'east' }, printing: {} },
      from: 1,
    });
    expect(raw).toEqual({ version: 1, hall: 'east' });
  });

  test.each([
    [{ version: 7 }, 'this file is of version 7, this kiosk knows 1; update the kiosk first'],
    [{ version: 0 }, 'this file is of version 0, this kiosk knows 1, and there is no way up from version 0'],
    [{}, 'the version is missing; write "version": 1'],
    [{ version: '1' }, 'the version should be the whole number 1, without quotes'],
    [{ version: 1.5 }, 'the version should be the whole number 1, without quotes'],
  ])('refuses %j and says why', (raw, en) => {
    const result = migrateConfig(raw);
    expect(!result.ok && result.problem.message.en).toBe(en);
  });
});
