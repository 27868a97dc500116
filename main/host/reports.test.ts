import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../devices/kit/clock.ts';
import type { DeviceStatus } from '../../devices/kit/status.ts';
import type { IntakeEvent } from '../contract/intake.ts';
import { createPlace, morningMs, valueOf } from '../store/store-fixture.ts';
import type { HallDevice } from './hall-devices.ts';
import { uuidV7 } from '../store/uuid.ts';
import { changesAnHour, headEveryMs, newsADay, settleMs, startReports, type Reports } from './reports.ts';

const online: DeviceStatus = { state: 'online', faults: [], sinceMs: 0 };
const paperOut: DeviceStatus = { state: 'hardwareError', faults: [{ code: 'paperOut', who: 'hall' }], sinceMs: 0 };

const createBench = () => {
  const place = createPlace();
  const clock = createFakeClock(morningMs);
  const store = valueOf(place.open({ clock }));
  let status = online;
  let listener: ((changed: HallDevice) => void) | undefined;
  const printer = {
    config: { id: 'printer', kind: 'ticket-printer' },
    device: { status: () => status },
  } as unknown as HallDevice;
  const start = (): Reports =>
    startReports({
      store,
      devices: {
        onChange(given) {
          listener = given;
          return () => (listener = undefined);
        },
      },
      clock,
      wake: () => undefined,
      log: () => undefined,
    });
  let reports = start();
  return {
    store,
    clock,
    get reports() {
      return reports;
    },
    /** As a host that died and came back with the same store. */
    restart(): void {
      reports.stop();
      reports = start();
    },
    become(next: DeviceStatus): void {
      status = next;
      listener?.(printer);
    },
    events: (): IntakeEvent[] => valueOf(store.nextBatch(500)),
    [Symbol.dispose]() {
      reports.stop();
      place[Symbol.dispose]();
    },
  };
};

describe('a device', () => {
  it('is told when it failed and when it is well again, once each', async () => {
    using bench = createBench();
    bench.become(paperOut);
    await bench.clock.advance(settleMs);
    bench.become(paperOut);
    await bench.clock.advance(settleMs);
    bench.become(online);
    await bench.clock.advance(settleMs);
    expect(bench.events().map(({ payload }) => [payload['state'], payload['fault'], payload['who']])).toEqual([
      ['hardwareError', 'paperOut', 'hall'],
      ['online', undefined, undefined],
    ]);
  });

  it('is not told while it works, starts or waits for a citizen', async () => {
    using bench = createBench();
    for (const state of ['starting', 'online', 'busy', 'userError'] as const) {
      bench.become({ state, faults: [{ code: 'takeCard', who: 'citizen' }], sinceMs: 0 });
      await bench.clock.advance(settleMs);
    }
    expect(bench.events()).toEqual([]);
  });

  it('that comes and goes within seconds is not told at all', async () => {
    using bench = createBench();
    for (let time = 0; time < 100; time += 1) {
      bench.become(time % 2 === 0 ? paperOut : online);
      await bench.clock.advance(settleMs - 1000);
    }
    await bench.clock.advance(settleMs);
    expect(bench.events()).toEqual([]);
  });

  it('that rattles all night fills no disk, and its state of the next hour is told again', async () => {
    using bench = createBench();
    const rattle = async (times: number): Promise<void> => {
      for (let time = 0; time < times; time += 1) {
        bench.become(time % 2 === 0 ? paperOut : online);
        await bench.clock.advance(settleMs);
      }
    };
    await rattle(100);
    expect(bench.events()).toHaveLength(changesAnHour);
    await bench.clock.advance(3_600_000);
    await rattle(1);
    expect(bench.events().at(-1)?.payload).toMatchObject({ state: 'hardwareError' });
  });
});

describe('the audit log', () => {
  it('has its head told when it grew, and only then, over a restart too', async () => {
    using bench = createBench();
    const heads = (): unknown[] =>
      bench
        .events()
        .filter(({ kind }) => kind === 'audit.headNoted')
        .map(({ payload }) => payload['seq']);
    bench.reports.auditHead();
    expect(heads()).toEqual([]);
    valueOf(bench.store.audit({ who: 'wang', role: 'manager', act: 'openCell', detail: 'cell 1', ok: true }));
    bench.reports.auditHead();
    bench.reports.auditHead();
    await bench.clock.advance(headEveryMs);
    expect(heads()).toEqual([1]);
    valueOf(bench.store.audit({ who: 'wang', role: 'manager', act: 'openCell', detail: 'cell 2', ok: true }));
    await bench.clock.advance(headEveryMs);
    expect(heads()).toEqual([1, 2]);
    expect(bench.events().at(-1)?.payload['hash']).toBe(bench.store.auditHead()?.hash);
  });
});

it('incidents of one kind are told a few times an hour', () => {
  using bench = createBench();
  for (let time = 0; time < 50; time += 1) bench.reports.incident('storeDamaged', `row ${time}`);
  bench.reports.incident('hostCrashed', 'came back');
  expect(bench.events().map(({ payload }) => payload['type'])).toEqual([
    ...Array.from({ length: 6 }, () => 'storeDamaged'),
    'hostCrashed',
  ]);
});

describe('a host that dies again and again', () => {
  it('tells so much a day and no more, and goes on the day after', async () => {
    using bench = createBench();
    for (let time = 0; time < newsADay + 50; time += 1) {
      bench.restart();
      bench.reports.incident('hostCrashed', 'came back');
    }
    expect(bench.events()).toHaveLength(newsADay);
    await bench.clock.advance(24 * 3_600_000);
    bench.reports.incident('hostCrashed', 'came back');
    expect(bench.events()).toHaveLength(newsADay + 1);
  });

  it('still tells what people did', () => {
    using bench = createBench();
    for (let time = 0; time < newsADay; time += 1) {
      bench.restart();
      bench.reports.incident('hostCrashed', 'came back');
    }
    bench.reports.cellOpened({ by: 'staff', cell: 3, reason: '门卡住了' });
    const verdict = { passed: false, code: 'paperOut', detail: '', atMs: morningMs, by: 'engineer' };
    bench.reports.inspected('printer print', verdict);
    const told = bench.events().slice(newsADay);
    expect(told.map(({ kind }) => kind)).toEqual(['locker.opened', 'inspection.done']);
    expect(told[0]?.payload).toMatchObject({ by: 'staff', cell: '3', reason: '门卡住了' });
    expect(told[1]?.payload).toMatchObject({
      by: 'engineer',
      results: [{ what: 'printer print', passed: false, code: 'paperOut' }],
    });
  });
});

it('an opening that is told again after a restart stands there once, with its first time', async () => {
  using bench = createBench();
  const openingId = uuidV7(morningMs);
  const opening = { by: 'depositor', cell: 7, openingId } as const;
  bench.reports.cellOpened(opening);
  await bench.clock.advance(5000);
  bench.restart();
  bench.reports.cellOpened(opening);
  expect(bench.events().map(({ payload }) => [payload['openingId'], payload['openedAt']])).toEqual([
    [openingId, new Date(morningMs).toISOString()],
  ]);
});
