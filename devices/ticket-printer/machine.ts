// The printer's machine: status rounds, heartbeat, and the dispatch of every event to hello, job or outlet.
//
//   closed ─opened─▶ hello ─DLE EOT 1–4─▶ probing (hello.ts) ─▶ ready ─print─▶ (job.ts)
//     ▲                │                      │                  │ heartbeat every 5 s
//     └──── reopen ◀───┴── 3 x no answer ─────┴──────────────────┘

import { fail, ok } from '../kit/result.ts';
import type { DeviceEvent, DeviceMachine } from '../kit/machine.ts';
import type { Fault } from '../kit/status.ts';
import type { PrinterCommand, PrinterNotice, PrinterReply } from './api.ts';
import type { PrinterFrame } from './codec.ts';
import { clearBuffers, discardAfterError, initialise, statusKinds, statusRequest } from './commands.ts';
import { blockOf, conditionOfAnswers, conditionOfReport, faultsOf, needsHand, type Condition } from './condition.ts';
import type { EscposConfig } from './config.ts';
import { becomeReady, enterService, infoAnswered, probeAnswered, probeTimedOut, startProbe } from './hello.ts';
import {
  afterLoss,
  cancelJob,
  confirmByFence,
  confirmByProcessId,
  expireJob,
  loseJob,
  missDuringJob,
  resumeCutter,
  startJob,
  updateJob,
  verifyFence,
} from './job.ts';
import { askOutlet, outletAnswered, retract } from './outlet.ts';
import {
  answerTimeoutMs,
  beginRound,
  chain,
  clearTimer,
  count,
  cutterRetryMs,
  forgetFencesMs,
  heartbeatMs,
  initialState,
  jobPollMs,
  lateAnswersMs,
  missLimit,
  retryMs,
  send,
  stalledRetryMs,
  startRound,
  statusEffect,
  step,
  timer,
  type PrinterState,
  type Step,
  type TimerName,
} from './state.ts';

export * from './state.ts';

type Event = DeviceEvent<PrinterFrame, PrinterCommand>;
export type PrinterMachine = DeviceMachine<PrinterState, PrinterFrame, PrinterCommand, PrinterReply, PrinterNotice>;

const deviceSilent: Fault = { code: 'deviceSilent', who: 'engineer' };

/** GS r 1 answers with these only: bits 0–1 near end, bits 2–3 end. Anything else is noise. */
const fenceAnswers = new Set([0x00, 0x03, 0x0c, 0x0f]);

