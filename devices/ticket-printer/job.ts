// One ticket on its way: refused, sent, held up, confirmed, given up. `printed` is said only after the printer said so.
//
//   startJob ─▶ sent ──(37 22 id 00, or GS r + status)──▶ printed
//                │ ▲
//     paper out, │ │ loaded, cover closed         15 s without a word ─▶ unconfirmed
//     cover open ▼ │                              given up while held up ─▶ paperOut / coverOpen, buffers cleared
//               stalled

import { fail, ok, type Result } from '../kit/result.ts';
import type { LossReason } from '../kit/transport.ts';
import type { PrinterCommand, PrinterReply } from './api.ts';
import {
  clearBuffers,
  discardAfterError,
  endOfTicket,
  fenceRequest,
  initialise,
  processIdRequest,
  resumeAfterError,
  retractTicket,
} from './commands.ts';
import { blockOf, needsHand, type Block, type Condition } from './condition.ts';
import type { EscposConfig } from './config.ts';
import { whoActs } from './faults.ts';
import {
  chain,
  clearMs,
  clearTimer,
  confirmMs,
  count,
  cutterResumeLimit,
  cutterResumeMs,
  doubtfulEnds,
  forgetFencesMs,
  heartbeatMs,
  initialState,
  jobPollMs,
  nextProcessId,
  outletPollMs,
  send,
  settleMs,
  startRound,
  statusEffect,
  step,
  timer,
  type Effect,
  type Job,
  type PrinterState,
  type Step,
  type UnconfirmedReason,
} from './state.ts';
import { encodeTicket } from './ticket-bytes.ts';

/** The slowest usual cable, 9600 bit/s, where the real speed is not known: waiting longer does no harm. */
const slowestBytesPerSecond = 960;

const unconfirmed = (reason: UnconfirmedReason): Result<PrinterReply> => ok({ type: 'unconfirmed', reason });
const blocked = (block: Block, message: string): Result<never> => fail(block, whoActs[block], message);
const done = (id: string, result: Result<PrinterReply>): Effect => ({ type: 'complete', id, result });

const joined = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));

/** Sends the ticket, or refuses it before the first byte. The known status decides: asking again would cost time. */
export const startJob = (
  state: PrinterState,
  id: string,
  command: PrinterCommand & { type: 'print' },
  config: EscposConfig,
  now: number,
): Step => {
  const { condition, confirmBy } = state;
  const block = condition && blockOf(condition);
  if (block) return step(state, done(id, blocked(block, `the ticket was not started: ${block}`)));
  if (!condition || !confirmBy)
    return step(state, done(id, fail('deviceNotReady', 'system', 'the printer has not been asked yet')));
  const ticket = encodeTicket(command.document, config, state.isStripTorn || state.isStripDoubtful);
  if (!ticket.ok) return step(state, done(id, ticket));

  const { processNumber, processId } = nextProcessId(state);
  const parts = {
    processId: { expects: { by: 'processId', processId }, request: processIdRequest(processId) },
    fence: { expects: { by: 'fence', isAnswered: false }, request: fenceRequest },
    none: { expects: { by: 'none' }, request: new Uint8Array() },
  } as const;
  const { expects, request } = parts[confirmBy];
  // What the last citizen left in the outlet is not for this one.
  const mustRetract = state.outlet === 'holdsTicket' && config.retractAfterSeconds > 0;
  const bytes = joined(mustRetract ? retractTicket : new Uint8Array(), ticket.value.bytes, request);
  const wireMs = Math.ceil((bytes.length * 1000) / (state.bytesPerSecond ?? slowestBytesPerSecond));
  const job: Job = {
    id,
    sentAt: now,
    wireMs,
    expects,
    stall: undefined,
    hasNotified: false,
    cutterResumes: 0,
    hasMissed: false,
    isTaken: false,
  };
  const next: PrinterState = {
    ...state,
    job,
    processNumber: confirmBy === 'processId' ? processNumber : state.processNumber,
    unansweredFences: state.unansweredFences + (confirmBy === 'fence' ? 1 : 0),
    isStripTorn: false,
    isStripDoubtful: false,
    // An answer to a question of before is of no use any more, and the next question would only queue behind the ticket.
    round: undefined,
    outlet: 'unknown',
    isOutletAsked: false,
    isRetracting: false,
  };
  return step(
    next,
    send(bytes, 'ticket'),
    { type: 'notice', notice: { type: 'firstByteSent', id } },
    statusEffect(next),
    clearTimer('answer'),
    clearTimer('forget'),
    clearTimer('outlet'),
    clearTimer('retract'),
    timer('poll', wireMs + jobPollMs),
    timer('confirm', wireMs + (confirmBy === 'none' ? settleMs : confirmMs)),
    count('replacedCharacters', ticket.value.replaced),
    count('paperMm', ticket.value.lengthMm),
    count('cuts', config.cutter === 'none' ? 0 : 1),
    count('retracted', mustRetract ? 1 : 0),
  );
};

