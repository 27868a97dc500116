// The kiosk put together: store, devices, network, journeys. The one place where they meet; the doors (WebSocket, MessagePort) and
// the consoles stand on what this returns.

import { systemClock, type Clock } from '../../devices/kit/clock.ts';
import type { DeviceLog, DriverDefinition } from '../../devices/kit/device.ts';
import { fail, ok, type Result } from '../../devices/kit/result.ts';
import type { KioskConfig } from '../../kiosk-config/schema.ts';
import type { ListedResult } from '../bundles/lookups.ts';
import type { Serving } from '../bundles/serving.ts';
import type { Catalogue } from '../contract/catalogue.ts';
import type { ConsoleBundles } from '../contract/console.ts';
import type { QueueState } from '../contract/intake.ts';
import type { JourneyEffect, JourneyEvent, World } from '../journeys/events.ts';
import type { Page, Session } from '../journeys/state.ts';
import type { Store } from '../store/open.ts';
import type { Vault } from '../store/vault.ts';
import { dayKeyAt } from '../store/day.ts';
import { uuidV7 } from '../store/uuid.ts';
import type { Sender } from '../sync/sender.ts';
import { createCaseActs } from './effects/case-acts.ts';
import { createIssuerBook, purposesOf } from '../tokens/issuers.ts';
import { depositorOpening } from './effects/depositor-opening.ts';
import { createDeviceActs } from './effects/device-acts.ts';
import { cellsOfResults, resultsInCells } from './effects/pick-up-codes.ts';
import { createTokenActs } from './effects/token-acts.ts';
import { startHallDevices, type HallDevices } from './hall-devices.ts';
import { runSessions, type SessionRunner } from './session-runner.ts';
import { startReports, type Reports } from './reports.ts';
import { watchManifestExpiry } from './manifest-expiry.ts';
import { createUpkeep } from './upkeep.ts';
import { gatherWorld } from './world.ts';

export type KioskOptions = {
  config: KioskConfig;
  catalogue: Catalogue;
  store: Store;
  /** What came down from the centre over the two above; absent: nothing does. */
  serving?: Serving;
  sender: Sender;
  registry: readonly DriverDefinition[];
  log(event: string, detail?: Record<string, unknown>): void;
  deviceLog: DeviceLog;
  clock?: Clock;
  onSessionBegan(sessionId: string, key: Buffer): void;
  onSessionEnded(sessionId: string): void;
  resume?: { sessionId: string; key: Buffer };
};

export type Kiosk = {
  config: KioskConfig;
  catalogue: Catalogue;
  /** State of what comes down from the centre. */
  bundles?(): ConsoleBundles;
  /** What the centre had put into cells, as far as it was not collected here. */
  resultsInCells(): ListedResult[];
  store: Store;
  sender: Sender;
  devices: HallDevices;
  /** Every driver of this build: what an unknown port may be asked for. */
  drivers: readonly DriverDefinition[];
  sessions: SessionRunner;
  clock: Clock;
  startedAtMs: number;
  world(): World;
  /** A photographed page for the material that is open. */
  addPage(materialId: string, bytes: Uint8Array): Result<string>;
  page(pageId: string): Result<{ bytes: Uint8Array<ArrayBuffer>; mediaType: string }>;
  /** Screens that follow the view now. */
  screens(): number;
  reports: Reports;
  stop(): Promise<void>;
};

const queueStateEveryMs = 20_000;
/** Lifetime figures are written this often, and at the end. */
const statisticsEveryMs = 60_000;
/** A clock that is further off, or was set by more, is told. */
const clockJumpMs = 120_000;
/** `going` in a store that is opened: the run before was cut off. */
const runNote = 'run';

