// A store on a disk that fills up: what was acknowledged must be stored, what cannot be stored must be refused as `diskFull` and leave
// nothing half-done, and once there is room everything goes on.
//
//   write until nothing goes any more ─▶ verify ─▶ reopen while full ─▶ make room ─▶ write again ─▶ verify, check the whole file

import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Result } from '../../../devices/kit/result.ts';
import { checkFile } from '../../../main/store/check.ts';
import { inspectFile } from '../../../main/store/inspection.ts';
import { openStore, type Store } from '../../../main/store/open.ts';
import { kioskId, machineKey, morningMs, page, rating, submission } from '../../../main/store/store-fixture.ts';
import { uuidV7 } from '../../../main/store/uuid.ts';
import { createRandom, seedOf, type Random } from '../random.ts';
import { mountSmall, smallDiskKinds, type SmallDisk, type SmallDiskKind } from './small-disk.ts';

const counters = [
  'rounds',
  'acknowledged',
  'stored',
  'lost',
  'refused',
  /** Refused for another reason than the full disk: none is right. */
  'otherErrors',
  /** Openings while the disk was full, and how many of them the full disk refused. */
  'reopened',
  'reopenRefused',
  /** Rounds whose reserve was given up, and how many of them then finished the case that had begun. */
  'reservesUsed',
  'begunFinished',
  /** Openings on a full disk that had a reserve and were refused all the same: none is right. */
  'deadStarts',
  /** Rounds that took new work after room was made. */
  'resumed',
] as const;

export type DiskFullReport = Record<(typeof counters)[number], number> & { fileSystems: string[]; failures: string[] };

export const isDiskFullClean = (report: DiskFullReport): boolean =>
  report.acknowledged > 0 &&
  report.refused > 0 &&
  report.lost === 0 &&
  report.stored === report.acknowledged &&
  report.otherErrors === 0 &&
  report.deadStarts === 0 &&
  report.begunFinished === report.reservesUsed &&
  report.resumed === report.rounds &&
  report.failures.length === 0;

/** Something that was acknowledged, and how to see that it is there. */
type Acknowledged = { what: string; isStored(store: Store): boolean };
type Write = (store: Store, random: Random) => { result: Result<unknown>; acknowledged: Acknowledged };

const sessionKey = Buffer.alloc(32, 9);

const writeCase: Write = (store, random) => {
  const pages = [page(1 + random.below(120_000)), page(1 + random.below(5000))];
  const given = submission(pages);
  const result = store.submitCase(given);
  const receiptNumber = result.ok ? result.value.receiptNumber : '';
  return {
    result,
    acknowledged: {
      what: `case ${receiptNumber}`,
      isStored: (later) =>
        later.caseStatus(given.caseId)?.receiptNumber === receiptNumber &&
        given.blobs.every(({ sha256, bytes }) => {
          const read = later.readBlob(sha256);
          return read.ok && read.value.equals(bytes);
        }),
    },
  };
};

const writeEvent: Write = (store) => {
  const eventId = uuidV7(morningMs);
  const payload = rating();
  const result = store.enqueue('rating.given', payload, { eventId });
  return {
    result,
    acknowledged: {
      what: `event ${eventId}`,
      // Asked again with the same id, the store says that it has it.
      isStored: (later) => {
        const again = later.enqueue('rating.given', payload, { eventId });
        return again.ok && again.value.isRepeat;
      },
    },
  };
};

const writeLine: Write = (store) => {
  const detail = `cell ${randomUUID()}`;
  const result = store.audit({ who: 'wang', role: 'manager', act: 'openCell', detail, ok: true });
  const seq = result.ok ? result.value.seq : 0;
  return {
    result,
    acknowledged: {
      what: `line ${seq}`,
      isStored: (later) => later.auditLines({ beforeSeq: seq + 1, limit: 1 })[0]?.detail === detail,
    },
  };
};

const writeDraft: Write = (store, random) => {
  const sessionId = randomUUID();
  const bytes = page(1 + random.below(20_000)).bytes;
  const vault = store.vault(sessionId, sessionKey);
  const result = vault.putBlob('page', bytes);
  return {
    result,
    acknowledged: {
      what: `draft ${sessionId}`,
      isStored: (later) => {
        const read = later.vault(sessionId, sessionKey).getBlob('page');
        return read.ok && read.value.equals(bytes);
      },
    },
  };
};

const writeTicket: Write = (store) => {
  const ticketId = uuidV7(morningMs);
  const request = {
    businessCode: 'TAX',
    prefix: 'A',
    priority: 'none',
    atMs: morningMs,
    dayKey: '2026-11-22',
    ticketId,
  };
  const result = store.takeNumber(request);
  const number = result.ok ? result.value.number : '';
  return {
    result,
    acknowledged: { what: `ticket ${number}`, isStored: (later) => later.ticket(ticketId)?.number === number },
  };
};

const writes: readonly Write[] = [writeCase, writeEvent, writeLine, writeDraft, writeTicket];
/** After so many refusals in a row, of all kinds, the disk counts as full to the last page. */
const refusalsInARow = 60;
/** Far more than fit on a small disk: a store that takes them all does not say that it is full. */
const mostWrites = 5000;

/** More than the write-ahead log may hold: emptying the log into the file takes of the reserve too. */
const reserveBytes = 6 * 1024 * 1024;