/** Pure. `config` does not change while the machine runs. */
export const createPrinterMachine = (config: EscposConfig): PrinterMachine => {
  const opened = (state: PrinterState, { baudRate, info }: Event & { type: 'opened' }, now: number): Step => {
    const baud = config.lineBaudRate ?? baudRate;
    const next: PrinterState = {
      ...afterLoss(state),
      phase: 'hello',
      // What the bus says; a printer that knows GS I says it better.
      info: {
        ...(info?.product === undefined ? {} : { model: info.product }),
        ...(info?.serialNumber === undefined ? {} : { serialNumber: info.serialNumber }),
      },
      bytesPerSecond: baud === undefined ? undefined : baud / 10,
      // Not always 0001: an answer to the last ticket of an earlier run must not confirm the first one of this run.
      processNumber: state.processNumber || Math.floor(now / 1000) % 9999,
    };
    return chain(
      step(
        next,
        ...(next.isStripTorn ? [send(clearBuffers, 'clear buffers after a torn ticket')] : []),
        ...(next.unansweredFences > 0 ? [timer('forget', forgetFencesMs)] : []),
      ),
      startRound,
    );
  };

  const lost = (state: PrinterState, event: Event & { type: 'lost' }, now: number): Step => {
    if (state.job) return loseJob(state, state.job, event.reason, now);
    const waiting = state.held?.id ?? state.refreshId;
    if (waiting === undefined) return step(afterLoss(state));
    const result = fail('connectionLost', 'hall', `the connection ended: ${event.reason}`);
    return step(afterLoss(state), { type: 'complete', id: waiting, result });
  };

  const answered = (state: PrinterState, value: number, now: number): Step => {
    const { round } = state;
    // Nothing was asked: the answer is late, and which of the four it is cannot be known.
    if (!round) return step(state, count('unexpectedAnswers'));
    if (round.lateAnswers === 'goingBy') return step(state, count('unexpectedAnswers'));
    if (round.lateAnswers === 'possible')
      return step({ ...state, round: { ...round, lateAnswers: 'goingBy' } }, timer('answer', lateAnswersMs));
    const answers = { ...round.answers, [round.kind]: value };
    const following = statusKinds.find((kind) => kind > round.kind);
    if (following !== undefined)
      return step(
        { ...state, round: { ...round, kind: following, answers } },
        send(statusRequest(following), `status ${following}`),
        timer('answer', answerTimeoutMs),
      );
    const { 1: one = 0, 2: two = 0, 3: three = 0, 4: four = 0 } = answers;
    const asked = conditionOfAnswers({ 1: one, 2: two, 3: three, 4: four });
    const condition = round.isSuperseded && state.condition ? state.condition : asked;
    const { misses } = state;
    return chain(
      step(
        {
          ...state,
          round: undefined,
          misses: 0,
          hasEcho: round.hasEcho,
          job: state.job && { ...state.job, isTaken: true },
        },
        clearTimer('answer'),
        timer('poll', state.job ? jobPollMs : heartbeatMs),
      ),
      (next) => know(next, condition, now),
      (next) => (next.phase === 'hello' ? enterService(next, condition, config, now) : step(next)),
      (next) => (next.job ? verifyFence(next, next.job, round.isVerifying, config) : step(next)),
      (next) =>
        misses > 0 && next.phase === 'ready' && !next.job ? cameBack(next, misses, condition, now) : step(next),
      refreshed,
    );
  };

  /** Silent and back: perhaps it was switched off, and with it the automatic status. Perhaps it is another printer. */
  const cameBack = (state: PrinterState, misses: number, condition: Condition, now: number): Step =>
    misses > 1 ? enterService(state, condition, config, now) : step(state, send(initialise, 'initialise'));

  const refreshed = (state: PrinterState): Step =>
    state.refreshId === undefined || state.round
      ? step(state)
      : step(
          { ...state, refreshId: undefined },
          { type: 'complete', id: state.refreshId, result: ok({ type: 'status' }) },
        );

  /** The answer to a status request did not come. */
  const missed = (state: PrinterState): Step => {
    const next: PrinterState = { ...state, round: undefined, misses: state.misses + 1, refreshId: undefined };
    const isSilent = next.misses >= missLimit && !next.job;
    // A printer that waits for paper or its cover may take no more questions (its line busy, its USB pipe full), or is switched off
    // by whoever loads the paper. Its last word is worth more to the hall than that it says nothing now.
    const cause =
      next.phase === 'ready' && next.condition && needsHand(blockOf(next.condition)) ? next.condition : undefined;
    return chain(
      step(next, count('unanswered')),
      (now) => (now.job ? missDuringJob(now, now.job, config) : step(now)),
      (now) =>
        state.refreshId === undefined
          ? step(now)
          : step(now, {
              type: 'complete',
              id: state.refreshId,
              result: fail('timeOut', 'engineer', 'the printer does not answer'),
            }),
      (now) =>
        isSilent && cause
          ? step(
              now,
              { type: 'status', state: 'userError', faults: [...faultsOf(cause), deviceSilent] },
              timer('poll', stalledRetryMs),
            )
          : isSilent
            ? step(
                now,
                { type: 'status', state: 'offline', faults: [deviceSilent] },
                { type: 'reopen', reason: 'silent' },
              )
            : step(now, timer('poll', now.job?.stall && now.misses > missLimit ? stalledRetryMs : retryMs)),
    );
  };

  /** The printer's condition, from whichever source, goes to the job or to the status. */
  const know = (state: PrinterState, condition: Condition, now: number): Step => {
    const before = state.condition;
    const next: PrinterState = { ...state, condition };
    if (next.job) return updateJob(next, next.job, condition, config);
    switch (next.phase) {
      case 'closed':
      case 'hello':
        return step(next);
      case 'probing':
        // With the cover open nothing is answered, which would say nothing about what the printer can confirm.
        return blockOf(condition) ? becomeReady(next, undefined, config, now) : step(next);
      case 'ready': {
        const isBack = before !== undefined && blockOf(before) !== undefined && blockOf(condition) === undefined;
        // Only one that was never asked: asking again would hold up the first ticket on the new roll.
        if (isBack && next.confirmBy === undefined && config.completion === 'auto') return startProbe(next);
        return retryCutter(next, condition, now);
      }
      default:
        next.phase satisfies never;
        return step(next);
    }
  };

  // After the jam is removed the printer still waits for this command. Not often: each try moves the blade.
  const retryCutter = (state: PrinterState, condition: Condition, now: number): Step =>
    condition.hasCutterError && now - state.cutterRetriedAt >= cutterRetryMs
      ? step({ ...state, cutterRetriedAt: now }, statusEffect(state), send(discardAfterError, 'recover the cutter'))
      : step(state, statusEffect(state));

  const queuedAnswer = (state: PrinterState, value: number, now: number): Step => {
    if (!fenceAnswers.has(value) || state.unansweredFences === 0) return step(state, count('unexpectedAnswers'));
    const next: PrinterState = { ...state, unansweredFences: state.unansweredFences - 1 };
    if (next.probe?.step === 'fence') return becomeReady(next, 'fence', config, now);
    const { job } = next;
    if (job?.expects.by !== 'fence' || job.expects.isAnswered) return step(next);
    // They come in order and without a number: only the last one outstanding is this ticket's.
    return next.unansweredFences === 0 ? confirmByFence(next, job, config) : step(next, count('lateConfirmations'));
  };

  const received = (state: PrinterState, frame: PrinterFrame, now: number): Step => {
    switch (frame.type) {
      case 'realTime':
        return answered(state, frame.value, now);
      case 'autoStatus':
        return know(
          state.round ? { ...state, round: { ...state.round, isSuperseded: true } } : state,
          conditionOfReport(frame.bytes),
          now,
        );
      case 'processId': {
        const { job } = state;
        return job?.expects.by === 'processId' && job.expects.processId === frame.processId
          ? confirmByProcessId(state, job, config)
          : probeAnswered(state, frame.processId, config, now);
      }
      case 'queued':
        return queuedAnswer(state, frame.value, now);
      case 'cleared': {
        const next: PrinterState = { ...state, unansweredFences: 0, clearingId: undefined };
        if (state.clearingId === undefined) return step(next);
        const notice: PrinterNotice = { type: 'bufferCleared', id: state.clearingId };
        return step(next, clearTimer('clear'), { type: 'notice', notice });
      }
      case 'offlineReport':
        return startRound(state);
      case 'presenter':
        return state.isOutletAsked ? outletAnswered(state, frame, config) : step(state, count('unexpectedAnswers'));
      case 'info':
        return infoAnswered(state, frame.text, config);
      case 'echo':
        return step(
          { ...state, hasEcho: true, round: state.round && { ...state.round, hasEcho: true } },
          count('unexpectedAnswers'),
        );
      case 'block':
      case 'flow':
        return step(state);
      default:
        frame satisfies never;
        return step(state);
    }
  };

  const timedOut = (state: PrinterState, name: TimerName, now: number): Step => {
    const { job } = state;
    switch (name) {
      case 'poll':
        return state.phase === 'probing' ? step(state) : startRound(state);
      case 'answer':
        return state.round?.lateAnswers === 'goingBy' ? beginRound(state, 'gone') : missed(state);
      case 'probe':
        return probeTimedOut(state, config, now);
      case 'confirm':
        return job ? expireJob(state, job, config) : step(state);
      case 'cutter':
        return job ? resumeCutter(state, job, config) : step(state);
      case 'clear': {
        if (state.clearingId === undefined) return step(state);
        const notice: PrinterNotice = { type: 'mayStillPrint', id: state.clearingId };
        return step({ ...state, clearingId: undefined }, { type: 'notice', notice });
      }
      case 'forget': {
        const isQuiet = !job && state.condition !== undefined && blockOf(state.condition) === undefined;
        return isQuiet ? step({ ...state, unansweredFences: 0 }) : step(state, timer('forget', forgetFencesMs));
      }
      case 'outlet':
        return askOutlet(state);
      case 'retract':
        return retract(state);
      default:
        name satisfies never;
        return step(state);
    }
  };

  const commanded = (state: PrinterState, id: string, command: PrinterCommand, now: number): Step => {
    switch (command.type) {
      case 'print':
        // During hello the ticket waits for the questions to be over: at most 1.6 s.
        return state.phase === 'ready'
          ? startJob(state, id, command, config, now)
          : step({ ...state, held: { id, command } });
      case 'refreshStatus':
        return startRound({ ...state, refreshId: id });
      default:
        command satisfies never;
        return step(state);
    }
  };

  const canceled = (state: PrinterState, id: string, reason: 'timeOut' | 'canceled'): Step => {
    if (state.job?.id === id) return cancelJob(state, state.job, reason, config);
    // Nothing was sent yet, so nothing was printed.
    return step(
      { ...state, held: undefined, refreshId: undefined },
      { type: 'complete', id, result: fail(reason, 'system', 'given up before the first byte') },
    );
  };

  return {
    initial: initialState,
    next(state, event, now) {
      switch (event.type) {
        case 'opened':
          return opened(state, event, now);
        case 'lost':
          return lost(state, event, now);
        case 'frame':
          return received(state, event.frame, now);
        case 'discarded':
          // Noise is made of zeros as often as not, and a zero is what GS r is answered with.
          return step(state.job?.expects.by === 'fence' ? { ...state, job: { ...state.job, hasMissed: true } } : state);
        case 'timer':
          return timedOut(state, event.name as TimerName, now);
        case 'command':
          return commanded(state, event.id, event.command, now);
        case 'cancel':
          return canceled(state, event.id, event.reason);
        default:
          event satisfies never;
          return step(state);
      }
    },
  };
};