const leavesDoubt = (result: Result<PrinterReply>): boolean =>
  result.ok && result.value.type === 'unconfirmed' && doubtfulEnds.has(result.value.reason);

/** Ends the job in this step. The state must still hold it. */
const finishJob = (state: PrinterState, job: Job, result: Result<PrinterReply>, config: EscposConfig): Step => {
  const isOut = result.ok && result.value.type !== 'status';
  const next: PrinterState = {
    ...state,
    job: undefined,
    isStripDoubtful: leavesDoubt(result),
    outlet: 'unknown',
    outletChecks: 0,
  };
  const effects: Effect[] = [
    clearTimer('confirm'),
    clearTimer('cutter'),
    statusEffect(next),
    count(result.ok ? result.value.type : 'notPrinted'),
  ];
  if (!state.round) effects.push(timer('poll', heartbeatMs));
  if (state.unansweredFences > 0) effects.push(timer('forget', forgetFencesMs));
  if (isOut && config.hasPresenter) effects.push(timer('outlet', outletPollMs));
  return step(isOut && config.hasPresenter ? { ...next, outlet: 'looking' } : next, ...effects, done(job.id, result));
};

export const confirmByProcessId = (state: PrinterState, job: Job, config: EscposConfig): Step =>
  finishJob(state, job, ok({ type: 'printed', confirmedBy: 'processId' }), config);

const doubtOf = (state: PrinterState, job: Job): UnconfirmedReason | undefined => {
  if (state.hasEcho) return 'lineEcho';
  return job.hasMissed ? 'lostContact' : undefined;
};

/**
 * A GS r answer is one bare byte, and a printer that loses or regains its power often puts a zero on the line; a line that echoes
 * hands back the zeros of the ticket itself. So the answer counts only when the printer was there all the time, nothing was echoed,
 * and a full round of status requests was answered afterwards as well.
 */
export const confirmByFence = (state: PrinterState, job: Job, config: EscposConfig): Step => {
  const doubt = doubtOf(state, job);
  return doubt
    ? finishJob(state, job, unconfirmed(doubt), config)
    : startRound({ ...state, job: { ...job, expects: { by: 'fence', isAnswered: true } } });
};

/** After every complete status round. */
export const verifyFence = (state: PrinterState, job: Job, wasVerifying: boolean, config: EscposConfig): Step => {
  if (job.expects.by !== 'fence' || !job.expects.isAnswered || job.stall) return step(state);
  if (!wasVerifying) return startRound(state);
  const doubt = doubtOf(state, job);
  if (doubt) return finishJob(state, job, unconfirmed(doubt), config);
  return finishJob(state, job, ok({ type: 'printed', confirmedBy: 'fence' }), config);
};

/** A status request of the running job was not answered. */
export const missDuringJob = (state: PrinterState, job: Job, config: EscposConfig): Step =>
  job.expects.by === 'fence' && job.expects.isAnswered
    ? finishJob(state, job, unconfirmed('lostContact'), config)
    : step({ ...state, job: { ...job, hasMissed: true } });

export const expireJob = (state: PrinterState, job: Job, config: EscposConfig): Step =>
  chain(
    finishJob(state, job, unconfirmed(job.expects.by === 'none' ? 'noConfirmation' : 'noAnswer'), config),
    startRound,
  );

const needsCutter = (block: Block | undefined): boolean => block === 'cutterError' || block === 'mechanicalError';

