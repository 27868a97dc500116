// Brings what the outbox holds to the centre, for ever: events as soon as they wait for nothing, scans beside them, a row gone only on
// a signed receipt. One round at a time; what a round could not do stays where it is.
//
//   wake / timer ─▶ round: probe? ─▶ events ─▶ scans, and events beside them ─▶ circuit ─▶ next timer
//
// The decisions about time stand in circuit.ts and back-off.ts, what a round does in round.ts.

import type { ConsoleOutbox } from '../contract/console.ts';
import type { QueueState } from '../contract/intake.ts';
import { steadyNow, type Clock } from '../../devices/kit/clock.ts';
import { fail, ok, type Result } from '../../devices/kit/result.ts';
import type { Store } from '../store/open.ts';
import { createCentralClient, type CallCode, type CallName } from './central-client.ts';
import { closedCircuit, nextCircuit, type CircuitEvent, type CircuitState } from './circuit.ts';
import { createFetch } from './connection.ts';
import type { ExchangeFailure, ExchangeResult, Fetch } from './exchange.ts';
import { failureView } from './failure-words.ts';
import { quarantinedSince } from './install.ts';
import { lineNote, lineText } from './line-note.ts';
import { createPace, type PaceSettings } from './pace.ts';
import { createRound, type Round, type RoundCode } from './round.ts';
import type { Certificate, TlsFiles } from './tls.ts';

export type SenderLog = (event: string, detail?: Record<string, unknown>) => void;

export type CentralSettings = PaceSettings & {
  url: string;
  kioskKey: string;
  requestTimeoutMs: number;
  /** The first try comes after a random part of this; later pauses double from it. */
  firstDelayMs: number;
  maxDelayMs: number;
  /** Ed25519, PEM or base64 DER. Absent: the key of the first contact is kept and held to. */
  receiptPublicKey?: string;
  /** Mutual TLS; `url` is https then. */
  tls?: TlsFiles;
};

export type SenderOptions = {
  store: Store;
  central: CentralSettings;
  kioskId: string;
  clock: Clock;
  log: SenderLog;
  fetch?: Fetch;
  /** 0…1, for the jitter. */
  random?: () => number;
  /** What else is done with a line that has just proved good, e.g. fetching bundles. Its failures are its own. */
  afterRound?: (line: { fetch: Fetch; signal: AbortSignal }) => Promise<unknown>;
};

export type SenderStatus = Omit<ConsoleOutbox, 'dead' | 'transfer' | 'certificate'>;

export type Licence = { licenceType: string; number: string; holder: string; validUntil?: string };

/** `offline`: the centre was not even asked, because it did not answer last time. */
export type AskCode = CallCode | 'offline';

export type Sender = {
  /** Something was put into the outbox. Sends at once when all is well, and never earlier than the back-off allows. */
  wake(): void;
  status(): SenderStatus;
  /** Called when the status changed, also when an event was received. The answer unsubscribes. */
  onChange(listener: (status: SenderStatus) => void): () => void;
  queueState(): Promise<Result<QueueState, AskCode>>;
  /** Asks the licence library; the caller has the person's consent. */
  libraryLookup(idNumber: string, licenceTypes: readonly string[]): Promise<Result<Licence[], AskCode>>;
  /** How far the scans are, one by one. */
  transfer: Round['transfer'];
  /** The kiosk's own certificate, with mutual TLS. */
  certificate(): Certificate | undefined;
  /** Tries now, whatever the back-off says: somebody stands there who knows that the line is back. */
  sendNow(): void;
  /** Why the last try failed; nothing while all is well. */
  lastFailure(): { code: RoundCode; message: string; atMs: number } | undefined;
  /** Ends requests at once. The store is not touched any more when this returns; the promise says that the sockets are closed. */
  stop(): Promise<void>;
};

/**
 * With nothing to send the centre is asked for its health about this often, so that screens know whether there is a network. Five
 * thousand kiosks make some eighty requests a second of it.
 */
export const idleProbeMs = 60_000;

