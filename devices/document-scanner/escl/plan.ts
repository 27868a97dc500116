// From what a scanner can do and what is wanted to what it is told. Pure.

import { fail, ok, type Result } from '../../kit/result.ts';
import type { ScanCommand, ScannerOptions } from '../api.ts';
import { offeredResolutions, resolutionFor } from '../resolution.ts';
import type { EsclConfig } from './config.ts';
import { colourModes, scanSettings, unitsPerMm, type EsclCapabilities, type EsclSource } from './documents.ts';

export type ScanPlan = {
  source: 'platen' | 'feeder';
  /** The body of the job. */
  settings: string;
  /** A few millimetres that are thrown away. */
  isTest: boolean;
};

const testLineMm = 5;
const testLineDpi = 75;

const sourcesOf = ({ platen, feeder }: EsclCapabilities): EsclSource[] =>
  [platen, feeder].filter((source) => source !== undefined);

/** An empty list is one that the scanner does not tell. */
const has = (values: readonly string[], wanted: string): boolean => values.length === 0 || values.includes(wanted);

export const optionsOf = (capabilities: EsclCapabilities): ScannerOptions => {
  const { platen, feeder } = capabilities;
  const sources = sourcesOf(capabilities);
  const modes = [...new Set(sources.flatMap(({ colourModes: known }) => known))];
  const first = platen ?? feeder;
  return {
    sources: [...(platen ? ['Platen'] : []), ...(feeder ? ['Feeder'] : [])],
    modes,
    resolutions: first?.resolutions ?? [],
    ...(first?.maxWidth ? { widthMm: Math.round(first.maxWidth / unitsPerMm) } : {}),
    ...(first?.maxHeight ? { heightMm: Math.round(first.maxHeight / unitsPerMm) } : {}),
  };
};

/** What the scanner can do, in the words of the device interface. */
export const capabilitiesOf = (capabilities: EsclCapabilities): string[] => {
  const sources = sourcesOf(capabilities);
  const every = (test: (source: EsclSource) => boolean): boolean => sources.length > 0 && sources.every(test);
  return [
    ...(capabilities.platen ? ['platen'] : []),
    ...(capabilities.feeder ? ['feeder'] : []),
    ...(every((source) => has(source.colourModes, colourModes.colour)) ? ['colour'] : []),
    ...(every((source) => has(source.colourModes, colourModes.grey)) ? ['grey'] : []),
    ...offeredResolutions
      .filter((dpi) => every((source) => resolutionFor(source.resolutions, dpi) !== undefined))
      .map((dpi) => `${dpi}dpi`),
  ];
};

/** How a command is carried out, or why this scanner cannot do it. */
export const planOf = (
  config: EsclConfig,
  capabilities: EsclCapabilities,
  command: Exclude<ScanCommand, { type: 'listOptions' }>,
): Result<ScanPlan, 'unsupportedCommand'> => {
  const cannot = (what: string): Result<ScanPlan, 'unsupportedCommand'> =>
    fail('unsupportedCommand', 'system', `the scanner has no ${what}`);
  const isTest = command.type === 'testLine';
  const source = isTest ? 'platen' : command.source;
  const caps = capabilities[source];
  if (!caps) return cannot(source);
  if (!has(caps.formats, 'image/jpeg')) return cannot('JPEG');
  const colourMode = isTest ? colourModes.grey : colourModes[command.colour];
  if (!has(caps.colourModes, colourMode)) return cannot(colourMode);
  const resolutionDpi = resolutionFor(caps.resolutions, isTest ? testLineDpi : command.resolutionDpi);
  if (resolutionDpi === undefined) return cannot('resolution as fine as that');
  const area = { widthMm: config.widthMm, heightMm: isTest ? testLineMm : config.heightMm };
  const settings = scanSettings({ source, colourMode, resolutionDpi, area, version: config.version }, caps);
  return ok({ source, settings, isTest });
};
