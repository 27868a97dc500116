// How far the scans have come: what staff see while a thin line works through a day's cases. Memory only; after a restart the centre
// says where each upload stands.

import type { Clock } from '../../devices/kit/clock.ts';
import type { ExchangeFailure } from './exchange.ts';
import type { UploadCode } from './upload-scan.ts';

type Chunk = { begunMs: number; endedMs: number; bytes: number };
export type ScanFailure = { code: UploadCode; message: string };

export type ScanProgress = {
  began(sha256: string): void;
  /** The centre has so many bytes of it. */
  at(sha256: string, bytes: number): void;
  chunk(chunk: Chunk): void;
  done(sha256: string, bytes: number): void;
  failed(sha256: string, failure: ExchangeFailure<UploadCode>): void;
  /** Nothing is on its way any more. */
  rested(): void;
  /** All of them are there: the next scan begins a new count. */
  drained(): void;
  sentOf(sha256: string): number;
  failureOf(sha256: string): ScanFailure | undefined;
  sending(): string | undefined;
  /** Bytes of scans that arrived since there was last nothing to do. */
  doneBytes(): number;
  /** Of the last minute; nothing when nothing went. */
  bytesPerSec(): number | undefined;
};

/** A rate over less than a few chunks jumps about, over more than a minute it tells of yesterday's line. */
const rateWindowMs = 60_000;
const leastSpanMs = 1000;

export const createScanProgress = (clock: Clock): ScanProgress => {
  const sent = new Map<string, number>();
  const failures = new Map<string, ScanFailure>();
  let chunks: Chunk[] = [];
  let sending: string | undefined;
  let doneBytes = 0;

  return {
    began: (sha256) => void (sending = sha256),
    at: (sha256, bytes) => void sent.set(sha256, bytes),
    chunk: (chunk) =>
      void (chunks = [...chunks, chunk].filter(({ endedMs }) => chunk.endedMs - endedMs < rateWindowMs)),
    done(sha256, bytes) {
      sent.delete(sha256);
      failures.delete(sha256);
      doneBytes += bytes;
    },
    failed: (sha256, { code, message }) => void failures.set(sha256, { code, message }),
    rested: () => void (sending = undefined),
    drained() {
      sent.clear();
      failures.clear();
      doneBytes = 0;
    },
    sentOf: (sha256) => sent.get(sha256) ?? 0,
    failureOf: (sha256) => failures.get(sha256),
    sending: () => sending,
    doneBytes: () => doneBytes,
    bytesPerSec() {
      const now = clock.now();
      const recent = chunks.filter(({ endedMs }) => Math.abs(now - endedMs) < rateWindowMs);
      const [first] = recent;
      if (!first) return undefined;
      const bytes = recent.reduce((sum, chunk) => sum + chunk.bytes, 0);
      return (bytes * 1000) / Math.max(leastSpanMs, now - first.begunMs);
    },
  };
};
