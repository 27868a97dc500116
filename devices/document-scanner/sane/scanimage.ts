// The program scanimage as this driver uses it: its command lines, and what its exit status and last words mean. Pure.
//
// Exit status = SANE status number. In batch mode an empty feeder ends with 0 or 7 (with and without --batch-count it differs);
// the truth then stands in the last words ("scanner status = 7") and in the number of files.

import { fail, ok, type Result } from '../../kit/result.ts';
import type { ScanCommand, ScannerOptions } from '../api.ts';
import { deviceListFormat, type ProcessEnd } from './codec.ts';
import type { SaneConfig } from './config.ts';
import type { ScanFaultCode } from '../faults.ts';
import { offeredResolutions, resolutionFor } from '../resolution.ts';

/** SANE status numbers (sane.h) as scanimage exits with them. */
const faultOfStatus: Readonly<Record<number, ScanFaultCode>> = {
  3: 'busy',
  4: 'optionRefused',
  5: 'ioError',
  6: 'jammed',
  7: 'feederEmpty',
  8: 'coverOpen',
  9: 'ioError',
  10: 'noMemory',
  11: 'accessDenied',
};

/** Status 1 means many things; scanimage says which (with LC_ALL=C). */
const faultOfWords: readonly (readonly [RegExp, ScanFaultCode])[] = [
  [/open of device .* failed: Device busy/, 'busy'],
  [/open of device .* failed: Access to resource has been denied/, 'accessDenied'],
  [/open of device .* failed: Out of memory/, 'noMemory'],
  [/open of device .* failed|no SANE devices found/, 'scannerMissing'],
  [/unrecognized option|invalid option|requires an argument|bad .* value|setting of option/, 'optionRefused'],
];

const lastWords = /^scanimage: sane_(?:start|read): (.*)$/;

/** SANE's own texts (sane_strstatus). */
const faultOfText: Readonly<Record<string, ScanFaultCode>> = {
  'Device busy': 'busy',
  'Document feeder jammed': 'jammed',
  'Document feeder out of documents': 'feederEmpty',
  'Scanner cover is open': 'coverOpen',
  'Error during device I/O': 'ioError',
  'Out of memory': 'noMemory',
  'Access to resource has been denied': 'accessDenied',
};

/** The line after which scanimage has nothing left to do but end. */
export const isLastWords = (line: string): boolean => lastWords.test(line);

/** Why a process that had to be stopped was in trouble, by what it said before. */
export const faultOfLastWords = (said: readonly string[]): ScanFaultCode | undefined =>
  said.map((line) => faultOfText[lastWords.exec(line)?.[1] ?? '']).find((fault) => fault !== undefined);

const statusWords = /scanner status = (\d+)/;
const endOfBatch = 5;

/**
 * Why a process that ended gave nothing usable; `undefined` when it ended well. `said` are its lines on stderr, oldest first.
 */
export const faultOfEnd = (end: ProcessEnd, said: readonly string[]): ScanFaultCode | undefined => {
  if (end.failure === 'notInstalled') return 'scanimageMissing';
  if (end.failure === 'tempFolder') return 'tempFolderFailed';
  if (end.failure) return 'ioError';
  // First what it said: after an error some backends end it by a signal, or with a status that means something else.
  const spoken = faultOfLastWords(said);
  if (spoken !== undefined) return spoken;
  if (end.code === 0) {
    const last = said.map((line) => statusWords.exec(line)?.[1]).findLast((status) => status !== undefined);
    const status = Number(last ?? '0');
    return status === 0 || status === endOfBatch ? undefined : (faultOfStatus[status] ?? 'ioError');
  }
  for (const [words, fault] of faultOfWords) if (said.some((line) => words.test(line))) return fault;
  return faultOfStatus[end.code ?? 9] ?? 'ioError';
};

/** The batch ended because the feeder had no (more) paper. */
export const saysFeederEmpty = (said: readonly string[]): boolean =>
  said.some((line) => line.includes('out of documents'));

