// The eSCL scanner as a pure machine over HTTP exchanges, one at a time:
//
//   absent ──15 s──▶ probing: capabilities, status ──▶ ready ──scan──▶ status ─▶ job ─▶ page, page, … ─▶ 404 ─▶ status ─▶ ready
//     ▲                       │                          ▲                              │ cancel, fault
//     └──── no answer ────────┘                          └────────── DELETE job ◀───────┘
//
// A page counts when its whole picture came. What the end of a stack means (no more paper, a jam, an open cover) only the status
// afterwards says: many scanners answer 404 to all of them.

import type { DeviceEffect, DeviceEvent, DeviceMachine } from '../../kit/machine.ts';
import { fail, ok, type Result } from '../../kit/result.ts';
import type { ScanCommand, ScanNotice, ScannedPage, ScanReply } from '../api.ts';
import { cutShortBy, scannerFaults, whoOf, type ScanFaultCode } from '../faults.ts';
import { encodeRequest, type EsclFrame, type EsclRequest, type Purpose } from './codec.ts';
import { conditionOf, faultOfAnswer, isBusy, isStanding, lostBy, stateOfFault } from './conditions.ts';
import { rootPath, type EsclConfig } from './config.ts';
import type { EsclCapabilities, EsclStatus } from './documents.ts';
import { capabilitiesOf, optionsOf, planOf } from './plan.ts';
import {
  busyWaitLimit,
  initial,
  lookAgainMs,
  missLimit,
  pageSilenceMs,
  pageWaitLimit,
  probeEveryMs,
  questionLimitMs,
  waitMs,
  type EsclState,
  type Scan,
} from './state.ts';

const documentLimitBytes = 256 * 1024;
const bytesPerMb = 1024 * 1024;

type Effect = DeviceEffect<ScanReply, ScanNotice>;
type Turn = { state: EsclState; effects: Effect[] };
export type EsclMachine = DeviceMachine<EsclState, EsclFrame, ScanCommand, ScanReply, ScanNotice>;