export const createKiosk = (options: KioskOptions): Kiosk => {
  const { config, catalogue, serving, store, sender, log } = options;
  const clock = options.clock ?? systemClock;
  let queue: QueueState | undefined;
  let isStopped = false;

  const devices = startHallDevices({
    configs: config.devices,
    registry: options.registry,
    clock,
    log: options.deviceLog,
    commandMemory: store.commandMemory,
    assignments: store.assignments(),
  });

  /** The configuration with what the centre sent down over it. */
  const inForce = (): KioskConfig => serving?.config() ?? config;
  const issuers = createIssuerBook(
    () => [inForce().tokens.issuers, serving?.tokenKeys() ?? []],
    (message) => log('tokenKeyUnusable', { message }),
  );

  const world = (): World =>
    gatherWorld({
      config: inForce(),
      catalogue: serving?.catalogue() ?? catalogue,
      ...(serving ? { announcement: () => serving.announcement() } : {}),
      devices,
      clock,
      isOnline: () => sender.status().isOnline,
      waitingToSend: () => sender.status().depth,
      queueState: () => queue,
      freeBytes: () => store.freeBytes(),
      tokenPurposes: () => purposesOf(issuers(), inForce().tokens.algorithms),
      hasPickUpCodes: () => serving?.hasPickUpCodes() ?? false,
    });

  const dispatch = (event: JourneyEvent): void => {
    const opening = event.type === 'cellOpened' && depositorOpening(sessions.session(), event.attempt);
    if (opening) reports.cellOpened(opening);
    sessions.dispatch(event);
  };

  const keepPages = (pages: readonly { bytes: Uint8Array }[], attempt: string): JourneyEvent => {
    const vault = sessions.vault();
    const kept: Page[] = [];
    for (const { bytes } of pages) {
      const page = vault ? caseActs.keepPage(vault, bytes) : fail('canceled', 'system', 'the session is over');
      if (!page.ok) {
        const code =
          page.error.code === 'notAPicture' || page.error.code === 'diskFull' ? page.error.code : 'storeFailed';
        return { type: 'deviceFailed', attempt, trouble: { code } };
      }
      kept.push(page.value);
    }
    return { type: 'pagesScanned', attempt, pages: kept };
  };

  const actOptions = {
    store,
    sender,
    get config() {
      return inForce();
    },
    numberBlocks: (dayKey: string, prefix: string) => serving?.numberBlocks(dayKey, prefix),
    resultCells: () => cellsOfResults(store, serving),
    clock,
    world,
    dispatch,
    onCaseStopped: (rule: string) => reports.incident('caseStopped', rule),
    log,
  };
  const caseActs = createCaseActs(actOptions);
  const tokenActs = createTokenActs({ ...actOptions, config: inForce, keys: issuers, results: serving });
  const deviceActs = createDeviceActs({ devices, dispatch, keepPages });

  const perform = (effect: JourneyEffect, session: Session | undefined, vault: Vault | undefined): void => {
    switch (effect.type) {
      case 'readCard':
      case 'awaitCardRemoval':
      case 'readCode':
      case 'scan':
      case 'print':
      case 'openCell':
      case 'awaitCellClosed':
      case 'askPad':
        deviceActs.perform(effect);
        return;
      case 'checkIn':
      case 'findCell':
      case 'spendPickUp':
      case 'spendResult':
      case 'spendDeposit':
      case 'releaseCell':
        tokenActs.perform(effect, session);
        return;
      case 'cancelDevices':
        deviceActs.cancel(effect.except);
        return;
      case 'wipe':
        return;
      default:
        caseActs.perform(effect, session, vault);
    }
  };

  const sessions = runSessions({
    store,
    clock,
    world,
    newId: () => uuidV7(clock.now()),
    onSessionBegan: options.onSessionBegan,
    onSessionEnded(sessionId) {
      deviceActs.endVisit();
      options.onSessionEnded(sessionId);
      queueMicrotask(switchOver);
    },
    perform,
    log,
    ...(options.resume ? { resume: options.resume } : {}),
  });

  /** New bundles serve from the next visit on, never in the middle of one. */
  const switchOver = (): void => {
    if (!isStopped && !sessions.session() && serving?.switchOver()) sessions.refresh();
  };
  serving?.onTaken(switchOver);

  const stopWatching = devices.onChange(() => sessions.refresh());
  let isQuarantined = false;
  let isClockOff = false;
  const stopListening = sender.onChange(({ blocked }) => {
    const isNow = blocked?.why === 'quarantined';
    const [wasQuarantined, wasClockOff] = [isQuarantined, isClockOff];
    isQuarantined = isNow;
    const offsetMs = Number(store.note('serverOffsetMs') ?? 0);
    const isOff = Math.abs(offsetMs) > clockJumpMs;
    isClockOff = isOff;
    // Telling wakes the sender, which comes back here: by then both are known.
    if (isNow && !wasQuarantined) reports.incident('quarantined', 'the centre merges nothing new of this install');
    if (isOff && !wasClockOff) reports.incident('clockJumped', `the centre's clock is ${offsetMs} ms ahead of ours`);
    const application = sessions.session()?.application;
    const received = application?.receipt && !application.receipt.centralNumber && store.caseStatus(application.caseId);
    if (received && received.centralNumber)
      dispatch({ type: 'caseReceived', caseId: received.caseId, centralNumber: received.centralNumber });
    sessions.refresh();
  });

  const askQueue = async (): Promise<void> => {
    if (world().queue.businesses.length > 0 && sender.status().isOnline) {
      const answer = await sender.queueState();
      if (answer.ok && !isStopped) {
        queue = answer.value;
        store.applyQueueState(dayKeyAt(clock.now(), config.kiosk.timeZone), answer.value);
        sessions.refresh();
      }
    }
    if (!isStopped) stopAsking = clock.after(queueStateEveryMs, () => void askQueue());
  };
  let stopAsking = clock.after(2000, () => void askQueue());

  const written = new Map<string, Record<string, number>>();
  const writeStatistics = (): void => {
    for (const { config: device, device: live } of devices.all()) {
      const now = live.statistics();
      const before = written.get(device.id) ?? {};
      const increments = Object.fromEntries(
        Object.entries(now)
          .map(([name, value]) => [name, value - (before[name] ?? 0)] as const)
          .filter(([, value]) => value > 0),
      );
      if (Object.keys(increments).length > 0) store.addStatistics(device.id, increments);
      written.set(device.id, now);
    }
  };
  const reports = startReports({ store, devices, clock, wake: () => sender.wake(), log });
  if (store.note(runNote) === 'going') reports.incident('hostCrashed', 'the run before did not end in order');
  store.setNote(runNote, 'going');
  reports.auditHead();
  let isDiskLow = false;
  const watchDisk = (): void => {
    store.tendReserve();
    const { roomBytes } = world();
    if (roomBytes < 0 === isDiskLow) return;
    isDiskLow = roomBytes < 0;
    const freeBytes = store.freeBytes();
    log(isDiskLow ? 'diskLow' : 'diskHasRoom', { freeBytes });
    if (isDiskLow) reports.incident('diskLow', `${freeBytes} bytes are free`);
  };
  watchDisk();
  const upkeep = createUpkeep({
    store,
    clock,
    isOnline: () => sender.status().isOnline,
    isVisited: () => sessions.session() !== undefined,
    onClockSet(byMs) {
      if (Math.abs(byMs) > clockJumpMs) reports.incident('clockJumped', `the clock was set by ${byMs} ms`);
    },
    log,
  });
  const manifestExpiry = watchManifestExpiry({
    store,
    clock,
    manifest: () => serving?.status().manifest,
    isOnline: () => sender.status().isOnline,
    tell: (detail) => reports.incident('manifestExpired', detail),
    log,
  });
  let stopStatistics = clock.after(statisticsEveryMs, function every() {
    writeStatistics();
    watchDisk();
    upkeep.look();
    manifestExpiry.look();
    stopStatistics = clock.after(statisticsEveryMs, every);
  });

  return {
    config,
    catalogue,
    ...(serving ? { bundles: () => serving.status() } : {}),
    resultsInCells: () => resultsInCells(store, serving),
    store,
    sender,
    devices,
    drivers: options.registry,
    sessions,
    clock,
    startedAtMs: clock.now(),
    world,
    addPage(materialId, bytes) {
      const vault = sessions.vault();
      const step = sessions.session()?.step;
      // Only the capture that is open takes pages: a late upload of an earlier visit has nowhere to go.
      if (
        !vault ||
        step?.type !== 'materials' ||
        step.capture?.materialId !== materialId ||
        step.capture.way !== 'camera'
      )
        return fail('notExpected', 'system', 'no photographed page is expected now');
      const kept = caseActs.keepPage(vault, bytes);
      if (!kept.ok) return kept;
      dispatch({ type: 'pageAdded', materialId, page: kept.value });
      return ok(kept.value.id);
    },
    page(pageId) {
      const materials = sessions.session()?.application?.materials ?? {};
      const page = Object.values(materials)
        .flatMap((held) => held.pages)
        .find(({ id }) => id === pageId);
      const vault = sessions.vault();
      if (!page || !vault) return fail('notFound', 'system', 'this visit has no such page');
      const bytes = vault.getBlob(page.id);
      if (!bytes.ok) return bytes;
      return ok({ bytes: new Uint8Array(bytes.value), mediaType: page.mediaType });
    },
    screens: () => sessions.watchers(),
    reports,
    async stop() {
      isStopped = true;
      reports.stop();
      stopAsking();
      stopStatistics();
      stopWatching();
      stopListening();
      sessions.stop();
      await devices.stop();
      writeStatistics();
      await sender.stop();
      store.setNote(runNote, 'ended');
      store.close();
    },
  };
};
