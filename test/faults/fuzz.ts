// Streams for decoders: noise, good frames, damaged and cut ones, garbage before good ones, in any chunks, with silences. One case is
// one stream; a batch is a thousand or so from one seed, so that a failure is named by two numbers and found again in a moment.
//
//   what must hold                                     where it is counted
//   nothing throws                                     crashes
//   chunks do not change the answers (no silence in)   chunking
//   good frames alone come out all, and nothing else   wrongData
//   a frame with one changed byte makes no other frame wrongData (only where frames carry a check)
//   after garbage a good frame is found                lostAfterGarbage, resyncFrames
//   bytes are in a frame, discarded or held            unaccounted, largestBuffer
//
// What a check cannot see. Sums and XORs see every single changed byte as long as the frame keeps its length; a changed length byte
// puts another byte in the place of the check, and then an 8-bit check passes by chance once in 256. So an accepted frame of the
// length that was sent is wrong data; one of another length is a `collision`, and only more of them than chance makes is wrong. Two
// bytes that changed places are invisible to sums and XORs: what was accepted of them is counted (`swaps`), not judged.

import { isDeepStrictEqual } from 'node:util';
import { bufferLimit } from '../../devices/kit/framing.ts';
import type { Decoded, Decoder } from '../../devices/kit/machine.ts';
import type { Rehearsal, SampleFrame } from '../../devices/kit/rehearsal.ts';
import { createRandom, seedOf, type Random } from './random.ts';

export type FuzzReport = {
  cases: number;
  crashes: number;
  hangs: number;
  wrongData: number;
  lostAfterGarbage: number;
  chunking: number;
  unaccounted: number;
  /** Bytes that went in and did not come out yet, at most. */
  largestBuffer: number;
  /** Good frames that were needed at most until one was found after garbage. */
  resyncFrames: number;
  damaged: number;
  collisions: number;
  swaps: number;
  failures: string[];
};

export const emptyFuzzReport = (): FuzzReport => ({
  cases: 0,
  crashes: 0,
  hangs: 0,
  wrongData: 0,
  lostAfterGarbage: 0,
  chunking: 0,
  unaccounted: 0,
  largestBuffer: 0,
  resyncFrames: 0,
  damaged: 0,
  collisions: 0,
  swaps: 0,
  failures: [],
});

const failureLimit = 20;
const judged = ['crashes', 'hangs', 'wrongData', 'lostAfterGarbage', 'chunking', 'unaccounted'] as const;

export const isFuzzClean = (report: FuzzReport): boolean =>
  report.cases > 0 && judged.every((name) => report[name] === 0) && report.largestBuffer <= bufferLimit;

export const addFuzzReports = (a: FuzzReport, b: FuzzReport): FuzzReport => {
  const sum = emptyFuzzReport();
  for (const name of ['cases', ...judged, 'damaged', 'collisions', 'swaps'] as const) sum[name] = a[name] + b[name];
  sum.largestBuffer = Math.max(a.largestBuffer, b.largestBuffer);
  sum.resyncFrames = Math.max(a.resyncFrames, b.resyncFrames);
  sum.failures = [...a.failures, ...b.failures].slice(0, failureLimit);
  return sum;
};

/** After garbage a frame must be found within so many good ones: a length in the garbage may claim the first few. */
export const resyncAllowance = { frames: 8, bytes: 4096 } as const;
/** Accepted frames of another length than was sent, of all damaged ones; chance makes 1 in 256 of those whose length changed. */
const collisionShare = 1 / 64;
const longStreamBytes = 200_000;
const longStreamEvery = 2000;

type Findings = Omit<FuzzReport, 'cases' | 'hangs' | 'failures'>;
type Tell = (name: keyof Findings, what: string) => void;

const hex = (bytes: Uint8Array): string => {
  const text = Buffer.from(bytes).toString('hex');
  return text.length > 160 ? `${text.slice(0, 160)}… (${bytes.length} bytes)` : text;
};

const join = (pieces: readonly Uint8Array[]): Uint8Array =>
  pieces.length === 1 ? (pieces[0] ?? new Uint8Array()) : Buffer.concat(pieces);

