// One round of sending: everything that can go now goes, in the order of the outbox; the first failure of the line ends the round.
// What fails alone (one event, one scan) is set aside for a while and delays nobody.

import type { EventAnswer, IntakeEvent } from '../contract/intake.ts';
import type { Clock } from '../../devices/kit/clock.ts';
import { ok } from '../../devices/kit/result.ts';
import type { PendingUpload } from '../store/uploads.ts';
import type { Store } from '../store/open.ts';
import { endpointOf, type CallCode, type CentralClient } from './central-client.ts';
import { failed, type ExchangeFailure, type ExchangeResult, type Fetch } from './exchange.ts';
import { installOf, noteQuarantine, quarantinedSince } from './install.ts';
import { createReceiptCheck, parsePublicKey } from './receipt-signature.ts';
import type { CentralSettings, SenderLog } from './sender.ts';
import { createSetAside } from './set-aside.ts';
import { uploadScan, type UploadCode } from './upload-scan.ts';

export type RoundCode =
  | UploadCode
  /** Events without an answer of their own. */
  | 'missingAnswers'
  /** A receipt that the centre did not sign, or for other contents. */
  | 'badReceipt'
  /** The centre's public key is none. */
  | 'badPublicKey'
  /** A second disk counts under this install's epoch: the centre merges nothing new of it. */
  | 'quarantined'
  | 'storeFailed'
  | 'senderCrashed';

type Done = ExchangeResult<void, RoundCode>;

export type Round = {
  /** `isProbe`: nothing but a health check until that is answered; then `onProbed` and the rest. */
  run(isProbe: boolean, onProbed: () => void): Promise<Done>;
  /** When the first of what was set aside may be tried again. */
  earliestRetryMs(): number | undefined;
  /** Events and scans that the centre would not take so often that staff should know. They are still tried. */
  stuck(): { events: number; sinceMs: number } | undefined;
};

export const batchLimit = 200;
/** A scan that fails by itself so often makes its case a dead letter. */
export const scanAttempts = 5;
/** An upload that was so often elsewhere than it said begins afresh. */
const freshAfterAttempts = 3;
/** An event or a scan that failed by itself so often is shown to staff. */
export const stuckAfter = 5;
/** The contract's limit for one question. */
const knownBlobsLimit = 200;
/** The clock offset is written down when it moved by more than this. */
const offsetStepMs = 500;

type RoundOptions = {
  store: Store;
  central: CentralSettings;
  kioskId: string;
  clock: Clock;
  log: SenderLog;
  fetch: Fetch;
  signal: AbortSignal;
  client: CentralClient;
  /** The centre answered. */
  onContact(): void;
  /** A scan is there. */
  onProgress(): void;
  /** Events were taken. */
  onSent(atMs: number): void;
};

/** Failures that one scan or one event can have all by itself. */
const isOwnFault = (code: UploadCode): boolean =>
  code === 'refused' || code === 'checksumMismatch' || code === 'uploadConflict';

