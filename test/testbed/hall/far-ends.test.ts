import { expect, it } from 'vitest';
import { farEndOfDriver, farEnds, UsageError } from './far-ends.ts';

it('serves the far end of every driver that stands on a wire', async () => {
  const served = (await farEnds()).filter(({ isServed }) => isServed);
  expect(served.length).toBeGreaterThan(5);
  for (const { kind, name } of served) expect((await farEndOfDriver(kind, name)).baudRate).toBeGreaterThan(0);
});

it('a driver’s first rehearsal stands for the driver', async () => {
  const [first] = (await farEnds()).filter(({ isServed, name }) => isServed && name.includes('/'));
  const [driver = ''] = first?.name.split('/') ?? [];
  expect(await farEndOfDriver(first?.kind ?? '', driver)).toBeDefined();
});

it('says what there is when a driver is not known, and why a HID device has no tty', async () => {
  await expect(farEndOfDriver('locker', 'nobody')).rejects.toThrow(UsageError);
  const [overHid] = (await farEnds()).filter(({ isServed }) => !isServed);
  await expect(farEndOfDriver(overHid?.kind ?? '', overHid?.name ?? '')).rejects.toThrow(UsageError);
});