/** A decoder whose bytes are counted. */
const createCounted = (rehearsal: Rehearsal, report: Findings, tell: Tell) => {
  const decoder: Decoder<unknown> = rehearsal.codec.createDecoder();
  // A message that makes several frames names its bytes with each of them.
  const isCounted = rehearsal.wire === 'stream';
  let held = 0;
  const take = (items: Decoded<unknown>[], frames: unknown[]): void => {
    for (const item of items) {
      held -= item.bytes.length;
      if (item.type === 'frame') frames.push(item);
    }
    if (!isCounted) return;
    if (held < 0) {
      tell('unaccounted', `${-held} bytes more came out than went in`);
      held = 0;
    }
    if (held > report.largestBuffer) report.largestBuffer = held;
  };
  return {
    push(bytes: Uint8Array, frames: unknown[]): void {
      held += bytes.length;
      take(decoder.push(bytes), frames);
    },
    silence(frames: unknown[]): void {
      if (decoder.idleMs !== undefined && decoder.idle) take(decoder.idle(), frames);
    },
    hasSilence: decoder.idleMs !== undefined && decoder.idle !== undefined,
    held: () => held,
  };
};
type Counted = ReturnType<typeof createCounted>;
type Found = { type: 'frame'; frame: unknown; bytes: Uint8Array };

const pushInChunks = (decoder: Counted, bytes: Uint8Array, random: Random, frames: unknown[]): void => {
  const largest = [1, 4, 16, 64, bytes.length][random.below(5)] ?? 1;
  for (let at = 0; at < bytes.length;) {
    const size = largest >= bytes.length ? bytes.length : 1 + random.below(largest);
    decoder.push(bytes.subarray(at, at + size), frames);
    at += size;
  }
};

const changeOneByte = (bytes: Uint8Array, random: Random): Uint8Array => {
  const changed = Uint8Array.from(bytes);
  const at = random.below(changed.length);
  changed[at] = (changed[at] ?? 0) ^ (1 + random.below(255));
  return changed;
};

const swapTwoBytes = (bytes: Uint8Array, random: Random): Uint8Array => {
  const changed = Uint8Array.from(bytes);
  if (changed.length < 2) return changed;
  const at = random.below(changed.length - 1);
  [changed[at], changed[at + 1]] = [changed[at + 1] ?? 0, changed[at] ?? 0];
  return changed;
};

/** Bytes that nobody meant: noise, half frames, runs of a frame's own first byte, noise made of a frame's bytes. */
const drawGarbage = (draw: () => SampleFrame, random: Random): Uint8Array => {
  const length = 1 + random.below(48);
  switch (random.below(5)) {
    case 0:
      return random.bytes(length);
    case 1: {
      const { bytes } = draw();
      return bytes.subarray(0, Math.max(1, random.below(bytes.length)));
    }
    case 2:
      return changeOneByte(draw().bytes, random);
    case 3:
      return new Uint8Array(length).fill(draw().bytes[0] ?? 0);
    default: {
      const { bytes } = draw();
      return Uint8Array.from({ length }, () => bytes[random.below(bytes.length)] ?? 0);
    }
  }
};

type Case = { rehearsal: Rehearsal; random: Random; draw: () => SampleFrame; report: Findings; tell: Tell };

const playNoise = ({ rehearsal, random, draw, report, tell }: Case): void => {
  const decoder = createCounted(rehearsal, report, tell);
  const frames: unknown[] = [];
  for (let piece = 1 + random.below(6); piece > 0; piece -= 1) {
    const bytes = random.chance(2) ? random.bytes(1 + random.below(200)) : drawGarbage(draw, random);
    if (rehearsal.wire === 'reports') decoder.push(bytes, frames);
    else pushInChunks(decoder, bytes, random, frames);
    if (random.chance(3)) decoder.silence(frames);
  }
};

const playGood = ({ rehearsal, random, draw, report, tell }: Case): void => {
  const decoder = createCounted(rehearsal, report, tell);
  const frames: Found[] = [];
  const sent: SampleFrame[] = [];
  for (let count = 1 + random.below(4); count > 0; count -= 1) {
    const sample = draw();
    sent.push(sample);
    if (rehearsal.wire === 'reports') decoder.push(sample.bytes, frames);
    else pushInChunks(decoder, sample.bytes, random, frames);
    // Where silence ends a frame, there is some between two.
    decoder.silence(frames);
  }
  const areRight = frames.length === sent.length && sent.every((sample, index) => sample.isFrame(frames[index]?.frame));
  if (areRight) return;
  const all = sent.map(({ bytes }) => hex(bytes)).join(' | ');
  tell('wrongData', `${sent.length} good frames made ${frames.length} or others: ${all}`);
};

const playChunks = ({ rehearsal, random, draw, report, tell }: Case): void => {
  if (rehearsal.wire === 'reports') return;
  const pieces: Uint8Array[] = [];
  for (let count = 1 + random.below(5); count > 0; count -= 1)
    pieces.push(random.chance(3) ? drawGarbage(draw, random) : draw().bytes);
  const stream = join(pieces);
  const whole = createCounted(rehearsal, report, tell);
  const chunked = createCounted(rehearsal, report, tell);
  const once: Found[] = [];
  const often: Found[] = [];
  whole.push(stream, once);
  pushInChunks(chunked, stream, random, often);
  if (whole.hasSilence) {
    whole.silence(once);
    chunked.silence(often);
  }
  const isSame =
    once.length === often.length &&
    whole.held() === chunked.held() &&
    once.every(({ frame }, index) => isDeepStrictEqual(frame, often[index]?.frame));
  if (!isSame) tell('chunking', `${once.length} or ${often.length} frames, by chunks, of ${hex(stream)}`);
};

