// What the driver says to a scanimage process and what comes back, as messages. Pure.
//
//   request (JSON) ─▶ driver.ts: spawn ─▶ scanimage ─▶ stderr, stdout, files, exit ─▶ message ─▶ frame
//
// A message is one push, whole, like a HID report. No buffer is kept beyond the unfinished line of stderr.
//
//   byte 0 kind │ 1 run it is about, modulo 256 │ 2 number of the page, else 0 │ content

import type { Decoded, Decoder } from '../../kit/machine.ts';
import type { ScannedPage, ScannerOptions } from '../api.ts';
import { isWholePng } from '../picture.ts';

export type ScanimageRequest =
  /** Pages are files `p1.png`, `p2.png`, … in the process's own working directory. */
  | { type: 'run'; run: number; arguments: readonly string[] }
  /** `keepsPages`: whole pages that are there are still wanted. */
  | { type: 'signal'; signal: 'SIGINT' | 'SIGKILL'; keepsPages: boolean };

export const messageKinds = { stderr: 1, stdout: 2, page: 3, ended: 4 } as const;

/** One line of the list of devices. */
export type SaneDevice = { name: string; vendor: string; model: string };

const processFailures = ['notInstalled', 'notStarted', 'tempFolder'] as const;

/** How a process ended: `code` is a SANE status (see `faultOfEnd`), `null` after a signal. */
export type ProcessEnd = { code: number | null; failure?: (typeof processFailures)[number] };

export type ScanFrame = { run: number } & (
  | { type: 'progress'; percent: number }
  | { type: 'said'; line: string }
  | { type: 'options'; options: ScannerOptions }
  | { type: 'devices'; devices: readonly SaneDevice[] }
  /** `number` counts from 1 in the order of the feeder. */
  | { type: 'page'; number: number; page: ScannedPage }
  /** `pages`: files that the process left. */
  | ({ type: 'ended'; pages: number } & ProcessEnd)
);

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const lineLimit = 500;

export const encodeRequest = (request: ScanimageRequest): Uint8Array => encoder.encode(JSON.stringify(request));
export const decodeRequest = (bytes: Uint8Array): ScanimageRequest =>
  JSON.parse(decoder.decode(bytes)) as ScanimageRequest;

const headLength = 3;

export const encodeMessage = (
  kind: keyof typeof messageKinds,
  run: number,
  content: Uint8Array | string,
  page = 0,
): Uint8Array => {
  const body = typeof content === 'string' ? encoder.encode(content) : content;
  const message = new Uint8Array(headLength + body.length);
  message.set([messageKinds[kind], run & 0xff, page]);
  message.set(body, headLength);
  return message;
};

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

/** What the driver asks scanimage to print for each device, so that a list is told apart from options. */
export const deviceListFormat = 'device|%d|%v|%m%n';
const deviceLine = /^device\|([^|]+)\|([^|]*)\|(.*)$/gm;

const parseDevices = (text: string): SaneDevice[] =>
  [...text.matchAll(deviceLine)].map(([, name = '', vendor = '', model = '']) => ({
    name,
    vendor: vendor.trim(),
    model: model.trim(),
  }));

const progressForm = /^Progress: (\d+(?:\.\d+)?)%/;

const frameOfLine = (run: number, line: string): ScanFrame => {
  const percent = progressForm.exec(line)?.[1];
  if (percent !== undefined) return { run, type: 'progress', percent: Math.min(100, Math.floor(Number(percent))) };
  return { run, type: 'said', line: line.slice(0, lineLimit) };
};

const endOf = (text: string): (ProcessEnd & { pages: number }) | undefined => {
  try {
    const { code, pages, failure } = JSON.parse(text) as Record<string, unknown>;
    if ((typeof code !== 'number' && code !== null) || typeof pages !== 'number') return undefined;
    const known = processFailures.find((name) => name === failure);
    return { code, pages, ...(known ? { failure: known } : {}) };
  } catch {
    return undefined;
  }
};

export const createScanDecoder = (): Decoder<ScanFrame> => {
  let rest = '';
  let restOf = 0;
  const lines = (run: number, text: string, isLast: boolean): ScanFrame[] => {
    if (run !== restOf) rest = '';
    restOf = run;
    // Progress is written over itself with CR, everything else ends with LF; a message may follow a progress on its line.
    const parts = (rest + text).replaceAll('%scanimage:', '%\nscanimage:').split(/[\r\n]/);
    rest = isLast ? '' : (parts.pop() ?? '').slice(-lineLimit);
    return parts.filter(Boolean).map((line) => frameOfLine(run, line));
  };
  return {
    push(message) {
      const [kind, run = 0, number = 0] = message;
      const content = message.subarray(headLength);
      const out = (frames: ScanFrame[]): Decoded<ScanFrame>[] =>
        frames.map((frame) => ({ type: 'frame', frame, bytes: message }));
      const discard = (reason: string): Decoded<ScanFrame>[] => [{ type: 'discarded', bytes: message, reason }];
      switch (kind) {
        case messageKinds.stderr:
          return out(lines(run, decoder.decode(content), false));
        case messageKinds.stdout: {
          const text = decoder.decode(content);
          return out([
            text.startsWith('device|')
              ? { run, type: 'devices', devices: parseDevices(text) }
              : { run, type: 'options', options: parseOptions(text) },
          ]);
        }
        case messageKinds.page:
          if (!isWholePng(content)) return discard('not a whole PNG');
          return out([{ run, type: 'page', number, page: { mediaType: 'image/png', bytes: content } }]);
        case messageKinds.ended: {
          const end = endOf(decoder.decode(content));
          return end ? out([...lines(run, '', true), { run, type: 'ended', ...end }]) : discard('unknown message');
        }
        default:
          return discard('unknown message');
      }
    },
  };
};
