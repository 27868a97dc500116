// Everything that can be known about a store's file without changing it: is it whole, does every envelope open, is every scan what
// its hash says, was any sequence number lost, is the audit log the one that was written.

import { statSync } from 'node:fs';
import { verifyChain, type AuditVerdict } from './audit-chain.ts';
import { bundleChannels } from '../contract/bundles.ts';
import { createBundleReader, bundleSlots } from './bundles.ts';
import { sha256Hex } from './canonical.ts';
import { createCaseKeys, type CaseKeys } from './case-keys.ts';
import { openEvent, type EventRow } from './event-row.ts';
import { storageFailureOf } from './failure.ts';
import type { Inspected } from './inspection.ts';
import { checkTables, wrongTriggers } from './schema.ts';
import { gapsOf, lastSeqOf, nextSeqOf } from './sequence.ts';
import { scanPlaceOf, type ScanRow } from './uploads.ts';

export type Problem = {
  code:
    | 'structure'
    | 'reference'
    | 'event'
    | 'scan'
    | 'caseKey'
    | 'caseWithoutEvent'
    | 'sequenceGap'
    | 'sequenceBehind'
    | 'quarantined'
    /** What came down from the centre; the next round brings it again. */
    | 'bundle'
    | 'audit';
  /** Table and row, in the store's own terms. */
  where: string;
  detail: string;
};

export type StoreCounts = {
  cases: number;
  events: number;
  deadLetters: number;
  scans: number;
  receipts: number;
  drafts: number;
  quarantined: number;
  auditLines: number;
};

export type CheckReport = {
  path: string;
  bytes: number;
  version: number;
  kioskId: string;
  epoch: string;
  /** The copy was restored at some time: its numbers count in an epoch of their own. */
  isRestored: boolean;
  counts: StoreCounts;
  audit: AuditVerdict;
  problems: Problem[];
};

export const countsOf = ({ db }: Pick<Inspected, 'db'>): StoreCounts => {
  const count = (sql: string): number => db.prepare<[], number>(`SELECT count(*) FROM ${sql}`).pluck().get() ?? 0;
  return {
    cases: count('cases'),
    events: count("outbox WHERE state = 'waiting'"),
    deadLetters: count("outbox WHERE state = 'dead'"),
    scans: count('blobs'),
    receipts: count('central_receipts'),
    drafts: count('vault_sessions'),
    quarantined: count('quarantine'),
    auditLines: count('audit'),
  };
};

type Note = (code: Problem['code'], where: string, detail: string) => void;

const checkStructure = ({ db }: Inspected, note: Note): void => {
  const tables = checkTables(db);
  if (!tables.ok) note('structure', 'tables', tables.error.message);
  for (const name of wrongTriggers(db)) note('structure', `trigger ${name}`, 'it is gone or changed');
  for (const verdict of db.prepare<[], string>('PRAGMA integrity_check(100)').pluck().all())
    if (verdict !== 'ok') note('structure', 'file', verdict);
  for (const { table, rowid, parent } of db.pragma('foreign_key_check') as {
    table: string;
    rowid: number;
    parent: string;
  }[])
    note('reference', `${table} row ${rowid}`, `its row in ${parent} is missing`);
};

const checkEvents = (file: Inspected, caseKeys: Pick<CaseKeys, 'of'>, note: Note): void => {
  for (const row of file.db.prepare<[], EventRow>('SELECT * FROM outbox ORDER BY seq').iterate()) {
    const opened = openEvent(file, caseKeys, row);
    if (!opened.ok) note('event', `event ${row.seq} (${row.kind})`, opened.error.message);
  }
};

