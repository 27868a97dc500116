import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { DriverDefinition } from '../../devices/kit/device.ts';
import { deviceMatrix } from './device-matrix.ts';
import { generatedPages } from './pages.ts';

const pages = await generatedPages();

test.each(pages.map(({ file, text }) => [basename(fileURLToPath(file)), file, text] as const))(
  '%s says what the drivers say (else run: node test/docs/write.ts)',
  (_, file, text) => {
    expect(readFileSync(file, 'utf8')).toBe(text);
  },
);

test('a driver without a probe, a rehearsal and hardware says so', () => {
  const driver: DriverDefinition = {
    driver: 'a|b',
    kind: 'locker',
    title: { zh: '板', en: 'A|B' },
    configSchema: z.never(),
    links: [],
    triedOn: [],
    commands: [],
    start: () => {
      throw new Error('not started');
    },
  };
  const row = deviceMatrix([driver], new Map())
    .split('\n')
    .find((line) => line.startsWith('| locker'));
  expect(row?.split(/ +\| +/)).toEqual(['| locker', '`a|b`', '板', 'A\\|B', '–', 'no', 'no', 'simulator only |']);
});
