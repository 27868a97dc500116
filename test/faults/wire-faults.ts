// What a cable can do to what passes, as data. Each fault lasts from the command's start until it ended, then the cable is good again.

import type { Clock } from '../../devices/kit/clock.ts';
import type { Rehearsal } from '../../devices/kit/rehearsal.ts';
import type { Pass, Twist } from './fault-wire.ts';
import type { Random } from './random.ts';
import type { Rehearsed } from './rehearsals.ts';

export type WireFault = {
  name: string;
  /** Why a rehearsal is left out; undefined: it is not. */
  leftOut?(rehearsed: Rehearsed): string | undefined;
  /** `release` is called when the command has ended, for faults that hold something back. */
  make(random: Random, rehearsal: Rehearsal, clock: Clock): Twist & { release?(): void };
};

const joinMs = 20;
const lateMs = 1500;
const duplicateMs = 5;
const slowStartMs = 120;
const slowByteMs = 3;

const reportsAreWhole = ({ rehearsal: { wire } }: Rehearsed): string | undefined =>
  wire === 'reports' ? 'a report comes whole or not at all' : undefined;
const noCheck = ({ rehearsal: { codec } }: Rehearsed): string | undefined =>
  codec.check === 'none' ? 'the protocol has no check that could tell' : undefined;
const noEchoOfReports = ({ rehearsal: { wire } }: Rehearsed): string | undefined =>
  wire === 'reports' ? 'USB does not echo' : undefined;
const noGarbageReports = ({ rehearsal: { wire, codec } }: Rehearsed): string | undefined =>
  wire === 'reports' && codec.check === 'none'
    ? 'USB carries a CRC of its own: a report that the device did not send does not come'
    : undefined;

const oneByOne = (bytes: Uint8Array, pass: Pass): void => {
  for (let index = 0; index < bytes.length; index += 1) pass(bytes.subarray(index, index + 1));
};

/** SANE's and the network's drivers speak to a program of their own or over HTTP: messages come once and in order, or the link ends. */
export const isOnItsOwnLink = ({ definition }: Rehearsed): boolean => definition.links.length === 0;
const messagesComeOnce = (rehearsed: Rehearsed): string | undefined =>
  isOnItsOwnLink(rehearsed) ? 'its messages come once and in order, or the link ends' : undefined;

/** Break, idle level and adapters waking up: what lines without a check really suffer from. */
const breakNoise = Uint8Array.of(0x00, 0xff, 0xfe, 0x00, 0xff);

export const wireFaults: readonly WireFault[] = [
  {
    name: 'byteByByte',
    leftOut: reportsAreWhole,
    make: () => ({ fromDevice: oneByOne, toDevice: oneByOne }),
  },
  {
    // What comes within 20 ms comes at once, as behind an adapter with a latency timer.
    name: 'twoFramesInOneChunk',
    leftOut: reportsAreWhole,
    make(_random, _rehearsal, clock) {
      let held: Uint8Array[] = [];
      return {
        fromDevice(bytes, pass) {
          held.push(bytes);
          if (held.length > 1) return;
          clock.after(joinMs, () => {
            pass(Buffer.concat(held));
            held = [];
          });
        },
      };
    },
  },
  {
    name: 'garbageBefore',
    leftOut: noGarbageReports,
    make: (random, { codec, wire }) => ({
      fromDevice(bytes, pass) {
        if (wire === 'reports') {
          pass(random.bytes(bytes.length));
          pass(bytes);
          return;
        }
        const noise = codec.check === 'none' ? breakNoise : random.bytes(1 + random.below(8));
        pass(Buffer.concat([noise, bytes]));
      },
    }),
  },
  {
    // One byte of every piece is another one: any check sees that.
    name: 'wrongChecksum',
    leftOut: noCheck,
    make: (random) => ({
      fromDevice(bytes, pass) {
        const damaged = Uint8Array.from(bytes);
        const at = random.below(3) === 0 ? damaged.length - 1 : random.below(damaged.length);
        damaged[at] = (damaged[at] ?? 0) ^ (1 + random.below(255));
        pass(damaged);
      },
    }),
  },
  {
    name: 'cutInTheMiddle',
    leftOut: reportsAreWhole,
    make: () => ({
      fromDevice: (bytes, pass) => pass(bytes.subarray(0, Math.floor(bytes.length / 2))),
    }),
  },
  {
    // The reply to one question comes while the next one waits.
    name: 'lateReply',
    make: () => ({ fromDevice: (bytes, pass) => pass(bytes, lateMs) }),
  },
  {
    // Everything that the device said comes after the command has ended.
    name: 'replyAfterDeadline',
    make() {
      const held: (() => void)[] = [];
      return {
        fromDevice: (bytes, pass) => void held.push(() => pass(bytes)),
        release() {
          for (const deliver of held) deliver();
        },
      };
    },
  },
  {
    name: 'echo',
    leftOut: noEchoOfReports,
    make: () => ({
      toDevice(bytes, pass, echo) {
        echo(bytes);
        pass(bytes);
      },
    }),
  },
  {
    name: 'duplicate',
    leftOut: messagesComeOnce,
    make: () => ({
      fromDevice(bytes, pass) {
        pass(bytes);
        pass(bytes, duplicateMs);
      },
    }),
  },
  { name: 'silence', make: () => ({ fromDevice: () => undefined }) },
  { name: 'deafAndDumb', make: () => ({ fromDevice: () => undefined, toDevice: () => undefined }) },
  {
    name: 'slow',
    make(_random, { wire }, clock) {
      let freeAtMs = 0;
      return {
        fromDevice(bytes, pass) {
          const pieceBytes = wire === 'reports' ? bytes.length : 1;
          freeAtMs = Math.max(freeAtMs, clock.now() + slowStartMs);
          for (let at = 0; at < bytes.length; at += pieceBytes) {
            pass(bytes.subarray(at, at + pieceBytes), freeAtMs - clock.now());
            freeAtMs += slowByteMs;
          }
        },
      };
    },
  },
  // Flow control holds the line up for good.
  { name: 'stuckBusy', make: () => ({ isStuck: true, fromDevice: () => undefined }) },
];