const playGarbage = ({ rehearsal, random, draw, report, tell }: Case): void => {
  const decoder = createCounted(rehearsal, report, tell);
  const frames: Found[] = [];
  const garbage = drawGarbage(draw, random);
  if (rehearsal.wire === 'reports') decoder.push(garbage, frames);
  else pushInChunks(decoder, garbage, random, frames);
  if (random.chance(2)) decoder.silence(frames);
  let bytes = 0;
  for (let tried = 1; tried <= resyncAllowance.frames || bytes < resyncAllowance.bytes; tried += 1) {
    const sample = draw();
    bytes += sample.bytes.length;
    frames.length = 0;
    if (rehearsal.wire === 'reports') decoder.push(sample.bytes, frames);
    else pushInChunks(decoder, sample.bytes, random, frames);
    decoder.silence(frames);
    if (!frames.some(({ frame }) => sample.isFrame(frame))) continue;
    if (tried > report.resyncFrames) report.resyncFrames = tried;
    return;
  }
  tell('lostAfterGarbage', `no frame was found after ${hex(garbage)}`);
};

const playDamaged = ({ rehearsal, random, draw, report, tell }: Case): void => {
  const sample = draw();
  const isSwap = random.chance(8);
  const damaged = isSwap ? swapTwoBytes(sample.bytes, random) : changeOneByte(sample.bytes, random);
  const decoder = createCounted(rehearsal, report, tell);
  const frames: Found[] = [];
  if (rehearsal.wire === 'reports') decoder.push(damaged, frames);
  else pushInChunks(decoder, damaged, random, frames);
  decoder.silence(frames);
  decoder.silence(frames);
  if (rehearsal.codec.check === 'none') return;
  report.damaged += 1;
  for (const { frame, bytes } of frames) {
    if (sample.isFrame(frame)) continue;
    if (isSwap) report.swaps += 1;
    else if (bytes.length === sample.bytes.length)
      tell('wrongData', `${hex(damaged)} passed for a frame, sent was ${hex(sample.bytes)}`);
    else {
      report.collisions += 1;
      if (report.collisions > 8 + report.damaged * collisionShare)
        tell('wrongData', `more frames are made of damaged ones than chance makes, e.g. of ${hex(damaged)}`);
    }
  }
};

/** Long enough that bytes which vanish in silence show as held. */
const playLong = ({ rehearsal, random, draw, report, tell }: Case): void => {
  const decoder = createCounted(rehearsal, report, tell);
  const frames: Found[] = [];
  for (let bytes = 0; bytes < longStreamBytes;) {
    const piece = random.chance(2) ? draw().bytes : drawGarbage(draw, random);
    bytes += piece.length;
    decoder.push(piece, frames);
    frames.length = 0;
    if (random.chance(16)) decoder.silence(frames);
  }
  if (decoder.held() > bufferLimit) tell('unaccounted', `${decoder.held()} bytes of a long stream are nowhere`);
};

const plays = [
  playNoise,
  playGood,
  playGood,
  playChunks,
  playChunks,
  playGarbage,
  playGarbage,
  playDamaged,
  playDamaged,
  playDamaged,
];

/**
 * Plays `count` streams from one seed. `onCase` is told each number before it is played, so that a watcher can name the one that
 * never ends.
 */
export const fuzzBatch = (
  name: string,
  rehearsal: Rehearsal,
  seed: number,
  count: number,
  onCase: (index: number) => void = () => undefined,
  from = 0,
): FuzzReport => {
  const report = emptyFuzzReport();
  for (let index = from; index < count; index += 1) {
    onCase(index);
    const random = createRandom(seedOf(`${seed} ${index}`));
    const where = `${name} batch ${seed} case ${index}`;
    const tell: Tell = (what, text) => {
      report[what] += 1;
      if (report.failures.length < failureLimit) report.failures.push(`${where}: ${what}: ${text}`);
    };
    const draw = (): SampleFrame => rehearsal.codec.draw((below) => random.below(below));
    const play =
      index % longStreamEvery === longStreamEvery - 1 ? playLong : (plays[random.below(plays.length)] ?? playNoise);
    report.cases += 1;
    try {
      play({ rehearsal, random, draw, report, tell });
    } catch (error) {
      tell(
        'crashes',
        `${play.name}: ${error instanceof Error ? (error.stack ?? '').split('\n').slice(0, 2).join(' ') : String(error)}`,
      );
    }
  }
  return report;
};