export const createRound = (options: RoundOptions): Round => {
  const { store, central, kioskId, clock, log, fetch, signal, client, onContact, onProgress, onSent } = options;
  const aside = createSetAside(clock, central);
  const asideScans = createSetAside(clock, central);
  let limit = batchLimit;
  let isSigned: ReturnType<typeof createReceiptCheck> | undefined;
  let toPin: string | undefined;
  let hasContact = false;
  let isKeyChangeTold = false;

  const noteOffset = (serverNow: string, sentMs: number): void => {
    const offsetMs = Math.round(Date.parse(serverNow) - (sentMs + clock.now()) / 2);
    const known = store.note('serverOffsetMs');
    if (known === undefined || Math.abs(Number(known) - offsetMs) > offsetStepMs)
      store.setNote('serverOffsetMs', String(offsetMs));
  };

  /** The key of the configuration, else that of the first contact whose receipts it fits, for good. */
  const choosePublicKey = (offered: string): Done => {
    const pinned = central.receiptPublicKey ?? store.note('receiptPublicKey');
    const publicKey = parsePublicKey(pinned ?? offered);
    isSigned = publicKey && createReceiptCheck(publicKey);
    if (!publicKey) return failed('badPublicKey', 'the public key for receipts is no Ed25519 key');
    if (pinned === undefined) {
      // Kept when a receipt has proved it: a key that was garbled on its first way would lock the kiosk out for ever.
      toPin = offered;
    } else if (!parsePublicKey(offered)?.equals(publicKey) && !isKeyChangeTold) {
      isKeyChangeTold = true;
      log('receiptKeyChanged', { offered });
    }
    return ok(undefined);
  };

  const pinKey = (key: string): void => {
    store.setNote('receiptPublicKey', key);
    toPin = undefined;
    log('receiptKeyPinned');
  };

  const probe = async (): Promise<Done> => {
    const sentMs = clock.now();
    const answered = await client.call('health', undefined);
    if (signal.aborted || !answered.ok) return answered.ok ? stopped() : answered;
    const pinned = choosePublicKey(answered.value.receiptPublicKey);
    if (!pinned.ok) return pinned;
    noteOffset(answered.value.now, sentMs);
    hasContact = true;
    onContact();
    return ok(undefined);
  };

  const stopped = (): Done => failed('stopped', 'the sender is stopped');

  /** Takes one answer. The row goes only on a receipt that is signed and for these contents. */
  const settle = (event: IntakeEvent, answer: EventAnswer): Done => {
    const { receipt } = answer;
    if (answer.status === 'quarantined')
      return failed('quarantined', `event ${event.seq}: ${answer.reason ?? 'this install is quarantined'}`);
    if (answer.status !== 'rejected') {
      if (!isSigned || !receipt || !isSigned(event.eventId, receipt)) {
        // An unproved key may be the wrong one of the two: it is asked for again.
        if (toPin !== undefined) hasContact = false;
        return failed('badReceipt', `event ${event.seq}: the receipt is not signed by the centre`);
      }
      if (toPin !== undefined) pinKey(toPin);
    }
    const settled = store.settle(event.eventId, answer);
    if (!settled.ok) {
      const code = settled.error.code === 'receiptMismatch' ? 'badReceipt' : 'storeFailed';
      return failed(code, settled.error.message);
    }
    aside.forget(event.eventId);
    if (settled.value === 'dead') log('eventRejected', { seq: event.seq, kind: event.kind, reason: answer.reason });
    return ok(undefined);
  };

  /** Staff see a quarantine until something of this install is taken again, over restarts too. */
  const minuteQuarantine = (isQuarantined: boolean, taken: number): void => {
    const since = quarantinedSince(store);
    if (isQuarantined && since === undefined) {
      noteQuarantine(store, clock.now());
      log('quarantined');
    } else if (!isQuarantined && taken > 0 && since !== undefined) {
      noteQuarantine(store, undefined);
      log('quarantineEnded');
    }
  };

  /** One commit for the whole batch: what a power cut undoes is answered `duplicate` the next time. */
  const settleAll = (batch: readonly IntakeEvent[], answers: readonly EventAnswer[]): { taken: number; done: Done } => {
    const settled = store.transact(() => ok(settleEach(batch, answers)));
    return settled.ok ? settled.value : { taken: 0, done: failed('storeFailed', settled.error.message) };
  };

  const settleEach = (
    batch: readonly IntakeEvent[],
    answers: readonly EventAnswer[],
  ): { taken: number; done: Done } => {
    const byId = new Map(answers.map((answer) => [answer.eventId, answer]));
    let done: Done = ok(undefined);
    let taken = 0;
    for (const event of batch) {
      const answer = byId.get(event.eventId);
      const settled = answer ? settle(event, answer) : failed('missingAnswers', `event ${event.seq} has no answer`);
      if (settled.ok) {
        taken += 1;
      } else {
        // A quarantine is about the whole install and outweighs what one event has by itself.
        if (done.ok || done.error.code !== 'quarantined') done = settled;
        if (settled.error.code !== 'quarantined') aside.add(event.eventId);
      }
    }
    minuteQuarantine(!done.ok && done.error.code === 'quarantined', taken);
    if (taken > 0) store.setNote('lastSentMs', String(clock.now()));
    return { taken, done };
  };

  /** A batch that came back as a whole. Halving finds the one that the centre will not have. */
  const handleBatchFailure = (batch: readonly IntakeEvent[], error: ExchangeFailure<CallCode>): Done => {
    const [only] = batch;
    const isAlone = batch.length === 1 && only !== undefined;
    // Complaints about anything but the events are about this kiosk: no event is to blame.
    if (error.code === 'refused' && (error.fields?.includes('events') ?? true)) {
      if (!isAlone) {
        limit = Math.ceil(batch.length / 2);
        return ok(undefined);
      }
      limit = batchLimit;
      return settle(only, { eventId: only.eventId, status: 'rejected', reason: `HTTP ${error.message}` });
    }
    // A server that breaks on one event answers 5xx for the batch around it: one at a time until it is found.
    if (error.code === 'httpStatus' && (error.status ?? 0) >= 500) {
      if (isAlone) aside.add(only.eventId);
      limit = 1;
    }
    return { ok: false, error };
  };

  type Flight = { batch: readonly IntakeEvent[]; sentMs: number; answered: ReturnType<typeof callEvents> };
  const callEvents = (batch: readonly IntakeEvent[]) => {
    const install = installOf(store, batch[0]?.seq ?? 1);
    return client.call('events', { kioskId, ...install, events: [...batch] });
  };
  const launch = (batch: readonly IntakeEvent[]): Flight | undefined =>
    batch.length === 0 ? undefined : { batch, sentMs: clock.now(), answered: callEvents(batch) };
  const readBatch = (afterSeq = 0) => store.nextBatch(limit, aside.now(), afterSeq);

  /**
   * One request at a time. While the centre works on one batch the next is opened, and it is on its way before the answers of the first
   * are written down. What a power cut undoes then is answered `duplicate`.
   */
  const sendEvents = async (): Promise<Done> => {
    let ahead = readBatch();
    let flight: Flight | undefined;
    let done: Done = ok(undefined);
    for (;;) {
      if (signal.aborted) return stopped();
      if (!flight) {
        if (!done.ok) return done;
        if (!ahead.ok) return failed('storeFailed', ahead.error.message);
        flight = launch(ahead.value);
        if (!flight) return ok(undefined);
      }
      const { batch, sentMs, answered: answering } = flight;
      ahead = readBatch(batch.at(-1)?.seq);
      const answered = await answering;
      flight = undefined;
      if (signal.aborted) return stopped();
      if (!answered.ok) {
        done = done.ok ? handleBatchFailure(batch, answered.error) : done;
        ahead = readBatch();
        continue;
      }
      limit = Math.min(batchLimit, limit * 2);
      noteOffset(answered.value.now, sentMs);
      if (done.ok && ahead.ok) flight = launch(ahead.value);
      const settled = settleAll(batch, answered.value.answers);
      if (settled.taken > 0) onSent(clock.now());
      if (done.ok) ({ done } = settled);
      // What became ready meanwhile stands before the ones ahead: a case whose last scan arrived.
      if (!flight) ahead = readBatch();
    }
  };

  const waiting = (): PendingUpload[] => {
    const skip = asideScans.now();
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

  const sendScan = async ({ sha256, mediaType, caseId, tusUrl }: PendingUpload): Promise<Done> => {
    const bytes = store.readBlob(sha256);
    if (!bytes.ok) {
      log('scanUnreadable', { code: bytes.error.code });
      return bury(caseId, `a scan cannot be read: ${bytes.error.code}`);
    }
    let hasMoved = false;
    const done = await uploadScan({
      ...central,
      endpoint: endpointOf(central.url, '/v1/uploads'),
      clock,
      fetch,
      signal,
      bytes: bytes.value,
      sha256,
      mediaType,
      ...(tusUrl === undefined ? {} : { tusUrl }),
      onUrl: (url) => void store.saveTusUrl(sha256, url),
      onChunk() {
        hasMoved = true;
      },
    });
    if (signal.aborted) return stopped();
    if (done.ok) {
      asideScans.forget(sha256);
      const marked = store.markUploaded(sha256);
      if (!marked.ok) return failed('storeFailed', marked.error.message);
      onProgress();
      return ok(undefined);
    }
    // Chunks that got through since then: what failed before was the line, not the scan.
    if (hasMoved) asideScans.forget(sha256);
    if (!isOwnFault(done.error.code)) return done;
    log('scanFailed', { code: done.error.code, message: done.error.message });
    const attempts = asideScans.add(sha256);
    // The address stays: the centre says where the upload stands, and forgets one that was broken as a whole. The bytes were checked
    // when they were read, so broken ones are the line's fault, and that is no reason to give the case up.
    if (done.error.code === 'checksumMismatch') return ok(undefined);
    if (done.error.code === 'uploadConflict' && attempts >= freshAfterAttempts) store.saveTusUrl(sha256, undefined);
    return attempts < scanAttempts ? ok(undefined) : bury(caseId, `a scan is not taken: ${done.error.message}`);
  };

  const sendAll = async (): Promise<Done> => {
    const first = await sendEvents();
    if (!first.ok || waiting().length === 0) return first;
    const known = await skipKnown();
    if (!known.ok) return known;
    // Between two scans the events that are ready go, so that a rating does not wait behind twenty pages.
    for (let scans = waiting(); scans.length > 0; scans = waiting())
      for (const scan of scans) {
        const sent = await sendScan(scan);
        if (!sent.ok) return sent;
        const events = await sendEvents();
        if (!events.ok) return events;
      }
    return sendEvents();
  };

  return {
    async run(isProbe, onProbed) {
      const isIdle = store.depth() === 0;
      if (isProbe || !hasContact || isIdle) {
        const answered = await probe();
        if (!answered.ok) return answered;
        if (isProbe) onProbed();
      }
      if (signal.aborted) return stopped();
      const done = await sendAll();
      if (done.ok && !isIdle) onContact();
      return done;
    },
    earliestRetryMs() {
      const times = [aside.earliestMs(), asideScans.earliestMs()].filter((ms) => ms !== undefined);
      return times.length === 0 ? undefined : Math.min(...times);
    },
    stuck() {
      const [events, scans] = [aside.failedAtLeast(stuckAfter), asideScans.failedAtLeast(stuckAfter)];
      if (!events || !scans) return events ?? scans;
      return { events: events.events + scans.events, sinceMs: Math.min(events.sinceMs, scans.sinceMs) };
    },
  };
};