const roles = {
  platen: /flat ?bed|platen|glass|normal/i,
  feeder: /adf|feeder/i,
  colour: /^(24.?bit )?colou?r/i,
  grey: /gr[ae]y/i,
} as const;

const pick = (values: readonly string[], role: keyof typeof roles): string | undefined =>
  values.find((value) => roles[role].test(value));

/** What the scanner can do, in the words of the device interface. */
export const capabilitiesOf = (options: ScannerOptions): string[] => [
  ...(options.sources.length === 0 || pick(options.sources, 'platen') ? ['platen'] : []),
  ...(pick(options.sources, 'feeder') ? ['feeder'] : []),
  ...(pick(options.modes, 'colour') ? ['colour'] : []),
  ...(pick(options.modes, 'grey') ? ['grey'] : []),
  ...offeredResolutions
    .filter((dpi) => resolutionFor(options.resolutions, dpi) !== undefined)
    .map((dpi) => `${dpi}dpi`),
];

const area = (config: SaneConfig, options: ScannerOptions, heightMm: number): string[] => [
  ...(options.widthMm === undefined ? [] : ['-x', String(Math.min(config.widthMm, options.widthMm))]),
  ...(options.heightMm === undefined ? [] : ['-y', String(Math.min(heightMm, options.heightMm))]),
];

/** A configuration whose device is known. */
export type ScanTarget = Omit<SaneConfig, 'device'> & { device: string };

export const findArguments = (): string[] => ['-f', deviceListFormat];

export const probeArguments = (config: ScanTarget): string[] => ['-d', config.device, '--format=png', '-A'];

const testLineMm = 5;

/** Command line of a few millimetres of the glass at the lowest useful resolution; a feeder would draw in a whole sheet for it. */
export const testLineArguments = (
  config: ScanTarget,
  options: ScannerOptions,
): Result<string[], 'unsupportedCommand'> => {
  const source = pick(options.sources, 'platen');
  if (source === undefined && options.sources.length > 0)
    return fail('unsupportedCommand', 'system', 'the scanner has no platen');
  const dpi = resolutionFor(options.resolutions, 75);
  const mode = pick(options.modes, 'grey');
  return ok([
    '-d',
    config.device,
    ...(source === undefined ? [] : [`--source=${source}`]),
    ...(mode === undefined ? [] : [`--mode=${mode}`]),
    ...(dpi === undefined ? [] : [`--resolution=${dpi}`]),
    ...area(config, options, testLineMm),
    ...config.extraArguments,
    '--format=png',
    '--output-file=p1.png',
  ]);
};

/** Command line of a scan, or why this scanner cannot do it. */
export const scanArguments = (
  config: ScanTarget,
  options: ScannerOptions,
  command: Extract<ScanCommand, { type: 'scanPage' }>,
): Result<string[], 'unsupportedCommand'> => {
  const source = pick(options.sources, command.source);
  // A scanner without a choice of sources is a flatbed.
  if (source === undefined && (options.sources.length > 0 || command.source === 'feeder'))
    return fail('unsupportedCommand', 'system', `the scanner has no ${command.source}`);
  const mode = pick(options.modes, command.colour);
  if (mode === undefined && options.modes.length > 0)
    return fail('unsupportedCommand', 'system', `the scanner has no mode for ${command.colour}`);
  const dpi = resolutionFor(options.resolutions, command.resolutionDpi);
  if (dpi === undefined)
    return fail('unsupportedCommand', 'system', `the scanner does not reach ${command.resolutionDpi} dpi`);
  return ok([
    '-d',
    config.device,
    ...(source === undefined ? [] : [`--source=${source}`]),
    ...(mode === undefined ? [] : [`--mode=${mode}`]),
    `--resolution=${dpi}`,
    ...area(config, options, config.heightMm),
    ...config.extraArguments,
    '--format=png',
    '--progress',
    ...(command.source === 'feeder'
      ? ['--batch=p%d.png', `--batch-count=${config.pageLimit}`]
      : ['--output-file=p1.png']),
  ]);
};
