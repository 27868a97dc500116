// What the printer machine remembers, its delays, and the small steps that all of its parts use.
//
//   machine.ts (hello, status rounds, dispatch) ─┬▶ job.ts (one ticket on its way)
//                                                └▶ outlet.ts (presenter: was the ticket taken?)

import type { DeviceEffect, DeviceStep } from '../kit/machine.ts';
import type { Fault } from '../kit/status.ts';
import type { PrinterCommand, PrinterNotice, PrinterReply } from './api.ts';
import { statusRequest, type InfoKind, type StatusKind } from './commands.ts';
import { deviceStateOf, faultsOf, type Block, type Condition } from './condition.ts';

/** DLE EOT is answered at once; more than this and the printer did not hear it. */
export const answerTimeoutMs = 500;
/** Between two rounds of DLE EOT when nothing is printed. */
export const heartbeatMs = 5000;
/** Between two rounds while a ticket is on its way. */
export const jobPollMs = 1000;
/** After an unanswered request. */
export const retryMs = 1000;
/** While a ticket waits for paper and the printer takes no more questions: they would only queue up. */
export const stalledRetryMs = 5000;
/** After an unanswered request: late answers are let go by before the next question is believed. */
export const lateAnswersMs = 250;
/** Unanswered requests after which an idle printer counts as silent. */
export const missLimit = 3;
/** For each of the two questions at hello: is GS ( H answered, is GS r answered? */
export const probeMs = 800;
/** For the confirmation, beyond the time that the bytes need on the cable. Paper changes do not count. */
export const confirmMs = 15_000;
/** A printer that cannot confirm: how long it must stay well after the last byte. */
export const settleMs = 1500;
/** For the answer 37 25 00 after the buffers were cleared. */
export const clearMs = 2000;
/** GS r answers carry no number: one that was missed is waited for this long before a later one is believed again. */
export const forgetFencesMs = 60_000;
/** Before the cutter is tried again in the middle of a ticket, and how often. */
export const cutterResumeMs = 1000;
export const cutterResumeLimit = 3;
/** Before a cutter that stands still is tried again while nothing is printed. */
export const cutterRetryMs = 30_000;
export const outletPollMs = 1000;

export type ConfirmBy = 'processId' | 'fence' | 'none';

/** Why a ticket ended `unconfirmed`. */
export const unconfirmedReasons = [
  /** The printer kept silent although everything was sent. */
  'noAnswer',
  /** This printer has no way to confirm. */
  'noConfirmation',
  /** The connection ended after everything was sent. */
  'connectionLost',
  /** An answer came, but right afterwards the printer could not be reached: it may have been line noise. */
  'lostContact',
  /** The line hands back what is sent, so that a one-byte answer may be our own. */
  'lineEcho',
  'deadline',
  'canceled',
] as const;
export type UnconfirmedReason = (typeof unconfirmedReasons)[number];

/** Ends that may have left half a ticket in the printer: it may have been switched off in the middle. */
export const doubtfulEnds: ReadonlySet<string> = new Set<UnconfirmedReason>([
  'noAnswer',
  'connectionLost',
  'lostContact',
]);

export type Expectation =
  | { by: 'processId'; processId: string }
  | { by: 'fence'; isAnswered: boolean }
  | { by: 'none' };

export type Job = {
  id: string;
  sentAt: number;
  /** How long the bytes are on the cable. */
  wireMs: number;
  expects: Expectation;
  /** What holds the printer up in the middle of this ticket. */
  stall: Block | undefined;
  hasNotified: boolean;
  cutterResumes: number;
  /** A status request went unanswered meanwhile, or noise came: the printer may have been switched off and on. */
  hasMissed: boolean;
  /** The printer answered a question that was sent after the ticket: the port took the whole ticket. */
  isTaken: boolean;
};

/**
 * One round of DLE EOT 1, 2, 3, 4. `isSuperseded`: a newer automatic report came while it ran. `lateAnswers`: after an unanswered
 * question the first answer may be that question's; it is not believed, and the round begins again when they have gone by.
 */
export type StatusRound = {
  kind: StatusKind;
  answers: Partial<Record<StatusKind, number>>;
  isSuperseded: boolean;
  isVerifying: boolean;
  lateAnswers: 'possible' | 'goingBy' | 'gone';
  /** The line handed our own question back. */
  hasEcho: boolean;
};

