// A simulator on the end of a cable. The cable has its own speed and its own faults, whatever hangs on it:
//
//   driver ══ Port ◀── pacing (baud rate) ◀── dropNext ◀── mute ◀── simulator
//                  ──▶ mute ──▶ pacing (baud rate) ──▶ simulator

import type { Clock } from '../../../devices/kit/clock.ts';
import type { Knob, Simulator, SimulatorFactory } from '../../../devices/kit/simulator.ts';
import type { OnBytes, Port } from './port.ts';

export type Pacer = {
  send(bytes: Uint8Array): void;
  /** Every byte goes alone, as from an adapter without a buffer. */
  setByteByByte(isOn: boolean): void;
  /** Forgets what has not gone out yet. */
  clear(): void;
};

/** Start bit, eight data bits, stop bit. */
const bitsPerByte = 10;
const tickMs = 1;

/**
 * Lets bytes through at the rate of the wire: byte n of a burst leaves when its last bit would have. Ticks are a millisecond, so a
 * chunk is about 12 bytes at 115200 baud and single bytes at 9600; the end of a burst is right to a tick. Without a rate bytes
 * pass at once.
 */
export const createPacer = (clock: Clock, out: OnBytes, baudRate?: number): Pacer => {
  let waiting: Buffer = Buffer.alloc(0);
  let startMs = 0;
  let sent = 0;
  let isByteByByte = false;
  let stopTick: (() => void) | undefined;

  const emit = (bytes: Uint8Array): void => {
    if (!isByteByByte) out(bytes);
    else for (let index = 0; index < bytes.length; index += 1) out(bytes.subarray(index, index + 1));
  };

  const tick = (): void => {
    stopTick = undefined;
    const perMs = baudRate === undefined ? Infinity : baudRate / bitsPerByte / 1000;
    // One byte a tick when they go alone: the reader then really gets them one by one.
    const due = isByteByByte ? 1 : Math.floor((clock.now() - startMs) * perMs) - sent;
    const count = Math.min(waiting.length, due);
    if (count > 0) {
      const bytes = waiting.subarray(0, count);
      waiting = waiting.subarray(count);
      sent += count;
      emit(bytes);
    }
    if (waiting.length > 0) stopTick = clock.after(tickMs, tick);
  };

  return {
    send(bytes) {
      if (baudRate === undefined && !isByteByByte) {
        out(bytes);
        return;
      }
      if (waiting.length === 0) {
        startMs = clock.now();
        sent = 0;
      }
      waiting = Buffer.concat([waiting, bytes]);
      stopTick ??= clock.after(tickMs, tick);
    },
    setByteByByte(isOn) {
      isByteByByte = isOn;
      startMs = clock.now();
      sent = 0;
    },
    clear() {
      stopTick?.();
      stopTick = undefined;
      waiting = Buffer.alloc(0);
    },
  };
};

export type WireOptions = {
  clock: Clock;
  factory: SimulatorFactory;
  settings?: Record<string, unknown>;
  baudRate?: number;
  openPort(onBytes: OnBytes): Port | Promise<Port>;
};

export type WiredSimulator = {
  readonly path: string;
  /** The simulator's own knobs and the cable's; the simulator's win where both have one of a name. */
  readonly knobs: Readonly<Record<string, Knob & { isOfLink?: boolean }>>;
  turn(knob: string, argument?: string): Promise<void>;
  look(): Record<string, unknown>;
  stop(): Promise<void>;
};

/** How many arrivals and how many bytes of each are kept. */
const keptArrivals = 64;
const keptBytes = 8;

type Arrival = {
  /** Milliseconds since the epoch, by the wire's clock, when this end got the first byte of the piece. */
  atMs: number;
  bytes: number;
  /** The first bytes, hexadecimal. */
  head: string;
};

