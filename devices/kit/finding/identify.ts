// Asks a port that nobody has who is there. The questions are the drivers' own (`DriverDefinition.probe`): status questions only.
//
//   listen ─▶ printer? (every rate) ─▶ lock board? ─▶ ID reader? ─▶ … ─▶ first recognition ends it
//
// The order is a matter of safety: a printer prints bytes that it does not understand, so it is asked first, with a question that
// printers answer at once and never print; a lock board comes next. What is recognised early is never asked anything else.

import type { Clock } from '../clock.ts';
import type { DriverDefinition, Probe } from '../device.ts';
import type { DeviceIdentity, DeviceKind } from '../status.ts';
import type { Connection, LinkConfig, OpenFailure, Transport } from '../transport.ts';
import { isAdapter } from './adapters.ts';
import { linkOf, type FoundPort } from './ports.ts';

/** The most dangerous to misunderstand first. */
const askingOrder: readonly DeviceKind[] = [
  'ticket-printer',
  'locker',
  'id-card-reader',
  'rating-pad',
  'qr-reader',
  'document-scanner',
];

/** Some devices speak by themselves (a pad's hello, a status report): heard before anything is asked. */
export const listenMs = 400;
/** After opening: adapters and boards that were reset by it come to rest. */
export const settleMs = 100;
/** For the rest of an answer that began in time. */
export const graceMs = 500;
const heardLimit = 4096;

export type Candidate = { driver: DriverDefinition; probe: Probe; baudRate?: number };

export type IdentifyProgress = {
  /** 1 … `of`; the first step only listens. */
  step: number;
  of: number;
  driver?: string;
  title?: { zh: string; en: string };
  baudRate?: number;
};

export type Suggestion = { driver: string; kind: DeviceKind; title: { zh: string; en: string }; link: LinkConfig };

export type IdentifyResult =
  /** `answered`: it answered that driver's question. `spoke`: it said so by itself. */
  | { outcome: 'recognised'; confidence: 'answered' | 'spoke'; identity: DeviceIdentity; suggestions: Suggestion[] }
  /** Its USB numbers or its HID usage say what it is; it was not asked, or did not answer. */
  | { outcome: 'named'; confidence: 'numbers' | 'usage'; model?: string; suggestions: Suggestion[] }
  /** Nobody answered. `heardBytes`: it said something that no driver understands. */
  | { outcome: 'unknown'; asked: number; heardBytes: number }
  | { outcome: 'cannotOpen'; reason: OpenFailure; message: string }
  | { outcome: 'gone' }
  | { outcome: 'canceled' }
  /** A device has this port: it was left alone. */
  | { outcome: 'assigned' };

export type IdentifyOptions = {
  drivers: readonly DriverDefinition[];
  /** Ports that devices have: never asked. */
  assigned: readonly FoundPort[];
  /** The normal transports; a fresh one for every opening. */
  transportOf(link: LinkConfig, defaultBaudRate: number): Transport;
  clock: Clock;
  onProgress?(progress: IdentifyProgress): void;
  signal?: AbortSignal;
};

const matchesNumbers = (driver: DriverDefinition, port: FoundPort): boolean =>
  (driver.usb ?? []).some(
    ({ vendorId, productId }) => vendorId === port.usb?.vendorId && productId === port.usb.productId,
  );

/** HID Point of Sale Usage Tables 1.02: bar code scanner page. */
const barcodePage = 0x8c;

const isOfUsage = (driver: DriverDefinition, port: FoundPort): boolean =>
  driver.kind === 'qr-reader' && (port.usages ?? []).some(({ usagePage }) => usagePage === barcodePage);

/** Drivers that could stand on this port at all. */
const fitting = (port: FoundPort, drivers: readonly DriverDefinition[]): readonly DriverDefinition[] => {
  const able = drivers.filter(({ links }) => links.includes(port.type));
  const named = port.usb && isAdapter(port.usb) ? [] : able.filter((driver) => matchesNumbers(driver, port));
  if (named.length > 0) return named;
  // An unknown HID device may be anything, a keyboard too: it is not written to.
  return port.type === 'hid' ? able.filter((driver) => isOfUsage(driver, port)) : able;
};

