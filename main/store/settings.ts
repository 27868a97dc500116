// Small things that outlive a restart: which port a device hangs on, verdicts of health checks, lifetime statistics, the day's
// counts, and notes of the sync (server clock offset, pinned key). Nothing here is personal.

import type { Verdict } from '../contract/console.ts';
import { ok, type Result } from '../../devices/kit/result.ts';
import type { StoreContext } from './database.ts';
import { dayKeyAt } from './day.ts';
import type { StorageCode } from './failure.ts';

export type Today = { sessions: number; cases: number; tickets: number; ratings: number };

/** Notes that the sync keeps. */
export type NoteName =
  | 'serverOffsetMs'
  | 'receiptPublicKey'
  | 'lastSentMs'
  | 'install'
  | 'quarantined'
  | 'line'
  /** `seq|hash` of the audit log's head that the centre was told last. */
  | 'auditHeadTold'
  /** `day|count` of what the kiosk told of itself. */
  | 'newsToday'
  /** `version|expiresAtMs` of the manifest whose expiry the centre was told last. */
  | 'manifestExpiryTold'
  /** `going` while the host works, `ended` after it stopped in order. */
  | 'run';

export type Settings = {
  /** Device id to port path. */
  assignments(): Record<string, string>;
  /** `undefined` takes the assignment away. */
  assign(deviceId: string, port: string | undefined): Result<void, StorageCode>;
  saveVerdict(deviceId: string, check: string, verdict: Verdict): Result<void, StorageCode>;
  /** The last verdict of each check. */
  verdicts(deviceId: string): Record<string, Verdict>;
  /** Adds to the device's lifetime figures. */
  addStatistics(deviceId: string, increments: Readonly<Record<string, number>>): Result<void, StorageCode>;
  statistics(deviceId: string): Record<string, number>;
  /** One more visit today. Cases, tickets and ratings are counted from their own rows. */
  countSession(): Result<void, StorageCode>;
  /** Counts of a day (`2026-11-22`), today's when absent. */
  today(dayKey?: string): Today;
  note(name: NoteName): string | undefined;
  setNote(name: NoteName, value: string): Result<void, StorageCode>;
};

type VerdictRow = { check_name: string; passed: number; code: string; detail: string; at_ms: number; by_whom: string };

export const createSettings = ({ db, clock, timeZone, transact }: StoreContext): Settings => {
  const listAssignments = db.prepare<[], { device_id: string; port: string }>(
    'SELECT device_id, port FROM assignments',
  );
  const setAssignment = db.prepare<[string, string]>(
    'INSERT INTO assignments (device_id, port) VALUES (?, ?) ON CONFLICT (device_id) DO UPDATE SET port = excluded.port',
  );
  const dropAssignment = db.prepare<[string]>('DELETE FROM assignments WHERE device_id = ?');
  const setVerdict = db.prepare(
    `INSERT INTO verdicts (device_id, check_name, passed, code, detail, at_ms, by_whom) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (device_id, check_name) DO UPDATE SET passed = excluded.passed, code = excluded.code,
       detail = excluded.detail, at_ms = excluded.at_ms, by_whom = excluded.by_whom`,
  );
  const listVerdicts = db.prepare<[string], VerdictRow>('SELECT * FROM verdicts WHERE device_id = ?');
  const add = db.prepare<[string, string, number]>(
    `INSERT INTO statistics (device_id, name, value) VALUES (?, ?, ?)
     ON CONFLICT (device_id, name) DO UPDATE SET value = value + excluded.value`,
  );
  const listStatistics = db.prepare<[string], { name: string; value: number }>(
    'SELECT name, value FROM statistics WHERE device_id = ? ORDER BY name',
  );
  const addSession = db.prepare<[string]>(
    'INSERT INTO day_sessions (day, sessions) VALUES (?, 1) ON CONFLICT (day) DO UPDATE SET sessions = sessions + 1',
  );
  const counts = db.prepare<{ day: string }, Today>(
    `SELECT coalesce((SELECT sessions FROM day_sessions WHERE day = $day), 0) AS sessions,
       (SELECT count(*) FROM receipts WHERE day = $day) AS cases,
       (SELECT count(*) FROM tickets WHERE day_key = $day) AS tickets,
       (SELECT count(*) FROM ratings WHERE day = $day) AS ratings`,
  );
  const getNote = db.prepare<[string], string>('SELECT value FROM meta WHERE name = ?').pluck();
  const putNote = db.prepare<[string, string]>(
    'INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  );
  const write = (act: () => void): Result<void, StorageCode> =>
    transact(() => {
      act();
      return ok(undefined);
    });
  const noteKey = (name: NoteName): string => `note.${name}`;

  return {
    assignments: () => Object.fromEntries(listAssignments.all().map((row) => [row.device_id, row.port])),
    assign: (deviceId, port) =>
      write(() => {
        if (port === undefined) dropAssignment.run(deviceId);
        else setAssignment.run(deviceId, port);
      }),
    saveVerdict: (deviceId, check, { passed, code, detail, atMs, by }) =>
      write(() => void setVerdict.run(deviceId, check, passed ? 1 : 0, code, detail, atMs, by)),
    verdicts: (deviceId) =>
      Object.fromEntries(
        listVerdicts
          .all(deviceId)
          .map((row) => [
            row.check_name,
            { passed: row.passed === 1, code: row.code, detail: row.detail, atMs: row.at_ms, by: row.by_whom },
          ]),
      ),
    addStatistics: (deviceId, increments) =>
      write(() => {
        for (const [name, value] of Object.entries(increments)) if (value !== 0) add.run(deviceId, name, value);
      }),
    statistics: (deviceId) => Object.fromEntries(listStatistics.all(deviceId).map(({ name, value }) => [name, value])),
    countSession: () => write(() => void addSession.run(dayKeyAt(clock.now(), timeZone))),
    today: (dayKey = dayKeyAt(clock.now(), timeZone)) =>
      counts.get({ day: dayKey }) ?? { sessions: 0, cases: 0, tickets: 0, ratings: 0 },
    note: (name) => getNote.get(noteKey(name)),
    setNote: (name, value) => write(() => void putNote.run(noteKey(name), value)),
  };
};
