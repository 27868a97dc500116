// What the consoles show, gathered from the live kiosk.

import type { ConsoleCell, ConsoleDevice, ConsoleOutbox, ConsolePort, ConsoleView } from '../contract/console.ts';
import type { LockerReply } from '../../devices/locker/api.ts';
import type { Result } from '../../devices/kit/result.ts';
import type { HallDevice } from '../host/hall-devices.ts';
import type { Kiosk } from '../host/kiosk.ts';
import { faultView } from '../host/world.ts';

export const version = '0.1.0';

const deviceOf = ({ config, device, driver }: HallDevice, kiosk: Kiosk): ConsoleDevice => {
  const status = device.status();
  const verdicts = kiosk.store.verdicts(config.id);
  const identity = device.identity();
  return {
    id: config.id,
    kind: config.kind,
    driver: driver.driver,
    name: config.name,
    link: device.transportName,
    place: config.place,
    required: config.required,
    state: status.state,
    faults: status.faults.map(({ code }) => faultView(code, device.faultTexts)),
    sinceMs: status.sinceMs,
    identity: { ...identity, capabilities: [...identity.capabilities] },
    statistics: kiosk.store.statistics(config.id),
    checks: device.checks.map(({ name, scope, title }) => {
      const last = verdicts[name];
      return { name, scope, title, ...(last ? { last } : {}) };
    }),
  };
};

export type Doors = Map<number, 'open' | 'closed' | 'unknown'>;

/** Asks the board once; doors that it does not name stay unknown. */
export const askDoors = async (kiosk: Kiosk, id: string): Promise<Doors> => {
  const device = kiosk.devices.ofKind('locker')?.device;
  if (!device) return new Map();
  const answer = (await device.execute({ type: 'queryCells' }, { id, timeoutMs: 5000 })) as Result<LockerReply>;
  if (!answer.ok || answer.value.type !== 'cells') return new Map();
  return new Map(answer.value.cells.map(({ cell, door }) => [cell, door]));
};

const cellsOf = (kiosk: Kiosk, doors: Doors): ConsoleCell[] => {
  const uses = new Map<number, ConsoleCell['use']>();
  for (const { cell, name, untilMs } of kiosk.resultsInCells())
    uses.set(cell, { purpose: 'result', name, keepUntilMs: untilMs });
  // Where the books know a deposit, no list is believed.
  for (const { cell, receiptNumber, sinceMs, keepUntilMs } of kiosk.store.cellsInUse())
    uses.set(cell, { purpose: 'deposit', receipt: receiptNumber, sinceMs, keepUntilMs });
  return kiosk.config.locker.cells.map(({ cell, label }) => {
    const use = uses.get(cell);
    return { cell, label, door: doors.get(cell) ?? 'unknown', ...(use ? { use } : {}) };
  });
};

const outboxOf = ({ sender, store }: Kiosk): ConsoleOutbox => {
  const certificate = sender.certificate();
  return {
    ...sender.status(),
    dead: store.deadLetters(),
    transfer: sender.transfer(),
    ...(certificate ? { certificate } : {}),
  };
};

export const consoleView = (kiosk: Kiosk, doors: Doors, ports: ConsolePort[]): ConsoleView => ({
  nowMs: kiosk.clock.now(),
  hall: kiosk.config.kiosk.hall,
  version,
  startedAtMs: kiosk.startedAtMs,
  devices: kiosk.devices.all().map((device) => deviceOf(device, kiosk)),
  ports,
  cells: cellsOf(kiosk, doors),
  outbox: outboxOf(kiosk),
  ...(kiosk.bundles ? { bundles: kiosk.bundles() } : {}),
  today: kiosk.store.today(),
  freeBytes: kiosk.store.freeBytes(),
  leastFreeBytes: kiosk.config.store.minFreeMb * 1024 * 1024,
});
