// Scans of 20 MB through a line that is cut at random bytes and garbles chunks: the real store, the real sender, the real server.
// What the server keeps is read from its disk and hashed here; what goes over the line again is counted at the proxy.

import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../../main/store/open.ts';
import { machineKey, page, submission, valueOf } from '../../../main/store/store-fixture.ts';
import { createFetch } from '../../../main/sync/connection.ts';
import { startSender } from '../../../main/sync/sender.ts';
import { uploadChunkBytes } from '../../../main/sync/pace.ts';
import { createRandom } from '../random.ts';
import { startCentralProcess } from './central-process.ts';
import { createJumpClock } from './jump-clock.ts';
import { startProxy, type Fault } from './proxy.ts';

export type CutsReport = {
  /** Connections ended inside a chunk, before or behind it. */
  cuts: number;
  /** Chunks of which a bit was another on the way. */
  garbled: number;
  scans: number;
  /** Scans that stand at the centre with other bytes than their hash says, or not at all. */
  hashMismatches: number;
  /** Garbled chunks that the server said yes to. */
  corruptedAccepted: number;
  /** Chunk bytes that went over the line again because of one cut or garbled chunk, at most. */
  resentBytesMost: number;
  chunkBytes: number;
  failures: string[];
};

export const areCutsClean = (report: CutsReport): boolean =>
  report.cuts > 0 &&
  report.hashMismatches + report.corruptedAccepted === 0 &&
  report.resentBytesMost <= report.chunkBytes &&
  report.failures.length === 0;

const kioskId = 'campaign-cuts';
const scanBytes = 20 * 1024 * 1024;
/** A chunk is spoilt so often, on average, before it gets through: four in five are. */
const spoilt = { of: 5, share: 4 };
/** One spoilt chunk in so many is garbled, not cut. */
const garbledOneIn = 10;

export const runUploadCuts = async (options: {
  cuts: number;
  seed: number;
  bytes?: number;
  tell?(line: string): void;
}): Promise<CutsReport> => {
  const { cuts, seed, bytes = scanBytes, tell = () => undefined } = options;
  const random = createRandom(seed);
  const folder = mkdtempSync(join(tmpdir(), 'upload-cuts-'));
  const central = await startCentralProcess(join(folder, 'central'));
  const report: CutsReport = {
    cuts: 0,
    garbled: 0,
    scans: 0,
    hashMismatches: 0,
    corruptedAccepted: 0,
    resentBytesMost: 0,
    chunkBytes: uploadChunkBytes,
    failures: [],
  };
  /** How far each upload of this scan has come over the line, by its address, and how often the scan was begun. */
  const frontiers = new Map<string, number>();
  const stopped = new Set<string>();
  let begun = 0;
  let isGarbled = false;

  const noteResent = (resent: number): void => {
    report.resentBytesMost = Math.max(report.resentBytesMost, resent);
  };

  const spoil = (path: string, bodyBytes: number): Fault | undefined => {
    if (report.cuts >= cuts || random.below(spoilt.of) >= spoilt.share) return undefined;
    stopped.add(path);
    if (random.chance(garbledOneIn)) {
      report.garbled += 1;
      isGarbled = true;
      return { kind: 'flipRequest', atByte: random.below(bodyBytes) };
    }
    report.cuts += 1;
    // Behind the last byte too: the chunk is written and the answer is lost.
    const atByte = random.below(bodyBytes + 1);
    return atByte === bodyBytes ? { kind: 'dropAfter' } : { kind: 'cutRequest', atByte };
  };

  const proxy = await startProxy({
    target: () => ({ host: '127.0.0.1', port: central.port() }),
    decide({ method, path, bodyBytes, uploadOffset, uploadLength }) {
      if (method === 'POST' && uploadLength === bytes) {
        // Begun again although it was not through: everything goes over the line twice.
        if (begun > 0) noteResent(Math.max(...frontiers.values()));
        begun += 1;
      }
      if (method !== 'PATCH') return undefined;
      const frontier = frontiers.get(path) ?? 0;
      // Where it goes on after a stop says what that stop cost.
      if (stopped.delete(path)) noteResent(frontier - uploadOffset);
      frontiers.set(path, Math.max(frontier, uploadOffset + bodyBytes));
      isGarbled = false;
      return spoil(path, bodyBytes);
    },
    at(moment, { method, status = 0 }) {
      if (moment === 'answered' && method === 'PATCH' && isGarbled && status < 300) report.corruptedAccepted += 1;
    },
  });
  const clock = createJumpClock(Date.UTC(2026, 10, 22), 5000);
  const own = createFetch();
  const store = valueOf(openStore({ path: join(folder, 'kiosk.db'), machineKey, kioskId, clock }));
  const sender = startSender({
    store,
    central: { url: proxy.url, kioskKey: kioskId, requestTimeoutMs: 15_000, firstDelayMs: 1000, maxDelayMs: 300_000 },
    kioskId,
    clock,
    log: () => undefined,
    fetch: clock.watch(own.fetch),
    random: () => random.below(1000) / 1000,
  });
  const drained = (): Promise<void> =>
    new Promise((resolve) => {
      const forget = sender.onChange(({ depth }) => {
        if (depth > 0) return;
        forget();
        resolve();
      });
      sender.wake();
    });

  try {
    while (report.cuts < cuts) {
      const scan = page(bytes);
      const given = submission([scan], { at: clock.now() });
      valueOf(store.submitCase(given));
      frontiers.clear();
      stopped.clear();
      begun = 0;
      await drained();
      report.scans += 1;
      for (const blob of given.blobs) {
        const path = central.blobPath(blob.sha256);
        const kept = existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : 'nothing';
        if (kept !== blob.sha256) report.hashMismatches += 1;
      }
      if (store.caseStatus(given.caseId)?.state !== 'received')
        report.failures.push(`scan ${report.scans}: the case is not received`);
      tell(`${report.scans} scans, ${report.cuts} cuts, ${report.garbled} garbled`);
    }
    for (const { seq, reason } of store.deadLetters()) report.failures.push(`#${seq}: ${reason}`);
    return report;
  } finally {
    await sender.stop();
    store.close();
    clock.stop();
    await own.close();
    await proxy.stop();
    await central.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};
