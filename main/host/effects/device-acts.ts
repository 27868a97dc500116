// What a journey asks of devices: read a card or a code, scan, print, open a cell, ask the pad. Every act belongs to one session;
// an answer that comes after its session ended goes nowhere.

import type { IdCardNotice, IdCardReply } from '../../../devices/id-card-reader/api.ts';
import type { LockerReply } from '../../../devices/locker/api.ts';
import type { PadReply } from '../../../devices/rating-pad/api.ts';
import type { PrinterNotice, PrinterReply } from '../../../devices/ticket-printer/api.ts';
import type { QrNotice, QrReply } from '../../../devices/qr-reader/api.ts';
import type { ScanNotice, ScanReply } from '../../../devices/document-scanner/api.ts';
import { fail, type Result } from '../../../devices/kit/result.ts';
import type { JourneyEffect, JourneyEvent } from '../../journeys/events.ts';
import type { DeviceKindName, Trouble } from '../../journeys/state.ts';
import { deviceForVisit, isAvailable, type HallDevices } from '../hall-devices.ts';
import { createVisitHolds, type HeldDevice } from './visit-holds.ts';

type DeviceEffect = Extract<
  JourneyEffect,
  { type: 'readCard' | 'awaitCardRemoval' | 'readCode' | 'scan' | 'print' | 'openCell' | 'awaitCellClosed' | 'askPad' }
>;

export type DeviceActs = {
  perform(effect: DeviceEffect): void;
  /** Ends every outstanding act except those at the named kinds. */
  cancel(except?: readonly DeviceKindName[]): void;
  /** The visit is over: its devices are given back as soon as their acts have ended. */
  endVisit(): void;
};

export type DeviceActsOptions = {
  devices: HallDevices;
  dispatch(event: JourneyEvent): void;
  /** Keeps a scanned page in the session's vault. */
  keepPages(pages: readonly { bytes: Uint8Array }[], attempt: string): JourneyEvent;
};

/** Waiting for a hand: the idle rule ends it long before. */
const handTimeoutMs = 15 * 60_000;
const scanTimeoutMs = 120_000;
/** Long enough for staff to bring paper. */
const printTimeoutMs = 180_000;
const openTimeoutMs = 10_000;
const closeTimeoutMs = 60_000;
const queryTimeoutMs = 3000;
/** A locker that is not back by then is not waited for: the person looks at the door. */
const doorLookMs = 8000;