const checkScans = (file: Inspected, caseKeys: Pick<CaseKeys, 'of'>, note: Note): void => {
  const scans = file.db.prepare<[], ScanRow & { sha256: string }>(
    'SELECT b.case_id, b.sha256, c.seq, b.media_type, b.bytes, b.chunks FROM blobs b JOIN cases c ON c.case_id = b.case_id',
  );
  const chunks = file.db.prepare<[string, string], { chunk: number; sealed: Buffer }>(
    'SELECT chunk, sealed FROM blob_chunks WHERE case_id = ? AND sha256 = ? ORDER BY chunk',
  );
  for (const row of scans.iterate()) {
    const where = `scan ${row.sha256.slice(0, 12)} of case row ${row.seq}`;
    const key = caseKeys.of(row.case_id);
    if (!key.ok) {
      note('caseKey', where, key.error.message);
      continue;
    }
    const parts: Buffer[] = [];
    for (const { chunk, sealed } of chunks.all(row.case_id, row.sha256)) {
      const plain = file.sealer.open(key.value, sealed, scanPlaceOf(row, row.sha256, chunk));
      if (plain.ok) parts.push(plain.value);
      else note('scan', where, plain.error.message);
    }
    const bytes = Buffer.concat(parts);
    if (bytes.length !== row.bytes) note('scan', where, `${bytes.length} of ${row.bytes} bytes can be read`);
    else if (sha256Hex(bytes) !== row.sha256) note('scan', where, 'it is not what its hash says');
  }
};

const checkCases = ({ db }: Inspected, note: Note): void => {
  const orphans = db
    .prepare<[], number>(
      `SELECT seq FROM cases c WHERE state = 'savedHere' AND NOT EXISTS (
         SELECT 1 FROM outbox o WHERE o.event_id = c.event_id) ORDER BY seq`,
    )
    .pluck();
  for (const seq of orphans.iterate())
    note('caseWithoutEvent', `case row ${seq}`, 'nothing will bring it to the centre');
};

const checkSequence = ({ db }: Inspected, note: Note): void => {
  const [next, last] = [nextSeqOf(db), lastSeqOf(db)];
  if (!(next > last)) note('sequenceBehind', `counter ${next}`, `${last} was given already`);
  for (const { from, to } of gapsOf(db))
    note('sequenceGap', from === to ? `event ${from}` : `events ${from}-${to}`, 'it was given a number and is nowhere');
};

const checkQuarantine = ({ db }: Inspected, note: Note): void => {
  const rows = db.prepare<[], { source: string; seq: number; kind: string; reason: string }>(
    'SELECT source, seq, kind, reason FROM quarantine ORDER BY seq, id',
  );
  for (const { source, seq, kind, reason } of rows.iterate()) note('quarantined', `${source} ${seq} (${kind})`, reason);
};

const checkBundles = (file: Inspected, note: Note): void => {
  const reader = createBundleReader(file, ({ where, reason }) => note('bundle', where, reason));
  reader.trust();
  for (const channel of bundleChannels) for (const slot of bundleSlots) reader.read(channel, slot);
};

/** Each part goes on where an earlier one found the file broken: an engineer wants the whole list. */
export const checkFile = (file: Inspected): CheckReport => {
  const problems: Problem[] = [];
  const note: Note = (code, where, detail) => void problems.push({ code, where, detail });
  const attempt = <T>(part: string, act: () => T): T | undefined => {
    try {
      return act();
    } catch (error) {
      const failure = storageFailureOf(error, file.path);
      if (!failure) throw error;
      note('structure', part, failure.message);
      return undefined;
    }
  };
  const caseKeys = createCaseKeys(file);
  attempt('file', () => checkStructure(file, note));
  attempt('outbox', () => checkEvents(file, caseKeys, note));
  attempt('scans', () => checkScans(file, caseKeys, note));
  attempt('cases', () => checkCases(file, note));
  attempt('sequence', () => checkSequence(file, note));
  attempt('quarantine', () => checkQuarantine(file, note));
  attempt('bundles', () => checkBundles(file, note));
  const audit = attempt('audit', () => verifyChain(file.db, file)) ?? {
    intact: false,
    lines: 0,
    brokenAtSeq: 1,
    how: 'changed',
  };
  if (!audit.intact) note('audit', `line ${audit.brokenAtSeq}`, audit.how);
  const empty: StoreCounts = {
    cases: 0,
    events: 0,
    deadLetters: 0,
    scans: 0,
    receipts: 0,
    drafts: 0,
    quarantined: 0,
    auditLines: 0,
  };
  return {
    path: file.path,
    bytes: statSync(file.path).size,
    version: file.version,
    kioskId: file.kioskId,
    epoch: file.epoch,
    isRestored: file.epoch !== file.sealEpoch,
    counts: attempt('counts', () => countsOf(file)) ?? empty,
    audit,
    problems,
  };
};
