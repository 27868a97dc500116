// One round of sending: everything that can go now goes, in the order of the outbox; the first failure of the line ends the round.
// What fails alone (one event, one scan) is set aside for a while and delays nobody.

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventAnswer, IntakeEvent } from '../contract/intake.ts';
import { steadyNow, type Clock } from '../../devices/kit/clock.ts';
import { ok } from '../../devices/kit/result.ts';
import type { Store } from '../store/open.ts';
import type { CallCode, CentralClient } from './central-client.ts';
import { failed, type ExchangeFailure, type ExchangeResult, type Fetch } from './exchange.ts';
import { installOf, noteQuarantine, quarantinedSince } from './install.ts';
import type { Pace } from './pace.ts';
import { createReceiptCheck, parsePublicKey } from './receipt-signature.ts';
import { createScanLane, type ScanLane } from './scan-lane.ts';
import type { CentralSettings, SenderLog } from './sender.ts';
import { createSetAside } from './set-aside.ts';
import type { UploadCode } from './upload-scan.ts';

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
  /** Something was put into the outbox: it goes now, also beside a scan that is on its way. */
  nudge(): void;
  /** Something can go at this moment: the round ended because of its time, or the wait of what was set aside ended with it. */
  hasMore(): boolean;
  transfer: ScanLane['transfer'];
};

export const batchLimit = 200;
/** An event or a scan that failed by itself so often is shown to staff. */
export const stuckAfter = 5;
/** A round with scans leaves off between two chunks after this: what stands behind a round (bundles, what was set aside) has its turn. */
export const roundMs = 60_000;
/** Turns of the event loop until a request is on its way: a connection that has just been used rests for one. */
const turnsToLeave = 2;
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
  pace: Pace;
  /** The centre answered. */
  onContact(): void;
  /** A scan is there. */
  onProgress(): void;
  /** Events were taken. */
  onSent(atMs: number): void;
};

/** The line is gone: a chunk on its way is given up. With other failures it may arrive. */
const isLineGone = (code: RoundCode): boolean => code === 'unreachable' || code === 'timeout';

export const createRound = (options: RoundOptions): Round => {
  const { store, central, kioskId, clock, log, signal, client, onContact, onSent } = options;
  const aside = createSetAside(clock, central);
  let isNudged = false;
  let wakeLane: (() => void) | undefined;

  const nudge = (): void => {
    isNudged = true;
    wakeLane?.();
  };
  const scans = createScanLane({
    ...options,
    onProgress() {
      options.onProgress();
      // Its case may be whole now.
      nudge();
    },
  });
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
    store.noteServerTime(Date.parse(serverNow));
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
      // Without them the request would stand behind the work below.
      if (flight) for (let turn = 0; turn < turnsToLeave; turn += 1) await nextTurn();
      if (signal.aborted) return stopped();
      const settled = settleAll(batch, answered.value.answers);
      if (settled.taken > 0) onSent(clock.now());
      if (done.ok) ({ done } = settled);
      // What became ready meanwhile stands before the ones ahead: a case whose last scan arrived.
      if (!flight) ahead = readBatch();
    }
  };

  /** Until there is something to send, or what was set aside may be tried again. */
  const nudged = (): Promise<void> =>
    new Promise((resolve) => {
      const wake = (): void => {
        stopTimer?.();
        wakeLane = undefined;
        isNudged = false;
        resolve();
      };
      const retryMs = aside.earliestMs();
      const stopTimer = retryMs === undefined ? undefined : clock.after(Math.max(0, retryMs - steadyNow(clock)), wake);
      if (isNudged) wake();
      else wakeLane = wake;
    });

  /** Events beside scans: a page of 20 MB under a cap takes hours, and a rating must not wait for it. */
  const sendBeside = async (): Promise<Done> => {
    const endMs = steadyNow(clock) + roundMs;
    const stop = new AbortController();
    let eventsDone: Done = ok(undefined);
    let scansDone: Done | undefined;
    const isOver = (): boolean => steadyNow(clock) >= endMs;
    const lane = scans
      .run(() => !eventsDone.ok || isOver(), AbortSignal.any([signal, stop.signal]))
      .catch((error: unknown): Done => failed('senderCrashed', String(error)))
      .then((done) => {
        scansDone = done;
        nudge();
      });
    while (!scansDone && eventsDone.ok) {
      await nudged();
      if (signal.aborted) return stopped();
      eventsDone = await sendEvents();
      if (!eventsDone.ok && isLineGone(eventsDone.error.code)) stop.abort();
    }
    await lane;
    if (signal.aborted) return stopped();
    return eventsDone.ok ? (scansDone ?? ok(undefined)) : eventsDone;
  };

  const sendAll = async (): Promise<Done> => {
    const first = await sendEvents();
    if (!first.ok || !scans.hasWork()) return first;
    const beside = await sendBeside();
    return beside.ok ? sendEvents() : beside;
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
      const times = [aside.earliestMs(), scans.earliestRetryMs()].filter((ms) => ms !== undefined);
      return times.length === 0 ? undefined : Math.min(...times);
    },
    stuck() {
      const [events, pages] = [aside.failedAtLeast(stuckAfter), scans.failedAtLeast(stuckAfter)];
      if (!events || !pages) return events ?? pages;
      return { events: events.events + pages.events, sinceMs: Math.min(events.sinceMs, pages.sinceMs) };
    },
    nudge,
    hasMore() {
      if (scans.hasWork()) return true;
      const ready = store.nextBatch(1, aside.now());
      return ready.ok && ready.value.length > 0;
    },
    transfer: scans.transfer,
  };
};
