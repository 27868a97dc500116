// Sessions of people whose numbers and names are known to the campaign, through the real store, vault and log, and ended; then every
// byte that lies on the disk is searched for them: database, write-ahead log, shared memory, temporary files, logs.
//
//   draft and pages in the vault ─▶ half of them submit a case ─▶ half of those are signed for by the centre ─▶ session wiped ─▶ search

import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, type Logger } from '../../../main/host/logging.ts';
import { canonicalJson, sha256Hex } from '../../../main/store/canonical.ts';
import type { CaseBlob } from '../../../main/store/cases.ts';
import { openStore, type Store } from '../../../main/store/open.ts';
import { kioskId, machineKey, valueOf } from '../../../main/store/store-fixture.ts';
import { createRandom, seedOf, type Random } from '../random.ts';
import { searchFiles, type Needle } from './search-bytes.ts';

export type LeftoversReport = {
  sessions: number;
  submitted: number;
  /** Cases that the centre signed for: their scans and keys are deleted. */
  released: number;
  /** Files and bytes that were read through, with the store open and after it was closed. */
  files: number;
  searched: number;
  needles: number;
  found: number;
  /** A needle that was put down on purpose was found by the same search. */
  isSearchGood: boolean;
  /** From the end of a session to the end of its wipe. */
  slowestWipeMs: number;
  failures: string[];
};

export const isLeftoversClean = (report: LeftoversReport): boolean =>
  report.sessions > 0 &&
  report.searched > 0 &&
  report.isSearchGood &&
  report.found === 0 &&
  report.failures.length === 0;

export type Person = { name: string; idNumber: string; phone: string; address: string };

const surnames = ['欧阳', '诸葛', '司马', '上官', '夏侯', '东方', '皇甫', '尉迟', '公孙', '慕容'];
const given = '懿骁瑾璇玥翊晟翀祎赟彧璟珩曦昀羿骞鋆';

/** A person who does not exist, with a number whose check digit is right (GB 11643). */
export const inventPerson = (random: Random): Person => {
  const pick = (text: string): string => text[random.below(text.length)] ?? '';
  const digits = (count: number): string => Array.from({ length: count }, () => random.below(10)).join('');
  const body = `420704${1950 + random.below(55)}${String(1 + random.below(12)).padStart(2, '0')}${String(1 + random.below(28)).padStart(2, '0')}${digits(3)}`;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, index) => total + weight * Number(body[index]), 0);
  return {
    name: `${surnames[random.below(surnames.length)]}${pick(given)}${pick(given)}${pick(given)}`,
    idNumber: `${body}${'10X98765432'[sum % 11]}`,
    phone: `139${digits(8)}`,
    address: `鄂州市鄂城区${pick(given)}${pick(given)}路${random.below(9999)}号`,
  };
};

/** How a text may lie on a disk: as it is, in UTF-16, in base64 at each of its three offsets, in hexadecimal. */
const formsOf = (text: string, what: string): Needle[] => {
  const plain = Buffer.from(text, 'utf8');
  const base64 = [0, 1, 2].map((offset) => {
    const whole = Buffer.concat([Buffer.alloc(offset), plain])
      .toString('base64')
      .replaceAll('=', '');
    // The first and the last characters hang on what stands beside.
    return Buffer.from(whole.slice(offset === 0 ? 0 : 4, -2));
  });
  return [plain, Buffer.from(text, 'utf16le'), ...base64, Buffer.from(plain.toString('hex'))].map((bytes) => ({
    bytes,
    what,
  }));
};

export const needlesOf = (person: Person, session: number): Needle[] =>
  Object.entries(person).flatMap(([part, text]) => formsOf(text, `${part} of session ${session}`));

const sheet = (person: Person, random: Random): CaseBlob => {
  // A page as a scanner would make it, with the person's words in it as in a PDF's text or a picture's comment.
  const text = Buffer.from(`/Comment (${person.name} ${person.idNumber} ${person.phone} ${person.address})`);
  const bytes = Buffer.concat([randomBytes(500 + random.below(6000)), text, randomBytes(300)]);
  return { sha256: sha256Hex(bytes), mediaType: 'image/jpeg', bytes };
};

const submit = (store: Store, sessionId: string, person: Person, pages: readonly CaseBlob[]): string => {
  const caseId = randomUUID();
  const [first, ...rest] = pages;
  const at = new Date().toISOString();
  valueOf(
    store.submitCase({
      caseId,
      sessionId,
      blobs: pages,
      build: (receiptNumber) => ({
        caseId,
        receiptNumber,
        itemCode: 'OPEN-RESTAURANT',
        catalogueVersion: 1,
        applicant: {
          name: person.name,
          idType: 'residentIdCard',
          idNumber: person.idNumber,
          verifiedBy: 'idCardReader',
          address: person.address,
        },
        form: { phone: person.phone, shopName: `${person.name}面馆` },
        materials: [
          {
            materialId: 'lease',
            name: '租赁合同',
            way: 'scanner',
            pages: rest.map(({ sha256, mediaType, bytes }) => ({ sha256, mediaType, bytes: bytes.length })),
          },
        ],
        signature: { digest: sha256Hex(canonicalJson(person)), imageSha256: first?.sha256 ?? '', signedAt: at },
        submittedAt: at,
      }),
    }),
  );
  return caseId;
};

