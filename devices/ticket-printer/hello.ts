// What can this printer confirm? Asked at every connection, and again when it comes back from a state in which it could not
// answer.
//
//   startProbe ─GS ( H fn 48─▶ answered ─▶ processId
//                  │ 800 ms
//                  └─GS r 1──▶ answered ─▶ fence
//                      │ 800 ms
//                      └────────────────▶ none: every ticket ends `unconfirmed`
//
// No paper moves: the questions print nothing, and `initialise` (ESC @) afterwards empties the line buffer of a printer that
// took them for text.

import type { EscposConfig } from './config.ts';
import { fenceRequest, infoRequests, initialise, processIdRequest, type InfoKind } from './commands.ts';
import { blockOf, type Condition } from './condition.ts';
import { startJob } from './job.ts';
import {
  chain,
  clearTimer,
  count,
  heartbeatMs,
  nextProcessId,
  probeMs,
  send,
  statusEffect,
  step,
  timer,
  type ConfirmBy,
  type Effect,
  type PrinterState,
  type Step,
} from './state.ts';

const infoOrder: readonly InfoKind[] = ['model', 'firmware', 'serialNumber'];

const bytesOf = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));

/** The printer answered a whole status round: into service, by way of the questions where they are wanted and possible. */
export const enterService = (state: PrinterState, condition: Condition, config: EscposConfig, now: number): Step => {
  if (config.completion !== 'auto') return becomeReady(state, config.completion, config, now);
  // Offline, nothing that is queued gets an answer: asked again when the cause is gone.
  return blockOf(condition) ? becomeReady(state, undefined, config, now) : startProbe(state);
};

export const startProbe = (state: PrinterState): Step => {
  const { processNumber, processId } = nextProcessId(state);
  return step(
    { ...state, phase: 'probing', probe: { step: 'processId' }, probeId: processId, processNumber },
    clearTimer('poll'),
    send(bytesOf(initialise, processIdRequest(processId)), 'hello: process id?'),
    timer('probe', probeMs),
  );
};

export const probeTimedOut = (state: PrinterState, config: EscposConfig, now: number): Step =>
  state.probe?.step === 'processId'
    ? step(
        { ...state, probe: { step: 'fence' }, unansweredFences: state.unansweredFences + 1 },
        send(bytesOf(initialise, fenceRequest), 'hello: fence?'),
        timer('probe', probeMs),
      )
    : becomeReady(state, 'none', config, now);

/** `confirmBy` undefined: the printer is in no state to be asked, and in no state to print. */
export const becomeReady = (
  state: PrinterState,
  confirmBy: ConfirmBy | undefined,
  config: EscposConfig,
  now: number,
): Step => {
  const { held } = state;
  const next: PrinterState = { ...state, phase: 'ready', confirmBy, probe: undefined, held: undefined };
  return chain(
    step(
      next,
      clearTimer('probe'),
      // Sent in any case: it switches the automatic status on and wipes what a simple printer made of the questions.
      send(initialise, 'initialise'),
      identityEffect(next, config),
      statusEffect(next),
      timer('poll', heartbeatMs),
    ),
    // Only printers that know GS ( H are asked for their name: the others might take the question for text.
    (ready) => (confirmBy === 'processId' ? askInfo(ready, 'model') : step(ready)),
    (ready) => (held ? startJob(ready, held.id, held.command, config, now) : step(ready)),
  );
};

export const identityEffect = (state: PrinterState, config: EscposConfig): Effect => ({
  type: 'identity',
  identity: {
    ...state.info,
    capabilities: [
      'print',
      'cut',
      'qr',
      'code128',
      ...(state.confirmBy && state.confirmBy !== 'none' ? [`confirm:${state.confirmBy}`] : []),
      ...(config.hasPresenter ? ['presenter'] : []),
    ],
  },
});

const askInfo = (state: PrinterState, kind: InfoKind): Step =>
  step({ ...state, infoAsked: kind }, send(infoRequests[kind], `info: ${kind}`));

/** Answers come in the order of the questions; one question at a time, so that none is taken for another. */
export const infoAnswered = (state: PrinterState, text: string, config: EscposConfig): Step => {
  const { infoAsked } = state;
  if (!infoAsked) return step(state, count('unexpectedAnswers'));
  const following = infoOrder[infoOrder.indexOf(infoAsked) + 1];
  const next: PrinterState = { ...state, info: { ...state.info, [infoAsked]: text }, infoAsked: undefined };
  return chain(step(next, identityEffect(next, config)), (known) =>
    following ? askInfo(known, following) : step(known),
  );
};

/** 37 22 … 00 outside a job: the answer to the question, perhaps after it was given up. */
export const probeAnswered = (state: PrinterState, processId: string, config: EscposConfig, now: number): Step => {
  if (processId !== state.probeId) return step(state, count('lateConfirmations'));
  if (state.phase === 'probing') return becomeReady(state, 'processId', config, now);
  if (config.completion !== 'auto' || state.confirmBy === 'processId') return step(state, count('lateConfirmations'));
  const next: PrinterState = { ...state, confirmBy: 'processId' };
  return step(next, identityEffect(next, config));
};