/** A HID device is opened by its numbers: without a serial number that could open its twin, which a device has. */
const hasTwin = (port: FoundPort, assigned: readonly FoundPort[]): boolean =>
  port.type === 'hid' &&
  assigned.some(
    ({ type, usb }) =>
      type === 'hid' &&
      usb?.vendorId === port.usb?.vendorId &&
      usb?.productId === port.usb?.productId &&
      usb?.serialNumber === port.usb?.serialNumber,
  );

/** Every question in the order in which it may be asked. */
export const candidatesFor = (port: FoundPort, drivers: readonly DriverDefinition[]): Candidate[] => {
  const isNamed = (driver: DriverDefinition): boolean => matchesNumbers(driver, port);
  return fitting(port, drivers)
    .flatMap((driver) => (driver.probe ? [{ driver, probe: driver.probe }] : []))
    .filter(({ driver }) => port.type !== 'hid' || isNamed(driver))
    .sort((a, b) => askingOrder.indexOf(a.driver.kind) - askingOrder.indexOf(b.driver.kind))
    .flatMap(({ driver, probe }): Candidate[] =>
      port.type === 'serial' ? probe.baudRates.map((baudRate) => ({ driver, probe, baudRate })) : [{ driver, probe }],
    );
};

type Ear = { heard(): Uint8Array; isLost(): boolean; next(ms: number): Promise<void>; stop(): void };

/** Collects what comes in; `next` waits until something comes, the time is over, the port is gone or the caller gave up. */
const listenTo = (connection: Connection, clock: Clock, signal: AbortSignal | undefined): Ear => {
  let heard = new Uint8Array(0);
  let isLost = false;
  let wake: () => void = () => undefined;
  connection.onData((bytes) => {
    heard = Uint8Array.from([...heard, ...bytes].slice(-heardLimit));
    wake();
  });
  connection.onLost(() => {
    isLost = true;
    wake();
  });
  const onAbort = (): void => wake();
  signal?.addEventListener('abort', onAbort);
  return {
    heard: () => heard,
    isLost: () => isLost,
    next: (ms) =>
      new Promise((resolve) => {
        const cancel = clock.after(ms, resolve);
        wake = () => {
          cancel();
          resolve();
        };
      }),
    stop: () => signal?.removeEventListener('abort', onAbort),
  };
};

type Asked = { identity?: DeviceIdentity; heard: number; isLost?: boolean; failure?: IdentifyResult };

/** One opening: listens, asks the questions (none when only listening) and closes again. */
const askOnce = async (
  link: LinkConfig,
  candidates: readonly Candidate[],
  isListening: boolean,
  { transportOf, clock, signal }: IdentifyOptions,
): Promise<Asked & { by?: Candidate }> => {
  const baudRate = candidates[0]?.baudRate ?? 9600;
  const opened = await transportOf(link, baudRate).open({ baudRate });
  if (!opened.ok) {
    const { code, message } = opened.error;
    return { heard: 0, failure: { outcome: 'cannotOpen', reason: code, message } };
  }
  const connection = opened.value;
  const ear = listenTo(connection, clock, signal);
  const find = (): Candidate | undefined => candidates.find(({ probe }) => probe.recognise(ear.heard()));
  const wait = async (ms: number): Promise<Candidate | undefined> => {
    const untilMs = clock.now() + ms;
    for (;;) {
      const by = ear.heard().length > 0 ? find() : undefined;
      const leftMs = untilMs - clock.now();
      if (by || leftMs <= 0 || ear.isLost() || signal?.aborted) return by;
      await ear.next(leftMs);
    }
  };
  try {
    let by = await wait(isListening ? listenMs : settleMs);
    if (!by && !isListening)
      for (const question of candidates[0]?.probe.ask ?? []) {
        if (ear.isLost() || signal?.aborted) break;
        await connection.write(question);
        by = await wait(candidates[0]?.probe.waitMs ?? 0);
        if (by) break;
      }
    // Something came and is not whole: a slow device, or a busy machine.
    if (!by && !isListening && ear.heard().length > 0) by = await wait(graceMs);
    const identity = by?.probe.recognise(ear.heard());
    return {
      heard: ear.heard().length,
      isLost: ear.isLost(),
      ...(by && identity ? { by, identity } : {}),
    };
  } catch {
    return { heard: ear.heard().length, isLost: true };
  } finally {
    ear.stop();
    await connection.close();
  }
};