/** The centre has everything of the case: its scans first, then its signature under the event. */
const release = (store: Store, pages: readonly CaseBlob[], caseId: string): void => {
  for (const { sha256 } of pages) valueOf(store.markUploaded(sha256));
  const event = valueOf(store.nextBatch(100)).find(({ payload }) => payload['caseId'] === caseId);
  if (!event) throw new Error('the case is not on its way');
  const { eventId, payloadSha256 } = event;
  const receipt = { receivedAt: new Date().toISOString(), payloadSha256, signature: 'c2ln' };
  valueOf(store.settle(eventId, { eventId, status: 'accepted', receipt }));
};

/** Waits until the line of that session stands in the log's file: only what is on the disk can be found there. */
const untilLogged = async (folder: string, session: number): Promise<void> => {
  for (let tries = 0; tries < 1000; tries += 1) {
    const lines = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    if (lines.join('').includes(`"attempt":${session},`)) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error('the log is not written');
};

const playSession = (
  store: Store,
  logger: Logger,
  person: Person,
  index: number,
  random: Random,
  report: LeftoversReport,
) => {
  const sessionId = randomUUID();
  const pages = [sheet(person, random), sheet(person, random)];
  const vault = store.vault(sessionId, randomBytes(32));
  const card = { name: person.name, number: person.idNumber, address: person.address };
  // As the host logs: events with codes. What would be a mistake, a whole card in a line, must be blanked.
  logger.info({ event: 'cardRead', attempt: index, card });
  logger.warn({ event: 'formRefused', form: { phone: person.phone }, person: card });
  for (let step = 0; step < 3; step += 1)
    valueOf(vault.putState({ id: sessionId, step, card, form: { phone: person.phone, name: person.name } }));
  for (const [at, { bytes }] of pages.entries()) valueOf(vault.putBlob(`page-${at}`, bytes));
  if (index % 2 === 0) {
    const caseId = submit(store, sessionId, person, pages);
    report.submitted += 1;
    if (index % 4 === 0) {
      release(store, pages, caseId);
      report.released += 1;
    }
  }
  valueOf(store.audit({ who: 'system', role: 'system', act: 'sessionEnded', detail: `step ${index % 3}`, ok: true }));
  const endedMs = performance.now();
  valueOf(store.wipeSession(sessionId));
  report.slowestWipeMs = Math.max(report.slowestWipeMs, Math.round(performance.now() - endedMs));
};

export const runLeftovers = async (
  sessions: number,
  seed: number,
  tell: (done: number, of: number) => void,
): Promise<LeftoversReport> => {
  const report: LeftoversReport = {
    sessions: 0,
    submitted: 0,
    released: 0,
    files: 0,
    searched: 0,
    needles: 0,
    found: 0,
    isSearchGood: false,
    slowestWipeMs: 0,
    failures: [],
  };
  const folder = mkdtempSync(join(tmpdir(), 'leftovers-'));
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary);
  // SQLite and everybody else puts temporary files where these say: into the folder that is searched.
  const before = { TMPDIR: process.env['TMPDIR'], SQLITE_TMPDIR: process.env['SQLITE_TMPDIR'] };
  Object.assign(process.env, { TMPDIR: temporary, SQLITE_TMPDIR: temporary });
  try {
    const store = valueOf(openStore({ path: join(folder, 'kiosk.db'), machineKey, kioskId }));
    const logs = join(folder, 'logs');
    const logger = createLogger(logs, 'debug');
    const needles: Needle[] = [];
    const search = (when: string): void => {
      const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name));
      const { bytes, hits } = searchFiles(paths, needles);
      report.files += paths.length;
      report.searched += bytes;
      report.found += hits.length;
      for (const { path, at, what } of hits.slice(0, 10)) report.failures.push(`${when}: ${what} in ${path} at ${at}`);
    };
    const every = Math.max(1, Math.ceil(sessions / 10));
    for (let index = 0; index < sessions; index += 1) {
      const random = createRandom(seedOf(`${seed} session ${index}`));
      const person = inventPerson(random);
      needles.push(...needlesOf(person, index));
      playSession(store, logger, person, index, random, report);
      report.sessions += 1;
      if ((index + 1) % every > 0) continue;
      await untilLogged(logs, index);
      search(`after session ${index}`);
      tell(index + 1, sessions);
    }
    search('while the store is open');
    valueOf(await store.backup(join(folder, 'backup.db')));
    store.close();
    search('after the store was closed');
    report.needles = needles.length;
    // The search itself: what is put down on purpose must turn up.
    const planted = join(folder, 'planted');
    const needle = needles[needles.length >> 1]?.bytes ?? Buffer.alloc(0);
    writeFileSync(planted, Buffer.concat([randomBytes(70_001), needle, randomBytes(99)]));
    report.isSearchGood = searchFiles([planted], needles).hits.some(({ at }) => at === 70_001);
    // And what is on the disk only sealed is there: the store is not empty because nothing was written.
    if (readFileSync(join(folder, 'kiosk.db')).length < sessions * 1000)
      report.failures.push('hardly anything was written');
  } finally {
    for (const [name, value] of Object.entries(before))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    rmSync(folder, { recursive: true, force: true });
  }
  return report;
};