export const createDeviceActs = ({ devices, dispatch, keepPages }: DeviceActsOptions): DeviceActs => {
  const running = new Map<AbortController, DeviceKindName>();
  let calls = 0;
  let holds = createVisitHolds(devices);

  const begin = (kind: DeviceKindName): { signal: AbortSignal; end(): void } => {
    const controller = new AbortController();
    running.set(controller, kind);
    return { signal: controller.signal, end: () => running.delete(controller) };
  };

  /** Resolves once a device of the kind answers again; at once when it does now. */
  const available = (kind: DeviceKindName, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const check = (): boolean => {
        const entry = deviceForVisit(devices, kind);
        return signal.aborted || (entry !== undefined && isAvailable(entry.device.status()));
      };
      if (check()) {
        resolve();
        return;
      }
      const stop = devices.onChange(() => {
        if (!check()) return;
        stop();
        resolve();
      });
      signal.addEventListener(
        'abort',
        () => {
          stop();
          resolve();
        },
        { once: true },
      );
    });

  /**
   * For acts that wait and change nothing (read, wait for removal): a blip of the device is outlived, because the citizen is
   * still standing there with the card.
   */
  const executeThroughBlips = async <Reply>(
    kind: DeviceKindName,
    device: HeldDevice | undefined,
    command: unknown,
    id: string,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<Result<Reply>> => {
    for (;;) {
      await available(kind, signal);
      if (signal.aborted) return fail('canceled', 'system', 'the act was cancelled');
      if (!device) return fail('deviceNotReady', 'hall', 'no such device is configured');
      calls += 1;
      const result = (await device.execute(command, { id: `${id}#${calls}`, timeoutMs, signal })) as Result<Reply>;
      const isBlip = !result.ok && (result.error.code === 'connectionLost' || result.error.code === 'deviceNotReady');
      if (!isBlip) return result;
      // Status follows loss after a debounce; do not spin until then.
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  };

  const troubleOf = (kind: DeviceKindName, error: { code: string; message: string }): Trouble => ({
    code: error.code,
    kind,
    detail: error.message,
  });

  const run = (
    kind: DeviceKindName,
    act: (signal: AbortSignal, device: HeldDevice | undefined) => Promise<void>,
  ): void => {
    const { signal, end } = begin(kind);
    const entry = deviceForVisit(devices, kind);
    const held = entry && holds.begin(entry);
    void act(signal, held?.device).finally(() => {
      end();
      held?.end();
    });
  };

  const readCard = (attempt: string): void =>
    run('id-card-reader', async (signal, device) => {
      const stop = listen<IdCardNotice>('id-card-reader', (notice) => {
        if (signal.aborted) return;
        if (notice.type === 'cardPresent') dispatch({ type: 'cardPresent', attempt });
        if (notice.type === 'readFailed') dispatch({ type: 'cardTrouble', attempt, trouble: { code: notice.reason } });
      });
      const result = await executeThroughBlips<IdCardReply>(
        'id-card-reader',
        device,
        { type: 'readCard' },
        attempt,
        handTimeoutMs,
        signal,
      );
      stop();
      if (signal.aborted) return;
      if (!result.ok) dispatch({ type: 'deviceFailed', attempt, trouble: troubleOf('id-card-reader', result.error) });
      else if (result.value.type === 'card') dispatch({ type: 'cardRead', attempt, card: result.value.card });
    });

  const awaitCardRemoval = (attempt: string): void =>
    run('id-card-reader', async (signal, device) => {
      const result = await executeThroughBlips<IdCardReply>(
        'id-card-reader',
        device,
        { type: 'awaitRemoval' },
        `${attempt}-removal`,
        handTimeoutMs,
        signal,
      );
      if (!signal.aborted && result.ok) dispatch({ type: 'cardRemoved', attempt });
    });

  const readCode = (attempt: string): void =>
    run('qr-reader', async (signal, device) => {
      const stop = listen<QrNotice>('qr-reader', (notice) => {
        if (signal.aborted || notice.type !== 'discardedCode') return;
        if (notice.reason === 'unreadableText' || notice.reason === 'tooLong')
          dispatch({ type: 'codeTrouble', attempt, trouble: { code: 'codeUnreadable' } });
      });
      const result = await executeThroughBlips<QrReply>(
        'qr-reader',
        device,
        { type: 'readCode' },
        attempt,
        handTimeoutMs,
        signal,
      );
      stop();
      if (signal.aborted) return;
      if (!result.ok) dispatch({ type: 'deviceFailed', attempt, trouble: troubleOf('qr-reader', result.error) });
      else if (result.value.type === 'code') dispatch({ type: 'codeRead', attempt, text: result.value.code.text });
    });

  const scan = (attempt: string, source: 'platen' | 'feeder'): void =>
    run('document-scanner', async (signal, device) => {
      const stop = listen<ScanNotice>('document-scanner', (notice) => {
        if (!signal.aborted) dispatch({ type: 'scanProgress', attempt, percent: notice.percent });
      });
      const result = (await device?.execute(
        { type: 'scanPage', source, colour: 'colour', resolutionDpi: 150 },
        { id: attempt, timeoutMs: scanTimeoutMs, signal },
      )) as Result<ScanReply> | undefined;
      stop();
      if (signal.aborted) return;
      if (!result)
        dispatch({ type: 'deviceFailed', attempt, trouble: { code: 'deviceNotReady', kind: 'document-scanner' } });
      else if (!result.ok)
        dispatch({ type: 'deviceFailed', attempt, trouble: troubleOf('document-scanner', result.error) });
      else if (result.value.type === 'pages') {
        const { pages, cutShort } = result.value;
        const kept = keepPages(pages, attempt);
        dispatch(kept);
        // The pages first, then why there are no more. Pages that could not be kept are a trouble of their own.
        if (cutShort && kept.type === 'pagesScanned')
          dispatch({ type: 'deviceFailed', attempt, trouble: { code: cutShort.code, kind: 'document-scanner' } });
      }
    });

  const print = (effect: Extract<DeviceEffect, { type: 'print' }>): void =>
    run('ticket-printer', async (signal, device) => {
      const { jobId } = effect;
      const stop = listen<PrinterNotice>('ticket-printer', (notice) => {
        if (signal.aborted || !('id' in notice) || notice.id !== jobId) return;
        const fault = device?.status().faults[0];
        if (notice.type === 'waitingForPaper')
          dispatch({
            type: 'printWaiting',
            jobId,
            trouble: { code: fault?.code ?? 'paperOut', kind: 'ticket-printer' },
          });
        if (notice.type === 'resumed') dispatch({ type: 'printResumed', jobId });
      });
      const result = (await device?.execute(
        { type: 'print', document: effect.document },
        { id: jobId, timeoutMs: printTimeoutMs, signal },
      )) as Result<PrinterReply> | undefined;
      stop();
      if (signal.aborted) return;
      if (!result) {
        dispatch({
          type: 'printEnded',
          jobId,
          outcome: 'failed',
          trouble: { code: 'deviceNotReady', kind: 'ticket-printer' },
        });
        return;
      }
      if (result.ok) {
        dispatch({ type: 'printEnded', jobId, outcome: result.value.type === 'printed' ? 'printed' : 'unconfirmed' });
        return;
      }
      // Whether paper came out is known to nobody but the person in front of it.
      const isUnknown = result.error.code === 'outcomeUnknown' || result.error.code === 'connectionLost';
      dispatch({
        type: 'printEnded',
        jobId,
        outcome: isUnknown ? 'unconfirmed' : 'failed',
        trouble: troubleOf('ticket-printer', result.error),
      });
    });

  const doorOf = async (
    device: HeldDevice | undefined,
    cell: number,
    id: string,
    signal: AbortSignal,
  ): Promise<'open' | 'closed' | 'unknown'> => {
    const result = await executeThroughBlips<LockerReply>(
      'locker',
      device,
      { type: 'queryCells' },
      `${id}-door`,
      queryTimeoutMs,
      signal,
    );
    if (!result.ok || result.value.type !== 'cells') return 'unknown';
    return result.value.cells.find((state) => state.cell === cell)?.door ?? 'unknown';
  };

  const openCell = (attempt: string, cell: number): void =>
    run('locker', async (signal, device) => {
      const result = (await device?.execute(
        { type: 'openCell', cell },
        { id: attempt, timeoutMs: openTimeoutMs, signal },
      )) as Result<LockerReply> | undefined;
      if (signal.aborted) return;
      if (result?.ok) {
        dispatch({ type: 'cellOpened', attempt });
        return;
      }
      const code = result && !result.ok ? result.error.code : 'deviceNotReady';
      // Nobody knows whether the lock moved: look at the door, never pull the lock again unasked.
      const isUnknown = code === 'outcomeUnknown' || code === 'connectionLost' || code === 'timeOut';
      const door = isUnknown
        ? await doorOf(device, cell, attempt, AbortSignal.any([signal, AbortSignal.timeout(doorLookMs)]))
        : undefined;
      if (signal.aborted) return;
      if (door === 'open') dispatch({ type: 'cellOpened', attempt });
      else
        dispatch({
          type: 'cellFailed',
          attempt,
          trouble: { code: door === 'unknown' ? 'unconfirmed' : code, kind: 'locker' },
        });
    });

  const awaitCellClosed = (attempt: string, cell: number): void =>
    run('locker', async (signal, device) => {
      const result = await executeThroughBlips<LockerReply>(
        'locker',
        device,
        { type: 'awaitClosed', cell },
        `${attempt}-closed`,
        closeTimeoutMs,
        signal,
      );
      if (signal.aborted) return;
      if (result.ok) dispatch({ type: 'cellClosed', attempt });
      else
        dispatch({
          type: 'cellFailed',
          attempt,
          trouble: troubleOf('locker', {
            ...result.error,
            code: result.error.code === 'timeOut' ? 'doorLeftOpen' : result.error.code,
          }),
        });
    });

  const askPad = (attempt: string, timeoutMs: number): void =>
    run('rating-pad', async (signal, device) => {
      const result = await executeThroughBlips<PadReply>(
        'rating-pad',
        device,
        { type: 'askRating' },
        attempt,
        timeoutMs,
        signal,
      );
      // Silence, a cancel or a broken pad record nothing: the screen still asks.
      if (signal.aborted || !result.ok || result.value.type !== 'rated') return;
      dispatch({ type: 'padRated', attempt, level: result.value.level });
    });

  const listen = <Notice>(kind: DeviceKindName, listener: (notice: Notice) => void): (() => void) => {
    let stop = deviceForVisit(devices, kind)?.device.onNotice((notice) => listener(notice as Notice));
    // After a reassignment the device is another object.
    const stopChange = devices.onChange((changed) => {
      if (changed !== deviceForVisit(devices, kind)) return;
      stop?.();
      stop = changed.device.onNotice((notice) => listener(notice as Notice));
    });
    return () => {
      stop?.();
      stopChange();
    };
  };

  return {
    perform(effect) {
      switch (effect.type) {
        case 'readCard':
          readCard(effect.attempt);
          return;
        case 'awaitCardRemoval':
          awaitCardRemoval(effect.attempt);
          return;
        case 'readCode':
          readCode(effect.attempt);
          return;
        case 'scan':
          scan(effect.attempt, effect.source);
          return;
        case 'print':
          print(effect);
          return;
        case 'openCell':
          openCell(effect.attempt, effect.cell);
          return;
        case 'awaitCellClosed':
          awaitCellClosed(effect.attempt, effect.cell);
          return;
        case 'askPad':
          askPad(effect.attempt, effect.timeoutMs);
          return;
        default:
          effect satisfies never;
      }
    },
    cancel(except = []) {
      for (const [controller, kind] of running) if (!except.includes(kind)) controller.abort();
    },
    endVisit() {
      holds.end();
      holds = createVisitHolds(devices);
    },
  };
};
