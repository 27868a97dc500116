// What a kiosk tells the centre of itself, by the outbox like everything else: how its devices are, what went wrong, where its audit log
// stands. Bounded on purpose: a contact that rattles all night must not fill the disk that cases need.
//
//   device status ─(settled)─▶ device.stateChanged      damage, crash, disk, clock ─▶ incident.reported
//   audit log ─(hourly, at sign-out)─▶ audit.headNoted      openings, checks by staff ─▶ locker.opened, inspection.done

import { randomUUID } from 'node:crypto';
import { steadyNow, type Clock } from '../../devices/kit/clock.ts';
import { fail, ok, type Result } from '../../devices/kit/result.ts';
import type { DeviceStatus } from '../../devices/kit/status.ts';
import type { Verdict } from '../contract/console.ts';
import type { incidentTypes } from '../contract/intake.ts';
import type { Store } from '../store/open.ts';
import type { HallDevice, HallDevices } from './hall-devices.ts';

export type IncidentType = (typeof incidentTypes)[number];

export type Reports = {
  /** Says whether it is in the outbox: there is a limit an hour and type, and one a day. */
  incident(type: IncidentType, detail: string): boolean;
  /** A depositor's, or staff's by hand. `openingId`, a UUIDv7: an opening that may be told again after a restart. */
  cellOpened(opening: {
    by: 'depositor' | 'staff';
    cell: number;
    reason?: string;
    depositId?: string;
    caseId?: string;
    openingId?: string;
  }): void;
  /** Staff looked at a device and found this. */
  inspected(what: string, verdict: Verdict): void;
  /** Tells the head if the log grew since the last time. */
  auditHead(): void;
  stop(): void;
};

export type ReportsOptions = {
  store: Pick<Store, 'enqueue' | 'auditHead' | 'note' | 'setNote' | 'transact'>;
  devices: Pick<HallDevices, 'onChange'>;
  clock: Clock;
  wake(): void;
  log(event: string, detail?: Record<string, unknown>): void;
};

/** A state that lasts so long is told; what comes and goes faster belongs to the work. */
export const settleMs = 10_000;
export const changesAnHour = 6;
export const incidentsAnHour = 6;
export const headEveryMs = 3_600_000;
/** Of what a kiosk tells by itself, a day and over all restarts: a host that dies every minute must not fill the disk either. */
export const newsADay = 300;
const hourMs = 3_600_000;
const newsNote = 'newsToday';
const headNote = 'auditHeadTold';

/** `busy` is our own doing and `userError` the citizen's; both mean that the device works. */
const conditionOf = ({ state, faults }: DeviceStatus): { state: DeviceStatus['state']; fault?: string } => ({
  state: state === 'busy' || state === 'userError' ? 'online' : state,
  ...(faults[0] && faults[0].who !== 'citizen' ? { fault: faults[0].code } : {}),
});

/** So many an hour and name; more are counted and not told. */
const createQuota = (clock: Clock, most: number): ((name: string) => boolean) => {
  const taken = new Map<string, number[]>();
  return (name) => {
    const now = steadyNow(clock);
    const recent = (taken.get(name) ?? []).filter((ms) => now - ms < hourMs);
    const isFree = recent.length < most;
    taken.set(name, isFree ? [...recent, now] : recent);
    return isFree;
  };
};

export const startReports = ({ store, devices, clock, wake, log }: ReportsOptions): Reports => {
  const iso = (): string => new Date(clock.now()).toISOString();
  const mayTellDevice = createQuota(clock, changesAnHour);
  const mayTellIncident = createQuota(clock, incidentsAnHour);
  const settling = new Map<string, () => void>();
  /** A device is taken to work until it is known not to. */
  const told = new Map<string, string>();
  const works = JSON.stringify({ state: 'online' });

  type Kind = Parameters<Store['enqueue']>[0];
  const put = (kind: Kind, payload: Record<string, unknown>, eventId?: string): boolean => {
    const done = store.enqueue(kind, payload, eventId === undefined ? {} : { eventId });
    if (done.ok) wake();
    else if (done.error.code !== 'idReused') log('reportNotKept', { kind, code: done.error.code });
    return done.ok;
  };

  /** What nobody did: counted in the same transaction, and silent when the day's share is used up. */
  const putNews = (kind: Kind, payload: Record<string, unknown>): boolean => {
    const today = iso().slice(0, 10);
    const [day, count] = (store.note(newsNote) ?? '').split('|');
    const before = day === today ? Number(count) : 0;
    if (before >= newsADay) {
      log('newsFull', { kind });
      return false;
    }
    const done = store.transact((): Result<void> => {
      store.setNote(newsNote, `${today}|${before + 1}`);
      return put(kind, payload) ? ok(undefined) : fail('notKept', 'system', 'the event was not kept');
    });
    return done.ok;
  };

  const tellDevice = ({ config, device }: HallDevice): void => {
    settling.delete(config.id);
    const status = device.status();
    if (status.state === 'starting') return;
    const condition = conditionOf(status);
    const text = JSON.stringify(condition);
    if (text === (told.get(config.id) ?? works)) return;
    if (!mayTellDevice(config.id)) {
      log('deviceReportsFull', { device: config.id });
      return;
    }
    const who = condition.fault === undefined ? undefined : status.faults[0]?.who;
    const isTold = putNews('device.stateChanged', {
      changeId: randomUUID(),
      deviceId: config.id,
      kind: config.kind,
      ...condition,
      ...(who === undefined ? {} : { who }),
      changedAt: iso(),
    });
    if (isTold) told.set(config.id, text);
    if (isTold && condition.state === 'fraudAttempt') incident('deviceFraud', config.id);
  };

  const incident = (type: IncidentType, detail: string): boolean => {
    if (!mayTellIncident(type)) return false;
    return putNews('incident.reported', { incidentId: randomUUID(), type, detail: detail.slice(0, 1000), at: iso() });
  };

  const auditHead = (): void => {
    const head = store.auditHead();
    if (!head || store.note(headNote) === `${head.seq}|${head.hash}`) return;
    if (putNews('audit.headNoted', { headId: randomUUID(), ...head, notedAt: iso() }))
      store.setNote(headNote, `${head.seq}|${head.hash}`);
  };

  const stopWatching = devices.onChange((changed) => {
    settling.get(changed.config.id)?.();
    settling.set(
      changed.config.id,
      clock.after(settleMs, () => tellDevice(changed)),
    );
  });
  let stopHead = clock.after(headEveryMs, function again() {
    stopHead = clock.after(headEveryMs, again);
    auditHead();
  });

  return {
    incident,
    cellOpened: ({ cell, openingId, ...more }) =>
      // Told before a restart, it keeps the time that it was then.
      void put(
        'locker.opened',
        { openingId: openingId ?? randomUUID(), cell: String(cell), ...more, openedAt: iso() },
        openingId,
      ),
    inspected: (what, { passed, code, by, atMs }) =>
      void put('inspection.done', {
        inspectionId: randomUUID(),
        by,
        results: [{ what, passed, code: code.slice(0, 200) }],
        inspectedAt: new Date(atMs).toISOString(),
      }),
    auditHead,
    stop() {
      stopWatching();
      stopHead();
      for (const stop of settling.values()) stop();
      settling.clear();
    },
  };
};