export type PrinterState = {
  phase: 'closed' | 'hello' | 'probing' | 'ready';
  condition: Condition | undefined;
  /** Undefined until the printer was asked, which needs paper and a closed cover. */
  confirmBy: ConfirmBy | undefined;
  probe: { step: 'processId' | 'fence' } | undefined;
  /** Id of the last probe; an answer that comes too late for the probe is still an answer. */
  probeId: string | undefined;
  round: StatusRound | undefined;
  misses: number;
  processNumber: number;
  unansweredFences: number;
  job: Job | undefined;
  /** A ticket that was asked for during hello. */
  held: { id: string; command: PrinterCommand & { type: 'print' } } | undefined;
  refreshId: string | undefined;
  clearingId: string | undefined;
  /** Part of a broken-off ticket may hang in the printer. */
  isStripTorn: boolean;
  /** Nobody knows whether the last ticket was finished: the next one begins with a cut, in case half of it hangs there. */
  isStripDoubtful: boolean;
  cutterRetriedAt: number;
  /** Of the cable; undefined when it is not known. */
  bytesPerSecond: number | undefined;
  info: Partial<Record<InfoKind, string>>;
  infoAsked: InfoKind | undefined;
  /** As of the last round of status questions. */
  hasEcho: boolean;
  outlet: 'unknown' | 'looking' | 'holdsTicket';
  outletChecks: number;
  isOutletAsked: boolean;
  /** The presenter was told to take the ticket back. */
  isRetracting: boolean;
};

export const initialState: PrinterState = {
  phase: 'closed',
  condition: undefined,
  confirmBy: undefined,
  probe: undefined,
  probeId: undefined,
  round: undefined,
  misses: 0,
  processNumber: 0,
  unansweredFences: 0,
  job: undefined,
  held: undefined,
  refreshId: undefined,
  clearingId: undefined,
  isStripTorn: false,
  isStripDoubtful: false,
  cutterRetriedAt: -Infinity,
  bytesPerSecond: undefined,
  info: {},
  infoAsked: undefined,
  hasEcho: false,
  outlet: 'unknown',
  outletChecks: 0,
  isOutletAsked: false,
  isRetracting: false,
};

export type Effect = DeviceEffect<PrinterReply, PrinterNotice>;
export type Step = DeviceStep<PrinterState, PrinterReply, PrinterNotice>;

export const step = (state: PrinterState, ...effects: Effect[]): Step => ({ state, effects });

/** Runs steps one after the other, each on the state that the one before left. */
export const chain = (first: Step, ...following: ((state: PrinterState) => Step)[]): Step =>
  following.reduce<Step>((done, follow) => {
    const next = follow(done.state);
    return { state: next.state, effects: [...done.effects, ...next.effects] };
  }, first);

export const send = (bytes: Uint8Array, label: string): Effect => ({ type: 'send', bytes, label });
export const timer = (name: TimerName, delayMs: number): Effect => ({ type: 'timer', name, delayMs });
export const clearTimer = (name: TimerName): Effect => ({ type: 'clearTimer', name });
export const count = (name: string, by = 1): Effect => ({ type: 'count', name, by });

export type TimerName = 'poll' | 'answer' | 'probe' | 'confirm' | 'cutter' | 'clear' | 'forget' | 'outlet' | 'retract';

export const statusEffect = (state: PrinterState): Effect => {
  const { condition, job } = state;
  if (!condition) return { type: 'status', state: 'starting', faults: [] };
  const outletFaults: Fault[] = state.outlet === 'holdsTicket' ? [{ code: 'ticketNotTaken', who: 'citizen' }] : [];
  return {
    type: 'status',
    state: deviceStateOf(condition, job !== undefined),
    faults: [...faultsOf(condition), ...outletFaults],
  };
};

/** Asks DLE EOT 1; the other three follow answer by answer. Does nothing while a round is running. */
export const startRound = (state: PrinterState): Step =>
  state.round ? step(state) : beginRound(state, state.misses > 0 ? 'possible' : 'gone');

export const beginRound = (state: PrinterState, lateAnswers: 'possible' | 'gone'): Step => {
  const isVerifying = state.job?.expects.by === 'fence' && state.job.expects.isAnswered;
  return step(
    { ...state, round: { kind: 1, answers: {}, isSuperseded: false, isVerifying, lateAnswers, hasEcho: false } },
    clearTimer('poll'),
    send(statusRequest(1), 'status 1'),
    timer('answer', answerTimeoutMs),
  );
};

/** "0001" … "9999": the printer answers with the latest only, so they must rise. */
export const nextProcessId = (state: PrinterState): { processNumber: number; processId: string } => {
  const processNumber = (state.processNumber % 9999) + 1;
  return { processNumber, processId: String(processNumber).padStart(4, '0') };
};
