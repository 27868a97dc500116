// The scanner as a pure machine over scanimage processes, one at a time:
//
//   absent ──15 s──▶ probing ──options listed──▶ ready ──command──▶ running ──ended──▶ ready
//     ▲                 │                          ▲                   │ cancel: SIGINT, 5 s later SIGKILL
//     └──── missing ────┘                          └────── ended ──────┘
//
// A page counts when its whole file came; a process that ended well without one has failed.

import type { DeviceEffect, DeviceEvent, DeviceMachine } from '../../kit/machine.ts';
import { fail, ok, type Result } from '../../kit/result.ts';
import type { DeviceState, Fault } from '../../kit/status.ts';
import type { ScanCommand, ScanNotice, ScannedPage, ScannerOptions, ScanReply } from '../api.ts';
import { encodeRequest, type ProcessEnd, type SaneDevice, type ScanFrame } from './codec.ts';
import type { SaneConfig } from './config.ts';
import { cutShortBy, whoOf, type ScanFaultCode } from '../faults.ts';
import {
  capabilitiesOf,
  faultOfEnd,
  faultOfLastWords,
  findArguments,
  isLastWords,
  probeArguments,
  saysFeederEmpty,
  scanArguments,
  testLineArguments,
  type ScanTarget,
} from './scanimage.ts';

export const probeEveryMs = 15_000;
/** A probe or a test line that takes longer hangs (network backends may search for 30 s when no device is named). */
export const hangLimitMs = 20_000;
/** From SIGINT, which lets the backend park the carriage, to SIGKILL. */
/** Searching asks every backend and the network. */
const findLimitMs = 45_000;
export const killAfterMs = 5000;
/** A killed process that still has not ended hangs in the kernel, e.g. on a USB bus that is gone. */
export const deadAfterMs = 5000;
/** After an error scanimage ends at once; some backends leave it hanging. */
export const endAfterErrorMs = 3000;

type Purpose = 'find' | 'probe' | 'scan' | 'testLine';
type Job = { id: string; command: ScanCommand };

type Running = {
  purpose: Purpose;
  /** In the order of the feeder; a page that was broken or got lost leaves a gap. */
  pages: readonly (ScannedPage | undefined)[];
  options?: ScannerOptions;
  devices?: readonly SaneDevice[];
  said: readonly string[];
  percent: number;
  /** It was told to stop: by the caller, or because it hung. */
  stopped?: 'canceled' | 'hung';
};

export type ScannerState = {
  /** Of the last process that was started: what an earlier one still has to say is not about this one. */
  run: number;
  /** Undefined until the scanner listed its options, and again when it is missing. */
  options?: ScannerOptions | undefined;
  /** The one that was found, where the configuration says what to look for. */
  found?: SaneDevice | undefined;
  /** What stands in the way, or was found at the last scan and has not been disproved. */
  fault?: ScanFaultCode | undefined;
  running?: Running | undefined;
  job?: Job | undefined;
};

type Effect = DeviceEffect<ScanReply, ScanNotice>;
type Turn = { state: ScannerState; effects: Effect[] };

const saidLimit = 40;

/** Conditions that remain for the next person; `feederEmpty` and `busy` belong to one command only. */
const standing: readonly ScanFaultCode[] = ['jammed', 'coverOpen'];
/** Conditions in which the scanner must be found afresh. */
const missing: readonly ScanFaultCode[] = [
  'scannerMissing',
  'severalScanners',
  'scanimageMissing',
  'scanimageHangs',
  'accessDenied',
  'ioError',
  'tempFolderFailed',
];

const stateOfFault = (code: ScanFaultCode): DeviceState => {
  if (code === 'scannerMissing') return 'noDevice';
  if (code === 'ioError') return 'hardwareError';
  if (code === 'jammed' || code === 'coverOpen') return 'userError';
  return 'offline';
};