/** The printer's condition changed in the middle of the ticket. The printer keeps the rest; nothing is sent again. */
export const updateJob = (state: PrinterState, job: Job, condition: Condition, config: EscposConfig): Step => {
  const block = blockOf(condition);
  if (block === 'unrecoverableError')
    return finishJob(
      { ...state, isStripTorn: true },
      job,
      blocked(block, 'the printer failed in the middle of the ticket'),
      config,
    );
  // Offline without a cause is no stall: the time for the confirmation goes on.
  const stall = block === 'printerOffline' ? undefined : block;
  if (stall === job.stall) return step(state, statusEffect(state));
  const mustNotify = needsHand(stall) && !job.hasNotified;
  const isResumed = !stall && job.hasNotified;
  const next: PrinterState = {
    ...state,
    job: { ...job, stall, hasNotified: stall ? job.hasNotified || mustNotify : false },
  };
  const effects: Effect[] = [statusEffect(next)];
  if (stall) effects.push(clearTimer('confirm'));
  else effects.push(timer('confirm', job.wireMs + (job.expects.by === 'none' ? settleMs : confirmMs)));
  if (needsCutter(stall)) effects.push(timer('cutter', cutterResumeMs));
  if (mustNotify) effects.push({ type: 'notice', notice: { type: 'waitingForPaper', id: job.id } });
  if (isResumed) effects.push({ type: 'notice', notice: { type: 'resumed', id: job.id } });
  return step(next, ...effects);
};

/** The cutter stopped in the middle of the ticket: let the printer try again, then give up. */
export const resumeCutter = (state: PrinterState, job: Job, config: EscposConfig): Step => {
  const { stall } = job;
  if (!stall || !needsCutter(stall)) return step(state);
  if (job.cutterResumes < cutterResumeLimit)
    return step(
      { ...state, job: { ...job, cutterResumes: job.cutterResumes + 1 } },
      send(resumeAfterError, 'resume after cutter error'),
      timer('cutter', cutterResumeMs * 2),
    );
  return giveUp(state, job, stall, config);
};

/** Fails the job for the reason that holds it up, and sees to it that the rest is not printed later. */
const giveUp = (state: PrinterState, job: Job, stall: Block, config: EscposConfig): Step => {
  const result = blocked(stall, `given up in the middle of the ticket: ${stall}`);
  if (needsCutter(stall))
    return chain(finishJob({ ...state, isStripTorn: true }, job, result, config), (next) =>
      step(next, send(joined(discardAfterError, initialise), 'discard after cutter error')),
    );
  // The cut takes the strip off that is already printed, as soon as there is paper again: nobody else shall get it.
  return chain(finishJob({ ...state, clearingId: job.id }, job, result, config), (next) =>
    step(next, send(joined(clearBuffers, initialise, endOfTicket(config)), 'clear buffers'), timer('clear', clearMs)),
  );
};

export const cancelJob = (state: PrinterState, job: Job, reason: 'timeOut' | 'canceled', config: EscposConfig): Step =>
  job.stall
    ? giveUp(state, job, job.stall, config)
    : // The bytes are on their way and cannot be called back; stopping the printer now would leave half a ticket.
      finishJob(state, job, unconfirmed(reason === 'timeOut' ? 'deadline' : 'canceled'), config);

/** The connection ended. Whole tickets may have come out; half a one is known to be half. */
export const loseJob = (state: PrinterState, job: Job, reason: LossReason, now: number): Step => {
  // Writes are carried out in order: once a later question was answered, the write that failed was not the ticket's.
  const isCutShort =
    (reason === 'writeFailed' && !job.isTaken) || (state.bytesPerSecond !== undefined && now - job.sentAt < job.wireMs);
  const result = job.stall
    ? blocked(job.stall, `the connection ended while the ticket was held up: ${job.stall}`)
    : isCutShort
      ? fail('connectionLost', 'hall', 'the connection ended before the whole ticket was sent')
      : unconfirmed('connectionLost');
  return step(
    afterLoss({ ...state, isStripTorn: !result.ok, isStripDoubtful: leavesDoubt(result) }),
    count(result.ok ? 'unconfirmed' : 'notPrinted'),
    done(job.id, result),
  );
};

/** What is still true of the printer after the connection ended. */
export const afterLoss = (state: PrinterState): PrinterState => ({
  ...initialState,
  processNumber: state.processNumber,
  unansweredFences: state.unansweredFences,
  isStripTorn: state.isStripTorn,
  isStripDoubtful: state.isStripDoubtful,
});