export const createEsclMachine = (config: EsclConfig): EsclMachine => {
  const root = rootPath(config);

  const set = (turn: Turn, change: Partial<EsclState>): void => {
    turn.state = { ...turn.state, ...change };
  };
  const setScan = (turn: Turn, change: Partial<Scan>): void => {
    const { scan } = turn.state;
    if (scan) set(turn, { scan: { ...scan, ...change } });
  };

  const tellStatus = (turn: Turn): void => {
    const { fault, capabilities, scan } = turn.state;
    if (fault !== undefined)
      turn.effects.push({ type: 'status', state: stateOfFault(fault), faults: [{ code: fault, who: whoOf(fault) }] });
    else if (scan && !scan.isGivenUp) turn.effects.push({ type: 'status', state: 'busy', faults: [] });
    else if (capabilities) turn.effects.push({ type: 'status', state: 'online', faults: [] });
  };

  const ask = (turn: Turn, purpose: Purpose, path: string, body?: string): void => {
    const tag = turn.state.tag + 1;
    const method = purpose === 'createJob' ? 'POST' : purpose === 'deleteJob' ? 'DELETE' : 'GET';
    const limitBytes = purpose === 'page' ? config.pageLimitMb * bytesPerMb : documentLimitBytes;
    const request: EsclRequest = {
      type: 'ask',
      tag,
      purpose,
      method,
      path,
      limitBytes,
      ...(body === undefined ? {} : { body }),
    };
    set(turn, { tag, asked: purpose });
    turn.effects.push(
      { type: 'clearTimer', name: 'next' },
      { type: 'send', bytes: encodeRequest(request), label: `${method} ${path}` },
      { type: 'timer', name: 'silent', delayMs: purpose === 'page' ? pageSilenceMs : questionLimitMs },
    );
  };
  const askStatus = (turn: Turn): void => ask(turn, 'status', `${root}/ScannerStatus`);
  const askCapabilities = (turn: Turn): void => ask(turn, 'capabilities', `${root}/ScannerCapabilities`);
  const askPage = (turn: Turn): void => ask(turn, 'page', `${turn.state.scan?.path ?? ''}/NextDocument`);
  /** What is due next happens after a pause; `onTimer` knows from the state what it is. */
  const later = (turn: Turn, delayMs: number): void => void turn.effects.push({ type: 'timer', name: 'next', delayMs });

  const complete = (turn: Turn, result: Result<ScanReply>): void => {
    const { job } = turn.state;
    if (!job) return;
    set(turn, { job: undefined });
    turn.effects.push({ type: 'complete', id: job.id, result });
  };

  const rest = (turn: Turn, delayMs = config.heartbeatMs): void => {
    tellStatus(turn);
    startJob(turn);
    if (turn.state.asked === undefined) later(turn, turn.state.capabilities ? delayMs : probeEveryMs);
  };

  /** The job at the scanner, if there is one, is ended before anything else is asked. */
  const endScan = (turn: Turn, mustDelete: boolean): void => {
    const { scan } = turn.state;
    if (mustDelete && scan?.path !== undefined) {
      setScan(turn, { isGivenUp: true });
      ask(turn, 'deleteJob', scan.path);
      return;
    }
    set(turn, { scan: undefined });
    rest(turn, turn.state.fault === undefined ? config.heartbeatMs : lookAgainMs);
  };

  const succeed = (turn: Turn, mustDelete: boolean): void => {
    const { scan } = turn.state;
    if (!scan) return;
    set(turn, { fault: undefined });
    const first = scan.pages[0]?.bytes.length ?? 0;
    complete(
      turn,
      ok(scan.plan.isTest ? { type: 'lineScanned', lengthBytes: first } : { type: 'pages', pages: scan.pages }),
    );
    endScan(turn, mustDelete);
  };

  const stand = (turn: Turn, fault: ScanFaultCode): void => {
    turn.effects.push({ type: 'count', name: `ended.${fault}` });
    if (isStanding(fault)) set(turn, { fault });
    if (lostBy(fault)) set(turn, { fault, capabilities: undefined });
  };

  const giveUp = (turn: Turn, fault: ScanFaultCode, why: string): void => {
    const { scan } = turn.state;
    stand(turn, fault);
    const pages = scan?.plan.source === 'feeder' ? scan.pages : [];
    complete(
      turn,
      pages.length > 0
        ? ok({ type: 'pages', pages, cutShort: cutShortBy(fault) })
        : fail(fault, whoOf(fault), `${why}: ${scannerFaults[fault].en.what}`),
    );
    endScan(turn, !lostBy(fault));
  };

  const startJob = (turn: Turn): void => {
    const { job, capabilities, scan, asked, fault } = turn.state;
    if (!job || scan) return;
    if (!capabilities) {
      // At the first probe the command waits; once the scanner is known to be missing it does not.
      if (fault !== undefined)
        complete(turn, fail('deviceNotReady', whoOf(fault), `the scanner is not ready: ${fault}`));
      return;
    }
    if (job.command.type === 'listOptions') {
      askCapabilities(turn);
      return;
    }
    const plan = planOf(config, capabilities, job.command);
    if (!plan.ok) {
      complete(turn, plan);
      if (asked === undefined) later(turn, config.heartbeatMs);
      return;
    }
    set(turn, { scan: { plan: plan.value, pages: [], waits: 0, percent: -1 } });
    askStatus(turn);
    tellStatus(turn);
  };

  const wait = (turn: Turn, limit: number, orElse: ScanFaultCode): void => {
    const waits = (turn.state.scan?.waits ?? 0) + 1;
    if (waits > limit) {
      giveUp(turn, orElse, `still not ready after ${limit} tries`);
      return;
    }
    setScan(turn, { waits });
    later(turn, waitMs);
  };

  const beforeJob = (turn: Turn, scan: Scan, status: EsclStatus): void => {
    const condition = conditionOf(status, scan.plan.source);
    const [left] = status.openJobs;
    if (condition !== undefined) giveUp(turn, condition, 'before the scan');
    else if (isBusy(status) && config.isExclusive && left !== undefined && scan.waits < busyWaitLimit) {
      setScan(turn, { waits: scan.waits + 1 });
      ask(turn, 'deleteJob', left);
    } else if (isBusy(status)) wait(turn, busyWaitLimit, 'busy');
    else if (scan.plan.source === 'feeder' && status.feeder === 'empty' && config.knowsEmptyFeeder)
      giveUp(turn, 'feederEmpty', 'before the scan');
    else ask(turn, 'createJob', `${root}/ScanJobs`, scan.plan.settings);
  };

  /** Why a page did not come. */
  const whyNot = (turn: Turn, scan: Scan, status: EsclStatus): void => {
    const { asksWhy } = scan;
    setScan(turn, { asksWhy: undefined });
    const condition = conditionOf(status, scan.plan.source);
    if (condition !== undefined) giveUp(turn, condition, 'in the middle of the scan');
    else if (asksWhy === 'notReady') wait(turn, pageWaitLimit, 'scannerSilent');
    else if (asksWhy === 'refused') giveUp(turn, scan.path === undefined ? 'optionRefused' : 'ioError', 'refused');
    else if (scan.pages.length > 0) succeed(turn, false);
    else giveUp(turn, scan.plan.source === 'feeder' ? 'feederEmpty' : 'ioError', 'the job gave no page');
  };

  const onStatus = (turn: Turn, status: EsclStatus): void => {
    const { scan } = turn.state;
    if (scan?.asksWhy) whyNot(turn, scan, status);
    else if (scan) beforeJob(turn, scan, status);
    else {
      const { capabilities } = turn.state;
      set(turn, { fault: conditionOf(status, capabilities?.feeder ? 'feeder' : 'platen'), misses: 0 });
      rest(turn);
    }
  };

  const onCapabilities = (turn: Turn, capabilities: EsclCapabilities): void => {
    const { model, serialNumber, version } = capabilities;
    set(turn, { capabilities, misses: 0 });
    turn.effects.push({
      type: 'identity',
      identity: {
        ...(model ? { model } : {}),
        ...(serialNumber ? { serialNumber } : {}),
        capabilities: [...(version ? [`eSCL ${version}`] : []), ...capabilitiesOf(capabilities)],
      },
    });
    if (turn.state.job?.command.type === 'listOptions')
      complete(turn, ok({ type: 'options', options: optionsOf(capabilities) }));
    askStatus(turn);
  };

  const onPage = (turn: Turn, page: ScannedPage): void => {
    const { scan } = turn.state;
    if (!scan) return;
    const pages = [...scan.pages, page];
    setScan(turn, { pages, waits: 0, percent: -1 });
    turn.effects.push({ type: 'notice', notice: { type: 'progress', percent: 100 } });
    if (scan.plan.source === 'platen') succeed(turn, false);
    else if (pages.length >= config.pageLimit) succeed(turn, true);
    else later(turn, config.pageGapMs);
  };

  /** A page was not given. 404 and 410 are the ordinary end of a stack, and of a jammed one. */
  const onRefusedPage = (turn: Turn, httpStatus: number): void => {
    const isEnd = httpStatus === 404 || httpStatus === 410;
    setScan(turn, { asksWhy: isEnd ? 'ended' : httpStatus === 503 ? 'notReady' : 'refused' });
    askStatus(turn);
  };

  /** A question that got no usable answer, in its place in the story. */
  const onTrouble = (turn: Turn, purpose: Purpose, fault: ScanFaultCode, why: string): void => {
    const { scan, job, misses, capabilities } = turn.state;
    if (purpose === 'deleteJob' && scan && !scan.isGivenUp) {
      // A job left behind that ended by itself meanwhile.
      later(turn, waitMs);
      return;
    }
    if (purpose === 'deleteJob' || scan?.isGivenUp) {
      // It may never have been begun, or be over already.
      set(turn, { scan: undefined });
      rest(turn, lookAgainMs);
      return;
    }
    if (scan) {
      giveUp(turn, fault, why);
      return;
    }
    turn.effects.push({ type: 'count', name: 'unanswered' });
    const isAsked = purpose === 'capabilities' && job?.command.type === 'listOptions';
    if (capabilities && misses + 1 < missLimit && !isAsked) {
      set(turn, { misses: misses + 1 });
      later(turn, lookAgainMs);
      return;
    }
    set(turn, { capabilities: undefined, misses: 0, fault });
    if (isAsked) complete(turn, fail(fault, whoOf(fault), why));
    rest(turn);
  };

  const onReceived = (turn: Turn, { bytes, ofBytes }: Extract<EsclFrame, { type: 'received' }>): void => {
    const { scan, asked } = turn.state;
    turn.effects.push({ type: 'timer', name: 'silent', delayMs: asked === 'page' ? pageSilenceMs : questionLimitMs });
    // Without a length nobody knows how much is to come.
    if (!scan || scan.isGivenUp || asked !== 'page' || ofBytes === undefined) return;
    const percent = Math.min(99, Math.floor((100 * bytes) / ofBytes));
    if (percent <= scan.percent) return;
    setScan(turn, { percent });
    turn.effects.push({ type: 'notice', notice: { type: 'progress', percent } });
  };

  const onFrame = (turn: Turn, frame: EsclFrame): void => {
    const { asked, tag, scan } = turn.state;
    if (frame.tag !== tag || asked === undefined) {
      turn.effects.push({ type: 'count', name: 'lateAnswers' });
      return;
    }
    if (frame.type === 'received') {
      onReceived(turn, frame);
      return;
    }
    set(turn, { asked: undefined });
    turn.effects.push({ type: 'clearTimer', name: 'silent' });
    switch (frame.type) {
      case 'capabilities':
        onCapabilities(turn, frame.capabilities);
        return;
      case 'status':
        onStatus(turn, frame.status);
        return;
      case 'jobCreated':
        setScan(turn, { path: frame.path, waits: 0 });
        // Cancelled while the job was being made: only now is there something to end.
        if (scan?.isGivenUp) endScan(turn, true);
        else askPage(turn);
        return;
      case 'page':
        onPage(turn, frame.page);
        return;
      case 'deleted':
        if (scan && !scan.isGivenUp) askStatus(turn);
        else endScan(turn, false);
        return;
      case 'refused':
        if (scan && !scan.isGivenUp && frame.purpose === 'page') onRefusedPage(turn, frame.httpStatus);
        else if (scan && !scan.isGivenUp && frame.purpose === 'createJob' && frame.httpStatus === 503)
          wait(turn, busyWaitLimit, 'busy');
        else if (scan && !scan.isGivenUp && frame.purpose === 'createJob' && frame.httpStatus !== 401) {
          setScan(turn, { asksWhy: 'refused' });
          askStatus(turn);
        } else onTrouble(turn, frame.purpose, faultOfAnswer(frame), `HTTP ${frame.httpStatus}`);
        return;
      case 'unusable':
        onTrouble(turn, frame.purpose, faultOfAnswer(frame), frame.why);
        return;
      case 'failed':
        onTrouble(turn, frame.purpose, faultOfAnswer(frame), frame.reason);
        return;
      default:
        frame satisfies never;
    }
  };

  const onTimer = (turn: Turn, name: string): void => {
    const { asked, scan, capabilities } = turn.state;
    if (name === 'silent' && asked !== undefined) {
      set(turn, { asked: undefined });
      turn.effects.push({ type: 'send', bytes: encodeRequest({ type: 'abort' }), label: 'abort' });
      onTrouble(turn, asked, 'scannerSilent', `no answer to ${asked}`);
    } else if (name === 'next' && asked === undefined) {
      if (scan?.path !== undefined) askPage(turn);
      else if (scan || capabilities) askStatus(turn);
      else askCapabilities(turn);
    }
  };

  const onCancel = (turn: Turn, reason: 'timeOut' | 'canceled'): void => {
    const { asked, scan } = turn.state;
    complete(turn, fail(reason, 'system', reason === 'timeOut' ? 'the deadline passed' : 'the caller gave up'));
    if (!scan || scan.isGivenUp) return;
    setScan(turn, { isGivenUp: true, pages: [] });
    turn.effects.push({ type: 'clearTimer', name: 'next' });
    tellStatus(turn);
    // A job that is just being made can only be ended once the scanner has named it.
    if (asked === 'createJob') return;
    if (asked !== undefined) {
      set(turn, { asked: undefined });
      turn.effects.push(
        { type: 'clearTimer', name: 'silent' },
        { type: 'send', bytes: encodeRequest({ type: 'abort' }), label: 'abort' },
      );
    }
    endScan(turn, true);
  };

  const handle = (turn: Turn, event: DeviceEvent<EsclFrame, ScanCommand>): void => {
    switch (event.type) {
      case 'opened':
        turn.state = { ...initial, tag: turn.state.tag };
        askCapabilities(turn);
        return;
      case 'lost':
        turn.state = { ...initial, tag: turn.state.tag };
        return;
      case 'frame':
        onFrame(turn, event.frame);
        return;
      case 'discarded':
        turn.effects.push({ type: 'count', name: 'unknownMessages' });
        return;
      case 'timer':
        onTimer(turn, event.name);
        return;
      case 'command':
        set(turn, { job: { id: event.id, command: event.command } });
        startJob(turn);
        return;
      case 'cancel':
        if (turn.state.job?.id === event.id) onCancel(turn, event.reason);
        return;
      default:
        event satisfies never;
    }
  };

  return {
    initial,
    next(state, event) {
      const turn: Turn = { state, effects: [] };
      handle(turn, event);
      return { state: turn.state, effects: turn.effects };
    },
  };
};
