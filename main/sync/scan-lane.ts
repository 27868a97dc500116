// The lane of the scans: oldest first, one at a time, chunk by chunk at the pace that the hall allows. It runs beside the events and
// never before them; what one scan has by itself is that scan's, and the next one goes on.
//
//   store ─oldest first─▶ known at the centre? ─▶ tus ─chunk, pace, chunk…─▶ marked as uploaded ─▶ its case may go

import type { Clock } from '../../devices/kit/clock.ts';
import { ok } from '../../devices/kit/result.ts';
import type { ConsoleTransfer } from '../contract/console.ts';
import type { Store } from '../store/open.ts';
import type { PendingUpload } from '../store/uploads.ts';
import { endpointOf, type CentralClient } from './central-client.ts';
import { failed, type ExchangeFailure, type ExchangeResult, type Fetch } from './exchange.ts';
import { failureView } from './failure-words.ts';
import type { Pace } from './pace.ts';
import type { RoundCode } from './round.ts';
import { createScanProgress } from './scan-progress.ts';
import type { CentralSettings, SenderLog } from './sender.ts';
import { createSetAside } from './set-aside.ts';
import { uploadScan, type UploadCode } from './upload-scan.ts';

type Done = ExchangeResult<void, RoundCode>;

export type ScanLane = {
  hasWork(): boolean;
  /** Everything that can go; leaves off before a chunk when `isEnding` says so, at once when `stop` does. */
  run(isEnding: () => boolean, stop: AbortSignal): Promise<Done>;
  earliestRetryMs(): number | undefined;
  failedAtLeast(attempts: number): { events: number; sinceMs: number } | undefined;
  transfer(): ConsoleTransfer;
};

/** A scan that fails by itself so often makes its case a dead letter. */
export const scanAttempts = 5;
/** An upload that was so often elsewhere than it said begins afresh. */
const freshAfterAttempts = 3;
/** The contract's limit for one question. */
const knownBlobsLimit = 200;
/** So many of them are shown one by one. */
const shownScans = 30;

/** Failures that one scan can have all by itself. */
const isOwnFault = (code: UploadCode): boolean =>
  code === 'refused' || code === 'checksumMismatch' || code === 'uploadConflict';

/** The line's fault, or that of a server that breaks on this one scan: which of them, the next scan shows. */
const mayBeItsOwn = ({ code, status = 0 }: ExchangeFailure<UploadCode>): boolean =>
  code === 'badAnswer' || code === 'timeout' || (code === 'httpStatus' && status >= 500);