/** Pages that came before a hang are still wanted; those of somebody who gave up are not even read. */
const signalOf = (signal: 'SIGINT' | 'SIGKILL', stopped: Running['stopped']): Uint8Array =>
  encodeRequest({ type: 'signal', signal, keepsPages: stopped === 'hung' });

export const createScannerMachine = (
  config: SaneConfig,
): DeviceMachine<ScannerState, ScanFrame, ScanCommand, ScanReply, ScanNotice> => {
  const modelOf = ({ found }: ScannerState): string =>
    found ? `${found.vendor} ${found.model} (${found.name})`.trim() : (config.device ?? '');

  const tellStatus = (turn: Turn): void => {
    const { fault, options, running } = turn.state;
    const faults: Fault[] = fault === undefined ? [] : [{ code: fault, who: whoOf(fault) }];
    if (fault !== undefined) turn.effects.push({ type: 'status', state: stateOfFault(fault), faults });
    else if (running?.purpose === 'scan') turn.effects.push({ type: 'status', state: 'busy', faults });
    else if (options) turn.effects.push({ type: 'status', state: 'online', faults });
  };

  const run = (turn: Turn, purpose: Purpose, args: readonly string[]): void => {
    const number = (turn.state.run + 1) & 0xff;
    turn.state = { ...turn.state, run: number, running: { purpose, pages: [], said: [], percent: -1 } };
    turn.effects.push({
      type: 'send',
      bytes: encodeRequest({ type: 'run', run: number, arguments: args }),
      label: `scanimage ${args.join(' ')}`,
    });
    if (purpose !== 'scan')
      turn.effects.push({ type: 'timer', name: 'hang', delayMs: purpose === 'find' ? findLimitMs : hangLimitMs });
    tellStatus(turn);
  };

  const complete = (turn: Turn, result: Result<ScanReply>): void => {
    const { job } = turn.state;
    if (!job) return;
    turn.state = { ...turn.state, job: undefined };
    turn.effects.push({ type: 'complete', id: job.id, result });
  };

  const interrupt = (turn: Turn, stopped: 'canceled' | 'hung'): void => {
    const { running } = turn.state;
    if (!running || running.stopped) return;
    turn.state = { ...turn.state, running: { ...running, stopped } };
    turn.effects.push(
      { type: 'send', bytes: signalOf('SIGINT', stopped), label: 'SIGINT' },
      { type: 'timer', name: 'kill', delayMs: killAfterMs },
    );
  };

  const setFault = (turn: Turn, fault: ScanFaultCode): void => {
    if (missing.includes(fault)) {
      // A USB scanner that comes back has another name.
      turn.state = { ...turn.state, fault, options: undefined, found: undefined };
      turn.effects.push({ type: 'timer', name: 'probe', delayMs: probeEveryMs });
    } else if (standing.includes(fault)) turn.state = { ...turn.state, fault };
    turn.effects.push({ type: 'count', name: `ended.${fault}` });
  };

  const targetOf = ({ found }: ScannerState): ScanTarget | undefined => {
    const device = config.device ?? found?.name;
    return device === undefined ? undefined : { ...config, device };
  };

  const probe = (turn: Turn): void => {
    const target = targetOf(turn.state);
    if (target) run(turn, 'probe', probeArguments(target));
    else run(turn, 'find', findArguments());
  };

  /** The one device that is looked for, or why there is not one. */
  const choose = (turn: Turn, devices: readonly SaneDevice[]): void => {
    const wanted = config.find?.toLowerCase() ?? '';
    const fitting = devices.filter(({ name, vendor, model }) =>
      `${name}\n${vendor} ${model}`.toLowerCase().includes(wanted),
    );
    const [first, ...others] = fitting;
    if (first && others.length === 0) {
      turn.state = { ...turn.state, found: first };
      probe(turn);
      return;
    }
    setFault(turn, first ? 'severalScanners' : 'scannerMissing');
    tellStatus(turn);
    startJob(turn);
  };

  const startJob = (turn: Turn): void => {
    const { job, running, options, fault } = turn.state;
    const target = targetOf(turn.state);
    if (!job || running) return;
    if (!options || !target) {
      // Still at the first probe the command waits; once the scanner is known to be missing it does not.
      if (fault !== undefined)
        complete(turn, fail('deviceNotReady', whoOf(fault), `the scanner is not ready: ${fault}`));
      return;
    }
    switch (job.command.type) {
      case 'listOptions':
        probe(turn);
        return;
      case 'testLine':
      case 'scanPage': {
        const isTest = job.command.type === 'testLine';
        const args =
          job.command.type === 'testLine'
            ? testLineArguments(target, options)
            : scanArguments(target, options, job.command);
        if (args.ok) run(turn, isTest ? 'testLine' : 'scan', args.value);
        else complete(turn, args);
        return;
      }
      default:
        job.command satisfies never;
    }
  };

  /** What an ended process says: the first thing that is wrong, or nothing. `pages` are those up to the first gap. */
  const judge = (
    running: Running,
    end: ProcessEnd & { pages: number },
    pages: readonly ScannedPage[],
  ): { fault?: ScanFaultCode; why: string } => {
    const why = running.said.at(-1) ?? `scanimage ended with ${end.code ?? 'a signal'}`;
    if (running.stopped === 'hung')
      return { fault: faultOfLastWords(running.said) ?? 'scanimageHangs', why: 'scanimage did not come back' };
    const fault = faultOfEnd(end, running.said);
    const isEmptyAfterPages = fault === 'feederEmpty' && end.pages > 0;
    if (fault !== undefined && !isEmptyAfterPages) return { fault, why };
    if (running.purpose === 'find') return { why };
    if (running.purpose === 'probe')
      return running.options ? { why } : { fault: 'ioError', why: 'no options were listed' };
    if (pages.length < end.pages) return { fault: 'ioError', why: `page ${pages.length + 1} did not come whole` };
    if (pages.length > 0) return { why };
    if (saysFeederEmpty(running.said)) return { fault: 'feederEmpty', why };
    return { fault: 'ioError', why: 'scanimage ended well but left no page' };
  };

  const onEnded = (turn: Turn, end: ProcessEnd & { pages: number }): void => {
    const { running } = turn.state;
    if (!running) return;
    turn.state = { ...turn.state, running: undefined };
    for (const name of ['hang', 'kill', 'dead']) turn.effects.push({ type: 'clearTimer', name });
    if (running.stopped === 'canceled') {
      tellStatus(turn);
      startJob(turn);
      return;
    }
    const pages: ScannedPage[] = [];
    for (const page of running.pages) {
      if (!page) break;
      pages.push(page);
    }
    const { fault, why } = judge(running, end, pages);
    if (running.purpose === 'find' && fault === undefined) {
      choose(turn, running.devices ?? []);
      return;
    }
    if (fault !== undefined) setFault(turn, fault);
    else if (running.options) {
      turn.state = { ...turn.state, options: running.options };
      // Listing options moves no paper: a jam seen before may still be there.
      if (turn.state.fault !== undefined && missing.includes(turn.state.fault))
        turn.state = { ...turn.state, fault: undefined };
      turn.effects.push({
        type: 'identity',
        identity: { model: modelOf(turn.state), capabilities: capabilitiesOf(running.options) },
      });
    } else turn.state = { ...turn.state, fault: undefined };

    const { job } = turn.state;
    const wanted = { listOptions: 'probe', testLine: 'testLine', scanPage: 'scan' } as const;
    if (job && wanted[job.command.type] === running.purpose) {
      const isStack = job.command.type === 'scanPage' && job.command.source === 'feeder';
      if (fault !== undefined)
        complete(
          turn,
          isStack && pages.length > 0
            ? ok({ type: 'pages', pages, cutShort: cutShortBy(fault) })
            : fail(fault, whoOf(fault), why),
        );
      else if (running.purpose === 'scan') complete(turn, ok({ type: 'pages', pages }));
      else if (running.options) complete(turn, ok({ type: 'options', options: running.options }));
      else complete(turn, ok({ type: 'lineScanned', lengthBytes: pages[0]?.bytes.length ?? 0 }));
    }
    tellStatus(turn);
    startJob(turn);
  };

  const onFrame = (turn: Turn, frame: ScanFrame): void => {
    const { running } = turn.state;
    if (!running || frame.run !== turn.state.run) {
      turn.effects.push({ type: 'count', name: 'lateWords' });
      return;
    }
    switch (frame.type) {
      case 'progress':
        if (running.purpose !== 'scan' || running.stopped || frame.percent === running.percent) return;
        turn.state = { ...turn.state, running: { ...running, percent: frame.percent } };
        turn.effects.push({ type: 'notice', notice: { type: 'progress', percent: frame.percent } });
        return;
      case 'said':
        turn.state = {
          ...turn.state,
          running: { ...running, said: [...running.said.slice(1 - saidLimit), frame.line] },
        };
        if (isLastWords(frame.line)) turn.effects.push({ type: 'timer', name: 'hang', delayMs: endAfterErrorMs });
        return;
      case 'options':
        if (running.purpose === 'probe')
          turn.state = { ...turn.state, running: { ...running, options: frame.options } };
        return;
      case 'devices':
        if (running.purpose === 'find') turn.state = { ...turn.state, running: { ...running, devices: frame.devices } };
        return;
      case 'page':
        if (running.stopped !== 'canceled' && frame.number >= 1 && frame.number <= config.pageLimit) {
          const pages = Array.from({ length: Math.max(running.pages.length, frame.number) }, (_, index) =>
            index === frame.number - 1 ? frame.page : running.pages[index],
          );
          turn.state = { ...turn.state, running: { ...running, pages } };
        }
        return;
      case 'ended':
        onEnded(turn, frame);
        return;
      default:
        frame satisfies never;
    }
  };

  const handle = (turn: Turn, event: DeviceEvent<ScanFrame, ScanCommand>): void => {
    switch (event.type) {
      case 'opened':
        turn.state = { run: turn.state.run };
        probe(turn);
        return;
      case 'lost':
        turn.state = { run: turn.state.run };
        return;
      case 'frame':
        onFrame(turn, event.frame);
        return;
      case 'discarded':
        turn.effects.push({ type: 'count', name: 'brokenPages' });
        return;
      case 'timer':
        if (event.name === 'probe' && !turn.state.running && !turn.state.options) probe(turn);
        else if (event.name === 'hang') interrupt(turn, 'hung');
        else if (event.name === 'kill')
          turn.effects.push(
            { type: 'send', bytes: signalOf('SIGKILL', turn.state.running?.stopped), label: 'SIGKILL' },
            { type: 'timer', name: 'dead', delayMs: deadAfterMs },
          );
        else if (event.name === 'dead' && turn.state.running) turn.effects.push({ type: 'reopen', reason: 'silent' });
        return;
      case 'command':
        turn.state = { ...turn.state, job: { id: event.id, command: event.command } };
        startJob(turn);
        return;
      case 'cancel': {
        const { job, running } = turn.state;
        if (job?.id !== event.id) return;
        // A probe that nobody asked for goes on; the command merely waited for it.
        const isOwn = running && turn.state.options !== undefined;
        complete(
          turn,
          fail(event.reason, 'system', event.reason === 'timeOut' ? 'the deadline passed' : 'the caller gave up'),
        );
        if (isOwn) interrupt(turn, 'canceled');
        return;
      }
      default:
        event satisfies never;
    }
  };

  return {
    initial: { run: 0 },
    next(state, event) {
      const turn: Turn = { state, effects: [] };
      handle(turn, event);
      return { state: turn.state, effects: turn.effects };
    },
  };
};
