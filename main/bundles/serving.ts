// What serves: the machine's own catalogue and configuration, with what came down over them. It changes between two visits only, and
// a bundle that does not load gives way to the one before it.
//
//   store: current ─▶ contents load? ─yes─▶ serves
//                          └─no─▶ refused, previous ─▶ … ─▶ the files on the machine

import type { Clock } from '../../devices/kit/clock.ts';
import type { KnownDriver } from '../../kiosk-config/parse.ts';
import type { KioskConfig } from '../../kiosk-config/schema.ts';
import {
  bundleChannels,
  channelRules,
  type BundleChannel,
  type BundleRefusal,
  type RefusedFile,
} from '../contract/bundles.ts';
import type { Catalogue } from '../contract/catalogue.ts';
import type { ConsoleBundles } from '../contract/console.ts';
import type { Text } from '../contract/text.ts';
import type { Bundles, HeldBundle } from '../store/bundles.ts';
import type { Store } from '../store/open.ts';
import { createContentChecks, type Contents } from './contents.ts';
import { announcementAt, blocksOf, findPickUp, type ListedResult, type PickUp } from './lookups.ts';
import type { BundleSync } from './sync.ts';
import { parseStrictJson } from './strict-json.ts';

export type RefusedNews = {
  refusalId: string;
  file: RefusedFile;
  version?: number;
  reason: BundleRefusal;
  refusedAtMs: number;
};

export type ServingOptions = {
  store: Pick<Store, 'note'> & Bundles;
  clock: Clock;
  config: KioskConfig;
  catalogue: Catalogue;
  drivers: readonly KnownDriver[];
  log(event: string, detail?: Record<string, unknown>): void;
  onRefused(refused: RefusedNews): void;
  /** A visit of before the restart goes on: what it began with stays. */
  isVisitResumed: boolean;
};

export type Serving = {
  catalogue(): Catalogue;
  config(): KioskConfig;
  announcement(): Text | undefined;
  /** Numbers reserved for this kiosk on a day; `undefined` when the centre reserves none for the letter. */
  numberBlocks(dayKey: string, prefix: string): { from: number; to: number }[] | undefined;
  /** What a code of the centre's list opens. Whether it was used here, the store knows. */
  pickUp(code: string): PickUp;
  /** Whether a list of such codes counts now. */
  hasPickUpCodes(): boolean;
  /** Everything that the newest list names, also when it counts no more: it lies in those cells until somebody takes it out. */
  listedResults(): ListedResult[];
  tokenKeys(): Contents['tokenKeys']['keys'];
  /** Lets what waits serve; called when no visit runs. Says whether anything changed. */
  switchOver(): boolean;
  /** Something was taken and waits; whoever watches may switch over. */
  noteTaken(): void;
  onTaken(listener: () => void): void;
  /** For expiry: the sync's time, once there is one. */
  follow(sync: Pick<BundleSync, 'time' | 'manifest'>): void;
  status(): ConsoleBundles;
};

type Loaded = { [C in BundleChannel]?: { held: HeldBundle; contents: Contents[C] } };

