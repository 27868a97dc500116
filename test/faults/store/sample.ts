// A store with something of everything in it, and what was written there, item by item, as the store itself would give it back.
//
//   writeSample ─▶ closed file ─(somebody damages a copy)─▶ openStore ─▶ readItems ─▶ compare with what was written

import { createHash } from 'node:crypto';
import { createFakeClock } from '../../../devices/kit/clock.ts';
import type { Result } from '../../../devices/kit/result.ts';
import { canonicalJson } from '../../../main/store/canonical.ts';
import type { CaseBlob } from '../../../main/store/cases.ts';
import { openStore, type Store } from '../../../main/store/open.ts';
import {
  kioskId,
  machineKey,
  morningMs,
  page,
  rating,
  submission,
  valueOf,
} from '../../../main/store/store-fixture.ts';

/** What reading gave by item: a digest, or `reported` when it was said that it cannot be read. */
export type Reading = Map<string, string>;
export const reported = 'reported';

export type Sample = {
  /** What was written: a digest each. */
  items: Map<string, string>;
  scans: string[];
  caseIds: string[];
  receiptNumbers: string[];
  ticketIds: string[];
  sessions: Record<string, string[]>;
};

const sessionKey = Buffer.alloc(32, 5);
const day = '2026-11-22';

export const openSample = (path: string): ReturnType<typeof openStore> =>
  openStore({ path, machineKey, kioskId, clock: createFakeClock(morningMs), monotonicMs: () => 5000 });

const digestOf = (value: unknown): string =>
  createHash('sha256')
    .update(value instanceof Uint8Array ? value : canonicalJson(value ?? null))
    .digest('base64');

/** Reads everything that the sample knows of, through the store's own calls. */
export const readItems = (store: Store, sample: Omit<Sample, 'items'>): Reading => {
  const reading: Reading = new Map();
  const put = (id: string, value: unknown): void => void reading.set(id, digestOf(value));
  const take = (id: string, result: Result<unknown>): void => {
    if (result.ok) put(id, result.value);
    else reading.set(id, reported);
  };
  // First what moving a damaged row into quarantine changes: the audit log gets a line, the case another state.
  // A chain that breaks at a line proves nothing of that line and those behind it.
  const verdict = store.verifyAudit();
  const goodUpTo = verdict.intact ? verdict.lines : verdict.brokenAtSeq - 1;
  for (const line of store.auditLines({ limit: 10_000 })) put(`line ${line.seq}`, line);
  if (!verdict.intact)
    for (let seq = goodUpTo + 1; seq <= goodUpTo + 1000; seq += 1) reading.set(`line ${seq}`, reported);

  for (const caseId of sample.caseIds) put(`case ${caseId}`, store.caseStatus(caseId));
  for (const number of sample.receiptNumbers) put(`receipt ${number}`, store.receiptByNumber(number));
  for (const ticketId of sample.ticketIds) put(`ticket ${ticketId}`, store.ticket(ticketId));
  for (const use of store.cellsInUse()) put(`cell ${use.cell}`, use);
  put('accounts', store.accounts());
  put('assignments', store.assignments());
  put('statistics', store.statistics('printer'));
  put('verdicts', store.verdicts('printer'));
  put('today', store.today(day));
  put('note', store.note('receiptPublicKey'));
  const seen = new Set<string>();
  for (;;) {
    const batch = store.nextBatch(100, seen);
    if (!batch.ok) throw new Error(`the outbox cannot be read: ${batch.error.message}`);
    if (batch.value.length === 0) break;
    for (const event of batch.value) {
      seen.add(event.eventId);
      put(`event ${event.seq}`, event);
    }
  }
  for (const { source, seq } of store.quarantined()) if (source === 'event') reading.set(`event ${seq}`, reported);
  for (const { seq } of store.deadLetters()) reading.set(`event ${seq}`, reported);
  for (const sha256 of sample.scans) take(`scan ${sha256}`, store.readBlob(sha256));
  for (const [sessionId, blobs] of Object.entries(sample.sessions)) {
    const vault = store.vault(sessionId, sessionKey);
    take(`draft ${sessionId}`, vault.getState());
    for (const id of blobs) take(`draft ${sessionId} ${id}`, vault.getBlob(id));
  }
  return reading;
};

/** Fills a new store, closes it, and says what stands in it. */
export const writeSample = (path: string): Sample => {
  const store = valueOf(openSample(path));
  const sample: Omit<Sample, 'items'> = { scans: [], caseIds: [], receiptNumbers: [], ticketIds: [], sessions: {} };
  // Scans of about the same size, so that flips spread over many of them.
  const cases: CaseBlob[][] = Array.from({ length: 8 }, () => [page(25_000), page(30_000)]);
  for (const pages of cases) {
    const given = submission(pages);
    const { receiptNumber } = valueOf(store.submitCase(given));
    sample.caseIds.push(given.caseId);
    sample.receiptNumbers.push(receiptNumber);
    sample.scans.push(...given.blobs.map(({ sha256 }) => sha256));
    valueOf(store.enqueue('rating.given', rating({ caseId: given.caseId }), { bind: { caseId: given.caseId } }));
  }
  for (const { sha256 } of store.pendingUploads()) valueOf(store.markUploaded(sha256));
  for (let count = 0; count < 6; count += 1) valueOf(store.enqueue('rating.given', rating()));
  for (let count = 0; count < 5; count += 1) {
    const request = { businessCode: 'TAX', prefix: 'A', priority: 'none', atMs: morningMs, dayKey: day };
    sample.ticketIds.push(valueOf(store.takeNumber(request)).ticketId);
  }
  for (const [index, caseId] of sample.caseIds.slice(0, 3).entries()) {
    const receiptNumber = sample.receiptNumbers[index] ?? '';
    const kept = valueOf(
      store.reserveCell({ cells: [1, 2, 3], caseId, receiptNumber, originals: ['租赁合同'], keepUntilMs: morningMs }),
    );
    if (index > 0) valueOf(store.confirmDeposit(kept.depositId, morningMs));
  }
  for (let count = 0; count < 10; count += 1)
    valueOf(store.audit({ who: 'wang', role: 'manager', act: 'openCell', detail: `cell ${count}`, ok: count % 3 > 0 }));
  for (const sessionId of ['visit-a', 'visit-b']) {
    const vault = store.vault(sessionId, sessionKey);
    valueOf(vault.putState({ step: 'form', name: '张三', form: { shopName: '小面馆' } }));
    const blobs = ['page-1', 'page-2'];
    for (const id of blobs) valueOf(vault.putBlob(id, page(6000).bytes));
    sample.sessions[sessionId] = blobs;
  }
  valueOf(store.seedAccounts([{ account: 'wang', name: '王', role: 'manager', pinHash: '$argon2id$x' }]));
  valueOf(store.assign('printer', '/dev/ttyS3'));
  valueOf(store.addStatistics('printer', { tickets: 41 }));
  valueOf(store.saveVerdict('printer', 'paper', { passed: true, code: 'ok', detail: '', atMs: morningMs, by: 'wang' }));
  valueOf(store.countSession());
  valueOf(store.setNote('receiptPublicKey', 'MCowBQYDK2VwAyEA'));
  const reading = readItems(store, sample);
  store.close();
  if ([...reading.values()].includes(reported)) throw new Error('the sample does not read back whole');
  return { ...sample, items: reading };
};