const playRound = (disk: SmallDisk, random: Random, name: string, report: DiskFullReport): void => {
  const path = join(disk.folder, 'kiosk.db');
  const kept: Acknowledged[] = [];
  const fail = (what: string): void => void (report.failures.length < 20 && report.failures.push(`${name}: ${what}`));
  const open = (isRoomy = false): Result<Store> => {
    const maxBytes = isRoomy ? disk.roomyMaxBytes : disk.maxBytes;
    // A page limit is no full disk: a reserve beside the store would not help.
    const limit = maxBytes === undefined ? { reserveBytes, onReserveGivenUp: () => (isGivenUp = true) } : { maxBytes };
    return openStore({ path, machineKey, kioskId, ...limit });
  };
  const hasReserve = disk.maxBytes === undefined;
  let isGivenUp = false;
  let isBegunTried = false;
  /** Somebody had begun when the space ran out: the case is taken with what the reserve gave back. */
  const finishBegun = (store: Store): void => {
    isBegunTried = true;
    report.reservesUsed += 1;
    const { result, acknowledged } = writeCase(store, random);
    if (!result.ok) return fail(`a case that had begun was refused as ${result.error.code}`);
    report.begunFinished += 1;
    kept.push(acknowledged);
  };
  /** Writes until the disk is full, or `limit` times. */
  const write = (store: Store, limit: number): number => {
    let taken = 0;
    for (let row = 0, count = 0; row < refusalsInARow && count < limit; count += 1) {
      if (isGivenUp && !isBegunTried) finishBegun(store);
      const { result, acknowledged } = (writes[random.below(writes.length)] ?? writeEvent)(store, random);
      if (result.ok) {
        kept.push(acknowledged);
        taken += 1;
        row = 0;
        continue;
      }
      row += 1;
      if (result.error.code === 'diskFull') report.refused += 1;
      else {
        report.otherErrors += 1;
        fail(`${acknowledged.what} was refused as ${result.error.code}: ${result.error.message}`);
      }
    }
    return taken;
  };
  const missing = (store: Store, when: string): number => {
    const lost = kept.filter((one) => !one.isStored(store));
    for (const { what } of lost) fail(`${what} was acknowledged and is lost ${when}`);
    return lost.length;
  };

  const refusedBefore = report.refused;
  const first = open();
  if (!first.ok) return fail(`cannot begin: ${first.error.message}`);
  write(first.value, mostWrites);
  if (report.refused === refusedBefore) fail('never full');
  if (hasReserve && !isGivenUp) fail('the reserve was never given up');
  missing(first.value, 'while the disk is full');
  first.value.close();

  report.reopened += 1;
  const full = open();
  if (full.ok) {
    missing(full.value, 'after opening on a full disk');
    full.value.close();
  } else {
    report.reopenRefused += 1;
    report.deadStarts += Number(hasReserve);
    if (full.error.code !== 'diskFull') fail(`opening on a full disk said ${full.error.code}`);
  }

  disk.makeRoom();
  const roomy = open(true);
  if (!roomy.ok) return fail(`does not open with room: ${roomy.error.message}`);
  if (write(roomy.value, 12) > 0) report.resumed += 1;
  roomy.value.close();

  // The new work may have used it up again.
  disk.makeRoom();
  const last = open(true);
  if (!last.ok) return fail(`does not open at the end: ${last.error.message}`);
  const lost = missing(last.value, 'at the end');
  report.rounds += 1;
  report.acknowledged += kept.length;
  report.lost += lost;
  report.stored += kept.length - lost;
  last.value.close();
  const inspected = inspectFile({ path, machineKey, kioskId });
  if (!inspected.ok) return fail(`cannot be checked: ${inspected.error.message}`);
  using file = inspected.value;
  for (const { code, where, detail } of checkFile(file).problems) fail(`check: ${code} ${where}: ${detail}`);
};

const emptyReport = (): DiskFullReport => ({
  ...(Object.fromEntries(counters.map((name) => [name, 0])) as Record<(typeof counters)[number], number>),
  fileSystems: [],
  failures: [],
});

/** `rounds` on one kind of small disk; none where this machine does not let us have it. */
export const fillDisks = (kind: SmallDiskKind, rounds: number, seed: number): DiskFullReport => {
  const report = emptyReport();
  for (let round = 0; round < rounds; round += 1) {
    const random = createRandom(seedOf(`${seed} ${kind} ${round}`));
    // Room for the reserve and as much again, or it is not kept.
    const bytes = (kind === 'quota' ? 0 : 2 * reserveBytes) + 2 * 1024 * 1024 + random.below(4 * 1024 * 1024);
    const folder = mkdtempSync(join(tmpdir(), 'full-'));
    try {
      using disk = mountSmall(kind, folder, bytes);
      if (!disk) break;
      report.fileSystems = [kind];
      playRound(disk, random, `${kind} round ${round}`, report);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return report;
};

const worker = fileURLToPath(new URL('./disk-full-worker.ts', import.meta.url));

/** Each kind in a process of its own: a full disk under mapped memory can end a process, and that would be a finding. */
export const runDiskFull = async (
  rounds: number,
  seed: number,
  tell: (line: string) => void,
): Promise<DiskFullReport> => {
  const sum = emptyReport();
  for (const kind of smallDiskKinds) {
    const child = spawn(process.execPath, [worker, kind, String(rounds), String(seed)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
    const answer = await text(child.stdout);
    const [code, signal] = await ended;
    if (code !== 0) {
      sum.failures.push(`${kind}: the process ended with ${signal ?? code}`);
      continue;
    }
    const report = JSON.parse(answer) as DiskFullReport;
    tell(
      `${kind}: ${report.rounds === 0 ? 'cannot be had here' : `${report.acknowledged} acknowledged, ${report.lost} lost`}`,
    );
    for (const name of counters) sum[name] += report[name];
    sum.fileSystems.push(...report.fileSystems);
    sum.failures.push(...report.failures);
  }
  return sum;
};
