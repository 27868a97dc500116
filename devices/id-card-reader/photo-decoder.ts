// The photo of a card as a picture, made by a program that the hall owns a licence for: no open decoder of WLT data exists.
// Impure, and apart from the machine: the card is read whether or not this works.
//
//   reader ── card, WLT photo ──▶ [ program: WLT on stdin ─▶ PNG, JPEG or BMP on stdout ] ──▶ card, picture
//                                        │ fails, is slow, answers something else
//                                        └──▶ card without a photo

import { spawn, type ChildProcess } from 'node:child_process';
import type { Clock } from '../kit/clock.ts';
import type { DeviceDependencies, ExecuteOptions } from '../kit/device.ts';
import type { Result } from '../kit/result.ts';
import type { IdCardReader, IdCardReply, PhotoFormat } from './api.ts';
import type { PhotoDecoderConfig } from './config.ts';
import { idCardReaderChecks } from './diagnostics.ts';

/** A decoded photo is 38,862 bytes as a BMP; more than this is no photo. */
const pictureLimitBytes = 1024 * 1024;

const signatures: readonly { format: PhotoFormat; head: readonly number[] }[] = [
  { format: 'png', head: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { format: 'jpeg', head: [0xff, 0xd8, 0xff] },
  { format: 'bmp', head: [0x42, 0x4d] },
];

export const pictureFormatOf = (bytes: Uint8Array): PhotoFormat | undefined =>
  signatures.find(({ head }) => bytes.length > head.length && head.every((byte, at) => bytes[at] === byte))?.format;

type Picture = { format: PhotoFormat; bytes: Uint8Array };
/** `reason` is for the log: it holds nothing that the program said, since that may be about a citizen. */
type Decoded = Picture | { reason: string };

/** A group of its own, so that a program that was started by a script ends with the script. */
const hasGroups = process.platform !== 'win32';

/** Runs the program once. Never rejects; nothing is written to disk; after the deadline or `signal` the program is killed. */
export const decodePhoto = (
  wlt: Uint8Array,
  command: readonly string[],
  { timeoutMs, signal, clock }: { timeoutMs: number; signal: AbortSignal; clock: Clock },
): Promise<Decoded> =>
  new Promise((resolve) => {
    const child = startProgram(command);
    if (!child) {
      resolve({ reason: 'notStarted' });
      return;
    }
    const parts: Buffer[] = [];
    let length = 0;
    let isOver = false;
    const end = (decoded: Decoded): void => {
      if (isOver) return;
      isOver = true;
      stopDeadline();
      signal.removeEventListener('abort', onAbort);
      resolve(decoded);
    };
    const giveUp = (reason: string): void => {
      if (isOver) return;
      end({ reason });
      killGroup(child);
      child.stdout?.destroy();
      child.stdin?.destroy();
    };
    const onAbort = (): void => giveUp('canceled');
    const stopDeadline = clock.after(timeoutMs, () => giveUp('timeOut'));
    signal.addEventListener('abort', onAbort, { once: true });

    child.on('error', () => end({ reason: 'notStarted' }));
    child.on('close', (code) => {
      const bytes = Uint8Array.from(Buffer.concat(parts));
      const format = pictureFormatOf(bytes);
      if (code !== 0) end({ reason: `exit ${code ?? 'by signal'}` });
      else end(format ? { format, bytes } : { reason: 'noPicture' });
    });
    child.stdout?.on('data', (part: Buffer) => {
      length += part.length;
      if (length > pictureLimitBytes) giveUp('tooLarge');
      else parts.push(part);
    });
    // A program that does not read to the end closes the pipe: its exit code says whether that was meant.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(wlt);
    if (signal.aborted) onAbort();
  });

const startProgram = ([program = '', ...args]: readonly string[]): ChildProcess | undefined => {
  try {
    return spawn(program, args, {
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: hasGroups,
      // The host's environment is none of its business.
      env: { PATH: process.env['PATH'], SystemRoot: process.env['SystemRoot'] },
    });
  } catch {
    return undefined;
  }
};

const killGroup = (child: ChildProcess): void => {
  try {
    if (hasGroups && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  } catch {
    // It was gone already.
  }
};

/** The reader, with pictures in place of WLT data. */
export const withPictures = (
  reader: IdCardReader,
  { command, timeoutMs }: PhotoDecoderConfig,
  { id, clock, log }: Pick<DeviceDependencies, 'id' | 'clock' | 'log'>,
): IdCardReader => {
  /** By the reader's own promise, which a repeated command id gets again: the program runs once a card. */
  const finished = new WeakMap<Promise<Result<IdCardReply>>, Promise<Result<IdCardReply>>>();
  const running = new Set<AbortController>();
  const counts = { photosDecoded: 0, photosNotDecoded: 0 };

  const finish = async (
    read: Promise<Result<IdCardReply>>,
    options: ExecuteOptions,
    startedMs: number,
  ): Promise<Result<IdCardReply>> => {
    const result = await read;
    if (!result.ok || result.value.type !== 'card' || !result.value.card.photo) return result;
    const { photo, ...card } = result.value.card;
    // The caller's deadline counts for the picture too.
    const leftMs = Math.max(0, options.timeoutMs - (clock.now() - startedMs));
    const stop = new AbortController();
    running.add(stop);
    const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
    const decoded = await decodePhoto(photo, command, { timeoutMs: Math.min(timeoutMs, leftMs), signal, clock });
    running.delete(stop);
    if ('reason' in decoded) {
      counts.photosNotDecoded += 1;
      log({ device: id, event: 'photoNotDecoded', level: 'warn', detail: { reason: decoded.reason } });
      return { ok: true, value: { type: 'card', card } };
    }
    counts.photosDecoded += 1;
    return {
      ok: true,
      value: { type: 'card', card: { ...card, photo: decoded.bytes, photoFormat: decoded.format } },
    };
  };

  const decorated: IdCardReader = {
    ...reader,
    execute(asked, options) {
      const read = reader.execute(asked, options);
      const known = finished.get(read) ?? finish(read, options, clock.now());
      finished.set(read, known);
      return known;
    },
    statistics: () => ({ ...reader.statistics(), ...counts }),
    get checks() {
      return idCardReaderChecks(decorated, { makesPictures: true });
    },
    async stop() {
      for (const stop of running) stop.abort();
      await reader.stop();
    },
  };
  return decorated;
};
