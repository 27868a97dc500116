// How many bytes a second each driver's decoder takes, beside two parsers of other people that get the same bytes in the same chunks:
// node-serialport's delimiter parser, which cuts at this protocol's first byte, and zwave-js's serial parser, which finds hardly a frame
// of its own in them and skips the rest. They check less than ours do; the figures say what our checks cost.

import { finished } from 'node:stream/promises';
import { DelimiterParser } from 'serialport';
import type { Rehearsal } from '../../devices/kit/rehearsal.ts';
import { findRehearsals } from '../faults/rehearsals.ts';
import { figure, median, type Figure } from './figure.ts';
import { zwaveParser, zwaveSet } from './peers.ts';

const megabyte = 1_000_000;
const streamBytes = megabyte / 2;
/** What one read of a busy serial port gives. */
const chunkBytes = 64;
const rounds = 3;

/** Deterministic, so that every run and every parser gets the same frames (mulberry32). */
const seededRandom = (seed: number) => {
  let state = seed;
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
};

type Load = { frames: Uint8Array[]; chunks: Uint8Array[]; bytes: number };

const cut = (bytes: Uint8Array): Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, index) =>
    bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes),
  );

/** Reports come whole. Where a pause ends a frame, a chunk never holds two of them; elsewhere chunks take no notice of frames. */
const loadOf = ({ codec, wire }: Rehearsal): Load => {
  const random = seededRandom(1);
  const frames: Uint8Array[] = [];
  let bytes = 0;
  while (bytes < streamBytes) {
    const frame = codec.draw(random).bytes;
    frames.push(frame);
    bytes += frame.length;
  }
  if (wire === 'reports') return { frames, chunks: frames, bytes };
  const endsByPause = codec.createDecoder().idleMs !== undefined;
  return { frames, chunks: endsByPause ? frames.flatMap(cut) : cut(Buffer.concat(frames)), bytes };
};

const rate = (bytes: number, ms: number): number => bytes / megabyte / (ms / 1000);

const ours = ({ codec }: Rehearsal, { frames, chunks }: Load): { ms: number; found: number } => {
  const decoder = codec.createDecoder();
  const endsByPause = decoder.idleMs !== undefined;
  let found = 0;
  const take = (items: ReturnType<typeof decoder.push>): void => {
    for (const item of items) if (item.type === 'frame') found += 1;
  };
  const startedMs = performance.now();
  if (endsByPause)
    for (const frame of frames) {
      for (let at = 0; at < frame.length; at += chunkBytes) take(decoder.push(frame.subarray(at, at + chunkBytes)));
      take(decoder.idle?.() ?? []);
    }
  else for (const chunk of chunks) take(decoder.push(chunk));
  return { ms: performance.now() - startedMs, found };
};

const serialport = async (chunks: readonly Uint8Array[]): Promise<number> => {
  const parser = new DelimiterParser({ delimiter: Buffer.from(chunks[0]?.subarray(0, 1) ?? [0x0d]) });
  parser.on('data', () => undefined);
  const startedMs = performance.now();
  for (const chunk of chunks) if (!parser.write(chunk)) await new Promise((resolve) => parser.once('drain', resolve));
  parser.end();
  await finished(parser);
  return performance.now() - startedMs;
};

const zwave = async (
  create: Exclude<Awaited<ReturnType<typeof zwaveParser>>, string>,
  chunks: readonly Uint8Array[],
) => {
  const parser = create();
  const startedMs = performance.now();
  const reading = (async () => {
    for await (const _item of parser.readable);
  })();
  const writer = parser.writable.getWriter();
  for (const chunk of chunks) await writer.write(chunk);
  await writer.close();
  await reading;
  return performance.now() - startedMs;
};

export const measureDecoders = async (): Promise<Figure[]> => {
  const figures: Figure[] = [];
  const peer = await zwaveParser();
  const seen = new Set<string>();
  for (const { rehearsal } of await findRehearsals()) {
    // One load a driver: its variants differ in what the device can do, not in how bytes are read.
    if (seen.has(rehearsal.driver)) continue;
    seen.add(rehearsal.driver);
    const load = loadOf(rehearsal);
    const { chunks, frames, bytes } = load;
    const times = { own: [] as number[], serialport: [] as number[], zwave: [] as number[] };
    let found = 0;
    for (let round = 0; round < rounds; round += 1) {
      const run = ours(rehearsal, load);
      ({ found } = run);
      times.own.push(run.ms);
      times.serialport.push(await serialport(chunks));
      if (typeof peer !== 'string') times.zwave.push(await zwave(peer, chunks));
    }
    const beside = [
      `serialport DelimiterParser ${rate(bytes, median(times.serialport)).toFixed(1)}`,
      typeof peer === 'string'
        ? peer
        : `zwave-js ${zwaveSet.packages['@zwave-js/serial']} ${rate(bytes, median(times.zwave)).toFixed(1)}`,
    ];
    figures.push(
      figure(`decode ${rehearsal.driver}`, rate(bytes, median(times.own)), 'MB/s', {
        note: `${found} of ${frames.length} frames; on the same bytes: ${beside.join(', ')} MB/s`,
      }),
    );
  }
  return figures;
};