export const startSender = (options: SenderOptions): Sender => {
  const { store, central, kioskId, clock, log, random = Math.random } = options;
  const backOff = { baseDelayMs: central.firstDelayMs, maxDelayMs: central.maxDelayMs };
  const own = options.fetch ? undefined : createFetch(central.tls, clock);
  const fetch = options.fetch ?? own?.fetch;
  if (!fetch) throw new Error('the sender has nothing to fetch with');
  const stopping = new AbortController();
  const { signal } = stopping;
  const client = createCentralClient({ ...central, clock, fetch, signal });

  /** Its pauses are counted by the clock that is never set. */
  let circuit: CircuitState = closedCircuit;
  let nextTryMs: number | undefined;
  let isRunning = false;
  let isFirst = true;
  let isWanted = false;
  let stopTimer: (() => void) | undefined;
  const lastLine = lineNote(store);
  let failure = lastLine?.failure;
  let isOnline = false;
  let offlineSinceMs = lastLine?.offlineSinceMs ?? clock.now();
  let noted: string | undefined;
  const lastSentNote = store.note('lastSentMs');
  let lastSentMs = lastSentNote === undefined ? undefined : Number(lastSentNote);
  const listeners = new Set<(status: SenderStatus) => void>();

  const blockedOf = (): Pick<SenderStatus, 'blocked'> => {
    const sinceMs = quarantinedSince(store);
    if (sinceMs !== undefined) return { blocked: { why: 'quarantined', events: store.depth(), sinceMs } };
    const stuck = round.stuck();
    return stuck ? { blocked: { why: 'stuck', ...stuck } } : {};
  };

  const readStatus = (): SenderStatus => {
    const oldestMs = store.oldestMs();
    return {
      isOnline,
      depth: store.depth(),
      ...(oldestMs === undefined ? {} : { oldestMs }),
      ...(lastSentMs === undefined ? {} : { lastSentMs }),
      ...(nextTryMs === undefined ? {} : { nextTryMs }),
      circuit: circuit.phase,
      uploads: store.uploadTotals(),
      ...(isOnline ? {} : { offlineSinceMs }),
      ...(failure
        ? { lastFailure: { ...failureView(failure.code), message: failure.message, atMs: failure.atMs } }
        : {}),
      ...blockedOf(),
    };
  };

  /** For the next run, and for whoever looks at the store: written when it changed, not at every try. */
  const noteLine = (): void => {
    const now = `${isOnline} ${failure?.code ?? ''}`;
    if (now === noted) return;
    noted = now;
    store.setNote('line', lineText({ ...(isOnline ? {} : { offlineSinceMs }), ...(failure ? { failure } : {}) }));
  };

  const setOnline = (now: boolean): void => {
    if (isOnline && !now) offlineSinceMs = clock.now();
    isOnline = now;
  };

  const tell = (): void => {
    if (signal.aborted) return;
    noteLine();
    const now = readStatus();
    if (JSON.stringify(now) === JSON.stringify(told)) return;
    told = now;
    for (const listener of listeners) listener(now);
  };

  const step = (event: CircuitEvent): void => {
    const before = circuit.phase;
    const now = steadyNow(clock);
    circuit = nextCircuit(circuit, event, now, backOff);
    nextTryMs = circuit.notBeforeMs === undefined ? undefined : clock.now() + circuit.notBeforeMs - now;
    if (circuit.phase !== before) log('circuit', { from: before, to: circuit.phase, failures: circuit.failures });
  };

  const noteFailure = (error: ExchangeFailure<RoundCode>): void => {
    // A line that is down is said once, not at every try.
    if (failure?.code !== error.code) log('sendFailed', { code: error.code, message: error.message });
    failure = { code: error.code, message: error.message, atMs: clock.now() };
    // A quarantine is the answer of a centre that is there.
    setOnline(error.code === 'quarantined');
    const { retryAfterMs } = error;
    step({ type: 'failed', random: random(), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
  };

  /** Work went through. */
  const recovered = (): void => {
    if (failure) log('sendRecovered', { after: failure.code });
    failure = undefined;
    setOnline(true);
    step({ type: 'succeeded' });
  };

  const round = createRound({
    store,
    central,
    kioskId,
    clock,
    log,
    fetch,
    signal,
    client,
    pace: createPace(central, clock),
    onContact() {
      setOnline(true);
      tell();
    },
    onProgress() {
      recovered();
      tell();
    },
    onSent(atMs) {
      lastSentMs = atMs;
      recovered();
      tell();
    },
  });

  let told = readStatus();

  const run = async (): Promise<void> => {
    isRunning = true;
    isWanted = false;
    isFirst = false;
    step({ type: 'due' });
    tell();
    try {
      const done = await round.run(circuit.phase === 'halfOpen', () => step({ type: 'probed' }));
      if (signal.aborted) return;
      if (done.ok) {
        recovered();
        // Not waited for: a case must not stand behind a large file.
        options.afterRound?.({ fetch, signal }).catch((error: unknown) => {
          if (!signal.aborted) log('afterRoundFailed', { error: String(error) });
        });
      } else {
        noteFailure(done.error);
      }
    } catch (error) {
      if (signal.aborted) return;
      // A bug or a broken store must not end the sending for good; it is written down and tried again.
      noteFailure({ code: 'senderCrashed', who: 'engineer', message: String(error) });
    } finally {
      isRunning = false;
      if (!signal.aborted) {
        tell();
        schedule();
      }
    }
  };

  const schedule = (): void => {
    if (signal.aborted || isRunning || isFirst) return;
    stopTimer?.();
    const now = steadyNow(clock);
    const probeAt = now + Math.round(idleProbeMs * (0.5 + random()));
    const idle = isWanted || round.hasMore() ? now : Math.min(probeAt, round.earliestRetryMs() ?? probeAt);
    const at = circuit.notBeforeMs ?? idle;
    stopTimer = clock.after(Math.max(0, at - now), () => void run());
  };

  /** Asks for somebody who stands at the screen: fails at once when the centre did not answer last time. */
  const ask = async <T>(
    name: CallName,
    request: () => Promise<ExchangeResult<T, CallCode>>,
  ): Promise<Result<T, AskCode>> => {
    if (signal.aborted || circuit.phase !== 'closed')
      return fail('offline', 'system', 'the centre cannot be reached at the moment');
    const answered = await request();
    if (signal.aborted) return fail('offline', 'system', 'the kiosk is stopping');
    if (answered.ok) {
      setOnline(true);
      tell();
      return answered;
    }
    const { code, who, message } = answered.error;
    log('askFailed', { name, code });
    // A refused question says nothing about the line.
    if (code !== 'refused' && !isRunning) {
      noteFailure(answered.error);
      tell();
      schedule();
    }
    return fail(code, who, message);
  };

  stopTimer = clock.after(Math.round(random() * central.firstDelayMs), () => void run());

  return {
    wake() {
      isWanted = true;
      tell();
      if (isRunning) round.nudge();
      schedule();
    },
    status: () => (signal.aborted ? told : readStatus()),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    queueState: () => ask('queueState', () => client.call('queueState', { kioskId })),
    async libraryLookup(idNumber, licenceTypes) {
      const input = { kioskId, idNumber, licenceTypes: [...licenceTypes] };
      const answered = await ask('libraryLookup', () => client.call('libraryLookup', input));
      return answered.ok ? ok(answered.value.licences) : answered;
    },
    transfer: () => round.transfer(),
    certificate: () => own?.certificate(),
    sendNow() {
      if (signal.aborted) return;
      isWanted = true;
      if (isRunning) {
        round.nudge();
        return;
      }
      step({ type: 'pushed' });
      stopTimer?.();
      void run();
    },
    lastFailure: () => failure,
    async stop() {
      if (!signal.aborted) told = readStatus();
      stopping.abort();
      stopTimer?.();
      listeners.clear();
      await own?.close();
    },
  };
};
