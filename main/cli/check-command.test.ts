import { describe, expect, test } from 'vitest';
import type { CheckScope, HealthCheck } from '../../devices/kit/device.ts';
import { askYesNo, chosenChecks, devicesCheck } from './check-command.ts';
import { createTestIo } from './test-io.ts';

const check = (name: string, scope: CheckScope): HealthCheck => ({
  name,
  scope,
  title: { zh: name, en: name },
  run: () => Promise.resolve({ passed: true, code: 'ok', detail: '' }),
});
const checks = [check('status', 'internal'), check('ticket', 'external'), check('readable', 'interactive')];
const names = (wish: Parameters<typeof chosenChecks>[1]): string[] =>
  chosenChecks(checks, wish).map(({ name }) => name);

test('nothing prints, beeps or opens unless it was asked for', () => {
  expect(names({})).toEqual(['status']);
  expect(names({ scope: 'external' })).toEqual(['ticket']);
  expect(names({ name: 'readable' })).toEqual(['readable']);
  expect(names({ name: 'nothing' })).toEqual([]);
});

describe('a question at the terminal', () => {
  test.each([
    [['y'], true],
    [['是'], true],
    [['no'], false],
    [['maybe', 'YES '], true],
  ] as const)('%j', async (answers, isYes) => {
    expect(await askYesNo('Seen?', createTestIo({}, [...answers]))).toBe(isYes);
  });
  test('nobody there counts as no', async () => {
    expect(await askYesNo('Seen?', createTestIo())).toBe(false);
  });
});

const example = new URL('../../kiosk-config/examples/hall.json', import.meta.url).pathname;
const run = (wanted: string, values: Record<string, string>, io = createTestIo()) =>
  devicesCheck
    .run({ positionals: [wanted], values, isJson: false }, io)
    .then((code) => ({ code, said: io.errLines.join() }));

test('called wrongly, it touches no device and says what there is', async () => {
  expect(await run('locker', {})).toMatchObject({ code: 2 });
  expect(await run('locker', { config: example, scope: 'loud' })).toMatchObject({ code: 2 });
  const unknown = await run('fridge', { config: example });
  expect(unknown.code).toBe(2);
  expect(unknown.said).toContain('ticket-printer');
});