export const createScanLane = (options: {
  store: Store;
  central: CentralSettings;
  kioskId: string;
  clock: Clock;
  log: SenderLog;
  fetch: Fetch;
  signal: AbortSignal;
  client: CentralClient;
  pace: Pace;
  /** A scan is there. */
  onProgress(): void;
}): ScanLane => {
  const { store, central, kioskId, clock, log, fetch, signal, client, pace, onProgress } = options;
  const aside = createSetAside(clock, central);
  const progress = createScanProgress(clock);
  /** How often the centre itself would not have a scan. */
  const refusals = new Map<string, number>();
  /** One in a round may break the centre; with a second one it is the centre that is broken. */
  let isSpared = true;
  const stopped = (): Done => failed('stopped', 'the sender is stopped');

  const waiting = (): PendingUpload[] => {
    const skip = aside.now();
    return store.pendingUploads().filter(({ sha256 }) => !skip.has(sha256));
  };

  /** What the centre has already, perhaps because its last answer was lost, is not sent again. */
  const skipKnown = async (): Promise<Done> => {
    const hashes = waiting().map(({ sha256 }) => sha256);
    for (let at = 0; at < hashes.length; at += knownBlobsLimit) {
      const part = hashes.slice(at, at + knownBlobsLimit);
      const answered = await client.call('knownBlobs', { kioskId, sha256: part });
      if (signal.aborted) return stopped();
      if (!answered.ok) return answered;
      for (const sha256 of answered.value.known) {
        // Only what was asked for: an answer must not make us drop other scans.
        const marked = part.includes(sha256) ? store.markUploaded(sha256) : ok(undefined);
        if (!marked.ok) return failed('storeFailed', marked.error.message);
      }
    }
    return ok(undefined);
  };

  /** Makes the case a dead letter, so that the manager sees it. */
  const bury = (caseId: string, reason: string): Done => {
    const buried = store.bury({ caseId }, reason);
    return buried.ok || buried.error.code === 'notFound' ? ok(undefined) : failed('storeFailed', buried.error.message);
  };

  const sendScan = async (
    { sha256, mediaType, caseId, tusUrl, bytes: size }: PendingUpload,
    isEnding: () => boolean,
    stop: AbortSignal,
  ): Promise<Done> => {
    const bytes = store.readBlob(sha256);
    if (!bytes.ok) {
      log('scanUnreadable', { code: bytes.error.code });
      return bury(caseId, `a scan cannot be read: ${bytes.error.code}`);
    }
    let hasMoved = false;
    let begunMs = 0;
    progress.began(sha256);
    const done = await uploadScan({
      ...central,
      endpoint: endpointOf(central.url, '/v1/uploads'),
      clock,
      fetch,
      signal: stop,
      bytes: bytes.value,
      sha256,
      mediaType,
      chunkBytes: pace.chunkBytes(),
      ...(tusUrl === undefined ? {} : { tusUrl }),
      onUrl: (url) => void store.saveTusUrl(sha256, url),
      async beforeChunk(chunkBytes) {
        if (isEnding()) return false;
        begunMs = clock.now();
        return (await pace.take(chunkBytes, stop)) && !isEnding();
      },
      onOffset(offset) {
        if (!signal.aborted) progress.at(sha256, offset);
      },
      onChunk(chunkBytes) {
        hasMoved = true;
        progress.chunk({ begunMs, endedMs: clock.now(), bytes: chunkBytes });
      },
    });
    progress.rested();
    if (signal.aborted) return stopped();
    if (done.ok) {
      aside.forget(sha256);
      refusals.delete(sha256);
      const marked = store.markUploaded(sha256);
      if (!marked.ok) return failed('storeFailed', marked.error.message);
      progress.done(sha256, size);
      onProgress();
      return ok(undefined);
    }
    if (done.error.code === 'stopped') return ok(undefined);
    progress.failed(sha256, done.error);
    // Chunks that got through since then: what failed before was the line, not the scan.
    if (hasMoved) {
      aside.forget(sha256);
      refusals.delete(sha256);
    }
    const isOwn = isOwnFault(done.error.code);
    if (!isOwn && !mayBeItsOwn(done.error)) return done;
    aside.add(sha256);
    log('scanFailed', { code: done.error.code, message: done.error.message });
    if (!isOwn) {
      // Silence costs a minute: only an answer is worth another try with the next scan.
      const answer: Done = isSpared && done.error.code !== 'timeout' ? ok(undefined) : done;
      isSpared = false;
      return answer;
    }
    const attempts = (refusals.get(sha256) ?? 0) + 1;
    refusals.set(sha256, attempts);
    // The address stays: the centre says where the upload stands, and forgets one that was broken as a whole. The bytes were checked
    // when they were read, so broken ones are the line's fault, and that is no reason to give the case up.
    if (done.error.code === 'checksumMismatch') return ok(undefined);
    if (done.error.code === 'uploadConflict' && attempts >= freshAfterAttempts) store.saveTusUrl(sha256, undefined);
    return attempts < scanAttempts ? ok(undefined) : bury(caseId, `a scan is not taken: ${done.error.message}`);
  };

  const sendAll = async (isEnding: () => boolean, stop: AbortSignal): Promise<Done> => {
    const known = await skipKnown();
    if (!known.ok) return known;
    for (let scans = waiting(); scans.length > 0; scans = waiting())
      for (const scan of scans) {
        if (isEnding() || stop.aborted) return ok(undefined);
        const sent = await sendScan(scan, isEnding, stop);
        if (!sent.ok) return sent;
      }
    return ok(undefined);
  };

  return {
    hasWork: () => waiting().length > 0,
    async run(isEnding, stop) {
      isSpared = true;
      const done = await sendAll(isEnding, stop);
      if (!signal.aborted && store.uploadTotals().pending === 0) progress.drained();
      return done;
    },
    earliestRetryMs: aside.earliestMs,
    failedAtLeast: aside.failedAtLeast,
    transfer() {
      const { bytes } = store.uploadTotals();
      const pending = store.pendingUploads();
      const totalBytes = bytes === 0 ? 0 : progress.doneBytes() + bytes;
      const underway = pending.reduce((sum, { sha256 }) => sum + progress.sentOf(sha256), 0);
      const sentBytes = bytes === 0 ? 0 : progress.doneBytes() + underway;
      const bytesPerSec = bytes === 0 ? undefined : progress.bytesPerSec();
      const capKbps = pace.cap();
      return {
        sentBytes,
        totalBytes,
        ...(bytesPerSec === undefined
          ? {}
          : { bytesPerSec, leftMs: Math.round(((totalBytes - sentBytes) * 1000) / bytesPerSec) }),
        ...(capKbps === undefined ? {} : { capKbps }),
        scans: pending.slice(0, shownScans).map(({ sha256, bytes: size, caseId }) => {
          const receipt = store.caseStatus(caseId)?.receiptNumber;
          const failure = progress.failureOf(sha256);
          const retry = aside.of(sha256);
          return {
            id: sha256.slice(0, 12),
            ...(receipt === undefined ? {} : { receipt }),
            bytes: size,
            sentBytes: progress.sentOf(sha256),
            state: progress.sending() === sha256 ? 'sending' : failure ? 'failed' : 'waiting',
            ...(failure ? { failure: failureView(failure.code), attempts: retry?.attempts ?? 1 } : {}),
            ...(retry ? { nextTryMs: retry.untilMs } : {}),
          };
        }),
      };
    },
  };
};