/** What came from the driver and when, as somebody with a probe on the cable would see it. */
const createArrivals = (clock: Clock) => {
  let bytes = 0;
  const last: Arrival[] = [];
  return {
    note(piece: Uint8Array): void {
      bytes += piece.length;
      last.push({
        atMs: clock.now(),
        bytes: piece.length,
        head: Buffer.from(piece.subarray(0, keptBytes)).toString('hex'),
      });
      if (last.length > keptArrivals) last.shift();
    },
    look: () => ({ bytes, last: [...last] }),
  };
};

const switchOf = (argument: string | undefined): boolean => {
  if (argument !== undefined && argument !== 'on' && argument !== 'off') throw new RangeError('on or off');
  return argument !== 'off';
};

/** Puts a simulator on a port. Knobs that plug and unplug take a moment: `turn` resolves when they are done. */
export const startWire = async ({
  clock,
  factory,
  settings,
  baudRate,
  openPort,
}: WireOptions): Promise<WiredSimulator> => {
  let isMute = false;
  let isByteByByte = false;
  let dropping = 0;
  let work: Promise<void> = Promise.resolve();

  // Bytes can only arrive once the port is open, and the simulator stands before that.
  let simulator: Simulator | undefined = undefined as Simulator | undefined;
  const received = createArrivals(clock);
  const inward = createPacer(clock, (bytes) => simulator?.receive(bytes), baudRate);
  const port = await openPort((bytes) => {
    received.note(bytes);
    if (!isMute) inward.send(bytes);
  });
  const pacer = createPacer(clock, (bytes) => port.write(bytes), baudRate);
  const device = factory(
    {
      send(bytes) {
        if (isMute || !port.isPlugged) return;
        const dropped = Math.min(dropping, bytes.length);
        dropping -= dropped;
        if (dropped < bytes.length) pacer.send(bytes.subarray(dropped));
      },
    },
    { clock, settings: settings ?? {} },
  );
  simulator = device;

  const link: Record<string, Knob & { isOfLink: true }> = {
    unplug: {
      isOfLink: true,
      title: { zh: '拔掉数据线', en: 'Unplug the cable' },
      turn() {
        pacer.clear();
        inward.clear();
        work = work.then(() => port.unplug());
      },
    },
    replug: {
      isOfLink: true,
      title: { zh: '插上数据线', en: 'Plug the cable in' },
      turn() {
        work = work.then(() => port.plug());
      },
    },
    mute: {
      isOfLink: true,
      title: { zh: '线路不通', en: 'Cable passes nothing' },
      argument: ['on', 'off'],
      turn(argument) {
        isMute = switchOf(argument);
      },
    },
    byteByByte: {
      isOfLink: true,
      title: { zh: '逐字节送达', en: 'Deliver byte by byte' },
      argument: ['on', 'off'],
      turn(argument) {
        isByteByByte = switchOf(argument);
        pacer.setByteByByte(isByteByByte);
      },
    },
    dropNext: {
      isOfLink: true,
      title: { zh: '丢掉接下来的字节', en: 'Lose the next bytes' },
      argument: ['1', '2', '5', '20'],
      turn(argument = '1') {
        const count = Number(argument);
        if (!Number.isInteger(count) || count < 1) throw new RangeError('a number of bytes');
        dropping = count;
      },
    },
  };
  const knobs = { ...link, ...device.knobs };

  return {
    get path() {
      return port.path;
    },
    knobs,
    async turn(name, argument) {
      const knob = Object.hasOwn(knobs, name) ? knobs[name] : undefined;
      if (!knob) throw new RangeError(`there is no knob ${name}`);
      knob.turn(argument);
      await work;
    },
    look: () => ({
      ...device.look(),
      link: { isPlugged: port.isPlugged, isMute, isByteByByte, dropping, received: received.look() },
    }),
    async stop() {
      pacer.clear();
      inward.clear();
      device.stop();
      await work.catch(() => undefined);
      await port.unplug();
    },
  };
};