const suggest = (driver: DriverDefinition, link: LinkConfig, baudRate?: number): Suggestion => ({
  driver: driver.driver,
  kind: driver.kind,
  title: driver.title,
  link:
    link.type === 'serial' && baudRate !== undefined
      ? { ...link, baudRate: baudRate as Exclude<typeof link.baudRate, undefined> }
      : link,
});

/** Who stands behind an unassigned port. */
export const identifyPort = async (port: FoundPort, options: IdentifyOptions): Promise<IdentifyResult> => {
  const { drivers, assigned, onProgress, signal } = options;
  if (assigned.some(({ node }) => node === port.node)) return { outcome: 'assigned' };
  const link = linkOf(port);
  // The transports find a HID device by its numbers; a tty or printer is opened by the node that was listed.
  const opened: LinkConfig = link.type === 'serial' || link.type === 'lp' ? { ...link, path: port.node } : link;
  const candidates = hasTwin(port, assigned) ? [] : candidatesFor(port, drivers);
  const rates = [...new Set(candidates.map(({ baudRate }) => baudRate))];
  const listening = rates[0] === undefined ? candidates : candidates.filter(({ baudRate }) => baudRate === rates[0]);
  const of = candidates.length + (candidates.length > 0 ? 1 : 0);
  let heardBytes = 0;
  let asked = 0;

  for (let step = 0; step < of; step += 1) {
    if (signal?.aborted) return { outcome: 'canceled' };
    const isListening = step === 0;
    const own = isListening ? undefined : candidates[step - 1];
    onProgress?.({
      step: step + 1,
      of,
      ...(own ? { driver: own.driver.driver, title: own.driver.title } : {}),
      ...(own?.baudRate === undefined ? {} : { baudRate: own.baudRate }),
    });
    const answer = await askOnce(opened, own ? [own] : listening, isListening, options);
    if (answer.failure) return answer.failure;
    if (answer.by && answer.identity)
      return {
        outcome: 'recognised',
        confidence: isListening ? 'spoke' : 'answered',
        identity: answer.identity,
        suggestions: [suggest(answer.by.driver, link, answer.by.baudRate)],
      };
    if (signal?.aborted) return { outcome: 'canceled' };
    if (answer.isLost) return { outcome: 'gone' };
    heardBytes += answer.heard;
    if (!isListening) asked += 1;
  }

  const able = fitting(port, drivers);
  const named = port.usb && !isAdapter(port.usb) ? able.filter((driver) => matchesNumbers(driver, port)) : [];
  if (named.length > 0) {
    const model = named.flatMap(({ usb = [] }) =>
      usb.filter((entry) => entry.vendorId === port.usb?.vendorId && entry.productId === port.usb.productId),
    )[0]?.model;
    const suggestions = named.map((driver) => suggest(driver, link));
    return { outcome: 'named', confidence: 'numbers', ...(model === undefined ? {} : { model }), suggestions };
  }
  const byUsage = able.filter((driver) => isOfUsage(driver, port));
  if (byUsage.length > 0)
    return { outcome: 'named', confidence: 'usage', suggestions: byUsage.map((driver) => suggest(driver, link)) };
  return { outcome: 'unknown', asked, heardBytes };
};

/** One probe at a time on a port. Undefined: somebody is asking it just now. */
export const createIdentifier = () => {
  const busy = new Set<string>();
  return async (port: FoundPort, options: IdentifyOptions): Promise<IdentifyResult | undefined> => {
    if (busy.has(port.node)) return undefined;
    busy.add(port.node);
    try {
      return await identifyPort(port, options);
    } finally {
      busy.delete(port.node);
    }
  };
};