export const createServing = (options: ServingOptions): Serving => {
  const { store, clock, log, drivers } = options;
  const checks = createContentChecks(options.config, { drivers, isNew: false });
  const loaded: Loaded = {};
  let sync: Pick<BundleSync, 'time' | 'manifest'> | undefined;
  let isWaiting = true;
  const listeners: (() => void)[] = [];

  const nowMs = (): number => sync?.time.now().atMs ?? clock.now() + Number(store.note('serverOffsetMs') ?? 0);
  const isExpired = ({ expiresAtMs }: HeldBundle): boolean => expiresAtMs <= nowMs();

  const refuse = (held: HeldBundle, message: string): void => {
    const { channel: file, version } = held;
    const news = store.noteBundleRefusal({ file, version, reason: 'contentsInvalid', detail: message });
    log('bundleNotLoaded', { channel: file, version, message });
    if (news.ok && news.value) options.onRefused(news.value);
  };

  const load = <C extends BundleChannel>(channel: C): void => {
    delete loaded[channel];
    for (let held = store.currentBundle(channel); held;) {
      const value = parseStrictJson(held.payload);
      const contents = value.ok ? checks[channel](value.value) : value;
      if (contents.ok) {
        loaded[channel] = { held, contents: contents.value } as Loaded[C];
        return;
      }
      refuse(held, contents.error.message);
      const before = store.revertBundle(channel);
      held = before.ok ? before.value : undefined;
    }
  };

  const switchOver = (): boolean => {
    if (!isWaiting) return false;
    isWaiting = false;
    const switched = store.switchBundles();
    if (!switched.ok) {
      log('bundlesNotSwitched', { code: switched.error.code });
      isWaiting = true;
      return false;
    }
    for (const channel of switched.value) load(channel);
    if (switched.value.length > 0) log('bundlesSwitched', { channels: switched.value });
    return switched.value.length > 0;
  };

  if (!options.isVisitResumed) {
    const switched = store.switchBundles();
    if (switched.ok) isWaiting = false;
  }
  for (const channel of bundleChannels) load(channel);

  /** Contents that still count. */
  const inForce = <C extends BundleChannel>(channel: C): Contents[C] | undefined => {
    const entry = loaded[channel];
    if (!entry || (channelRules[channel].afterExpiry === 'rests' && isExpired(entry.held))) return undefined;
    return entry.contents;
  };

  return {
    catalogue: () => inForce('catalogue') ?? options.catalogue,
    config: () => inForce('configuration') ?? options.config,
    announcement() {
      const announcements = inForce('announcements');
      return (announcements && announcementAt(announcements, nowMs())) ?? options.config.services.announcement;
    },
    numberBlocks(dayKey, prefix) {
      const blocks = inForce('queueBlocks');
      return blocks && blocksOf(blocks, dayKey, prefix);
    },
    pickUp(code) {
      const codes = inForce('pickUpCodes');
      if (codes) return findPickUp(codes, code, nowMs());
      return { state: loaded.pickUpCodes ? 'listOver' : 'noList' };
    },
    hasPickUpCodes: () => inForce('pickUpCodes') !== undefined,
    listedResults: () =>
      (loaded.pickUpCodes?.contents.codes ?? []).map(({ pickUpId, cell, name, until }) => ({
        pickUpId,
        cell,
        name,
        untilMs: Date.parse(until),
      })),
    tokenKeys: () => inForce('tokenKeys')?.keys ?? [],
    switchOver,
    noteTaken() {
      isWaiting = true;
      for (const listener of listeners) listener();
    },
    onTaken: (listener) => void listeners.push(listener),
    follow(followed) {
      sync = followed;
    },
    status() {
      const manifest = sync?.manifest();
      const refusals = store.bundleRefusals();
      return {
        isOn: sync !== undefined,
        ...(manifest ? { manifest: { ...manifest, isExpired: manifest.expiresAtMs <= nowMs() } } : {}),
        channels: bundleChannels.map((channel) => {
          const held = loaded[channel]?.held;
          const lastRefusal = refusals.find(({ file }) => file === channel);
          const state = !held
            ? 'none'
            : !isExpired(held)
              ? 'good'
              : channelRules[channel].afterExpiry === 'serves'
                ? 'expiredServes'
                : 'expiredRests';
          return {
            channel,
            state,
            ...(held ? { version: held.version, issuedAtMs: held.issuedAtMs, expiresAtMs: held.expiresAtMs } : {}),
            ...(lastRefusal ? { lastRefusal: { reason: lastRefusal.reason, atMs: lastRefusal.refusedAtMs } } : {}),
          };
        }),
        fileRefusals: refusals
          .filter(({ file }) => file === 'root' || file === 'manifest')
          .slice(0, 5)
          .map(({ file, reason, refusedAtMs }) => ({ file, reason, atMs: refusedAtMs })),
      };
    },
  };
};
