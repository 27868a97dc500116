// What the driver says to a scanimage process and what comes back, as messages. Pure.
//
//   request (JSON) ─▶ driver.ts: spawn ─▶ scanimage ─▶ stderr, stdout, files, exit ─▶ message ─▶ frame
//
// A message is one push, whole, like a HID report: byte 0 says what it is, the rest is its content. No buffer is kept beyond the
// unfinished line of stderr.

import type { Decoded, Decoder } from '../../kit/machine.ts';
import type { ScannedPage, ScannerOptions } from '../api.ts';

export type ScanimageRequest =
  /** Pages are files `p1.png`, `p2.png`, … in the process's own working directory. */
  { type: 'run'; arguments: readonly string[] } | { type: 'signal'; signal: 'SIGINT' | 'SIGKILL' };

export const messageKinds = { stderr: 1, stdout: 2, page: 3, ended: 4 } as const;

/** How a process ended: `code` is a SANE status (see `codeOfExit`), `null` after a signal. */
export type ProcessEnd = { code: number | null; failure?: 'notInstalled' | 'notStarted' | 'tempFolder' };

export type ScanFrame =
  | { type: 'progress'; percent: number }
  | { type: 'said'; line: string }
  | { type: 'options'; options: ScannerOptions }
  | { type: 'page'; page: ScannedPage }
  | ({ type: 'ended' } & ProcessEnd);

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const lineLimit = 500;

export const encodeRequest = (request: ScanimageRequest): Uint8Array => encoder.encode(JSON.stringify(request));
export const decodeRequest = (bytes: Uint8Array): ScanimageRequest =>
  JSON.parse(decoder.decode(bytes)) as ScanimageRequest;

export const encodeMessage = (kind: keyof typeof messageKinds, content: Uint8Array | string): Uint8Array => {
  const body = typeof content === 'string' ? encoder.encode(content) : content;
  const message = new Uint8Array(body.length + 1);
  message[0] = messageKinds[kind];
  message.set(body, 1);
  return message;
};

const pngStart = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** The IEND chunk with its CRC: a PNG that ends otherwise was cut. */
const pngEnd = [0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82];

export const isWholePng = (bytes: Uint8Array): boolean =>
  bytes.length > pngStart.length + pngEnd.length &&
  pngStart.every((byte, index) => bytes[index] === byte) &&
  pngEnd.every((byte, index) => bytes[bytes.length - pngEnd.length + index] === byte);

const optionLine = /^\s+(--?[a-z][a-z0-9-]*)(?:\[=.*?\])?\s+(.+?)\s+\[([^\]]*)\]\s*$/i;
const rangeForm = /^(-?[\d.]+)\.\.(-?[\d.]+)/;

const listOf = (values: string): string[] => values.split('|').map((value) => value.trim());

/** Reads `scanimage -A`. Options marked inactive are as good as absent. */
export const parseOptions = (text: string): ScannerOptions => {
  const found = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = optionLine.exec(line);
    if (match?.[1] && match[2] && match[3] !== 'inactive') found.set(match[1], match[2]);
  }
  const maximum = (name: string): number | undefined => {
    const range = rangeForm.exec(found.get(name) ?? '');
    return range ? Number(range[2]) : undefined;
  };
  const resolution = found.get('--resolution') ?? '';
  const range = rangeForm.exec(resolution);
  const widthMm = maximum('-x');
  const heightMm = maximum('-y');
  return {
    sources: listOf(found.get('--source') ?? '').filter(Boolean),
    modes: listOf(found.get('--mode') ?? '').filter(Boolean),
    resolutions: range
      ? { min: Number(range[1]), max: Number(range[2]) }
      : listOf(resolution.replace(/dpi.*$/, ''))
          .map(Number)
          .filter((value) => value > 0),
    ...(widthMm === undefined ? {} : { widthMm }),
    ...(heightMm === undefined ? {} : { heightMm }),
  };
};

const progressForm = /^Progress: (\d+(?:\.\d+)?)%/;

const frameOfLine = (line: string): ScanFrame => {
  const percent = progressForm.exec(line)?.[1];
  if (percent !== undefined) return { type: 'progress', percent: Math.min(100, Math.floor(Number(percent))) };
  return { type: 'said', line: line.slice(0, lineLimit) };
};

export const createScanDecoder = (): Decoder<ScanFrame> => {
  let rest = '';
  const lines = (text: string, isLast: boolean): ScanFrame[] => {
    // Progress is written over itself with CR, everything else ends with LF; a message may follow a progress on its line.
    const parts = (rest + text).replaceAll('%scanimage:', '%\nscanimage:').split(/[\r\n]/);
    rest = isLast ? '' : (parts.pop() ?? '').slice(-lineLimit);
    return parts.filter(Boolean).map(frameOfLine);
  };
  return {
    push(message) {
      const content = message.subarray(1);
      const out = (frames: ScanFrame[]): Decoded<ScanFrame>[] =>
        frames.map((frame) => ({ type: 'frame', frame, bytes: message }));
      switch (message[0]) {
        case messageKinds.stderr:
          return out(lines(decoder.decode(content), false));
        case messageKinds.stdout:
          return out([{ type: 'options', options: parseOptions(decoder.decode(content)) }]);
        case messageKinds.page:
          if (!isWholePng(content)) return [{ type: 'discarded', bytes: message, reason: 'not a whole PNG' }];
          return out([{ type: 'page', page: { mediaType: 'image/png', bytes: content } }]);
        case messageKinds.ended: {
          const end = JSON.parse(decoder.decode(content)) as ProcessEnd;
          return out([...lines('', true), { type: 'ended', ...end }]);
        }
        default:
          return [{ type: 'discarded', bytes: message, reason: 'unknown message' }];
      }
    },
  };
};
