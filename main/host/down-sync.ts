// What comes down from the centre, put together for the host: the root of the configuration, the fetcher on the sender's line, and what
// serves in the end. Without a root nothing is taken, and what an earlier root vouched for counts no more.
//
//   sender: good round ─▶ sync ─▶ store: next ─(no visit)─▶ serving ─▶ world

import { performance } from 'node:perf_hooks';
import type { Clock } from '../../devices/kit/clock.ts';
import type { KnownDriver } from '../../kiosk-config/parse.ts';
import type { KioskConfig } from '../../kiosk-config/schema.ts';
import { createContentChecks } from '../bundles/contents.ts';
import type { Line } from '../bundles/download.ts';
import { readRoot } from '../bundles/read-root.ts';
import { createServing, type RefusedNews, type Serving } from '../bundles/serving.ts';
import { createBundleSync } from '../bundles/sync.ts';
import type { Catalogue } from '../contract/catalogue.ts';
import type { Store } from '../store/open.ts';

export type DownSync = {
  serving: Serving;
  /** For the sender, which calls it with a line that works. */
  afterRound(line: Line): Promise<unknown>;
};

type Options = {
  config: KioskConfig;
  /** The one that was installed. */
  catalogue: Catalogue;
  kioskKey: string;
  store: Store;
  drivers: readonly KnownDriver[];
  clock: Clock;
  log(event: string, detail?: Record<string, unknown>): void;
  /** A visit of before a restart goes on. */
  isVisitResumed: boolean;
};

export const createDownSync = (options: Options): DownSync => {
  const { config, store, drivers, clock, log } = options;
  const { central, kiosk } = config;
  const root = readRoot(central.bundleRoot);

  /** The centre hears what was refused, by the outbox like everything else. */
  const report = ({ refusalId, file, version, reason, refusedAtMs }: RefusedNews): void => {
    const told = store.enqueue('bundle.refused', {
      refusalId,
      channel: file,
      ...(version === undefined ? {} : { version }),
      reason,
      refusedAt: new Date(refusedAtMs).toISOString(),
    });
    if (!told.ok) log('bundleRefusalNotTold', { code: told.error.code });
  };

  if ('problem' in root && store.bundleTrust()) store.forgetBundles();
  const serving = createServing({
    store,
    clock,
    config,
    catalogue: options.catalogue,
    drivers,
    log,
    onRefused: report,
    isVisitResumed: options.isVisitResumed,
  });
  const nothing = async (): Promise<void> => undefined;
  if ('problem' in root) {
    log('bundlesOff', { why: root.problem });
    return { serving, afterRound: nothing };
  }
  const sync = createBundleSync({
    store,
    central: { url: central.url, kioskKey: options.kioskKey, requestTimeoutMs: central.requestTimeoutMs },
    place: { kioskId: kiosk.id, ...(kiosk.hallCode === undefined ? {} : { hallCode: kiosk.hallCode }) },
    root: root.bytes,
    checks: createContentChecks(config, { drivers, isNew: true }),
    clock,
    monotonicMs: () => performance.now(),
    log,
    onTaken: () => serving.noteTaken(),
    onRefused: report,
  });
  if ('error' in sync) {
    log('bundlesOff', { why: sync.error });
    return { serving, afterRound: nothing };
  }
  serving.follow(sync);
  return { serving, afterRound: (line) => sync.maybeRun(line) };
};
