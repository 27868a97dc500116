// The documents of eSCL: what a scanner says it can do and how it is, and what it is told to scan. Pure.
//
// Source: Mopria eSCL Technical Specification 2.97, sections 5 (ScannerCapabilities), 6 (ScannerStatus), 7 (ScanSettings), as they
// are read by sane-airscan, and answers of real devices in fixtures/. Lengths are in 1/300 inch.

import type { ScanCommand } from '../api.ts';
import { elementAt, elementsOf, escapeXml, readXml, type XmlElement } from './xml.ts';

export type EsclSource = {
  /** Largest area, 1/300 inch; absent where the scanner does not tell it. */
  maxWidth?: number;
  maxHeight?: number;
  minHeight?: number;
  colourModes: readonly string[];
  resolutions: readonly number[] | { min: number; max: number };
  formats: readonly string[];
  /** The scanner has the newer element for the format as well. */
  hasFormatExt: boolean;
  intents: readonly string[];
};

export type EsclCapabilities = {
  version?: string;
  model?: string;
  serialNumber?: string;
  platen?: EsclSource;
  feeder?: EsclSource;
};

const scannerStates = ['Idle', 'Processing', 'Testing', 'Stopped', 'Down'] as const;

export type EsclStatus = {
  state: (typeof scannerStates)[number] | 'unknown';
  /** What the feeder says; `none` when the scanner has none or does not tell. */
  feeder: 'none' | 'loaded' | 'empty' | 'working' | 'jammed' | 'open';
  /** `JobUri` of jobs that are not over yet, as the scanner writes them. */
  openJobs: readonly string[];
};

const numberAt = (from: XmlElement | undefined, name: string): number | undefined => {
  const text = elementAt(from, name)?.text ?? '';
  return /^\d{1,7}$/.test(text) ? Number(text) : undefined;
};

const textsOf = (from: XmlElement | undefined, name: string): string[] => [
  ...new Set(elementsOf(from, name).map(({ text }) => text)),
];

const resolutionsOf = (profiles: readonly XmlElement[]): EsclSource['resolutions'] => {
  for (const profile of profiles) {
    const range = elementsOf(profile, 'XResolutionRange')[0];
    const [min, max] = [numberAt(range, 'Min'), numberAt(range, 'Max')];
    if (min !== undefined && max !== undefined) return { min, max };
  }
  const listed = profiles.flatMap((profile) => elementsOf(profile, 'DiscreteResolution'));
  const values = listed.flatMap((each) => {
    const [x, y] = [numberAt(each, 'XResolution'), numberAt(each, 'YResolution')];
    return x !== undefined && x > 0 && x === y ? [x] : [];
  });
  return [...new Set(values)].sort((a, b) => a - b);
};

const sourceOf = (caps: XmlElement | undefined, root: XmlElement): EsclSource | undefined => {
  if (!caps) return undefined;
  // A profile may stand at the root and be named here (`ref`), as Canon does.
  const shared = elementAt(root, 'SettingProfiles')?.children ?? [];
  const profiles = (elementAt(caps, 'SettingProfiles')?.children ?? []).map((profile) => {
    const { ref } = profile.attributes;
    return ref === undefined ? profile : (shared.find(({ attributes }) => attributes.name === ref) ?? profile);
  });
  const all = (name: string): string[] => [...new Set(profiles.flatMap((profile) => textsOf(profile, name)))];
  const [maxWidth, maxHeight, minHeight] = ['MaxWidth', 'MaxHeight', 'MinHeight'].map((name) => numberAt(caps, name));
  const extended = all('DocumentFormatExt');
  return {
    ...(maxWidth ? { maxWidth } : {}),
    ...(maxHeight ? { maxHeight } : {}),
    ...(minHeight ? { minHeight } : {}),
    colourModes: all('ColorMode'),
    resolutions: resolutionsOf(profiles),
    formats: [...new Set([...all('DocumentFormat'), ...extended])],
    hasFormatExt: extended.length > 0,
    intents: textsOf(elementAt(caps, 'SupportedIntents'), 'Intent'),
  };
};

/** What happened to a document: read, no XML at all, or XML of something else. */
export type ReadDocument<T> = { ok: true; value: T } | { ok: false; why: 'notXml' | 'notEscl' };

const rootOf = (text: string, name: string): ReadDocument<XmlElement> => {
  const root = readXml(text);
  if (!root) return { ok: false, why: 'notXml' };
  return root.name === name ? { ok: true, value: root } : { ok: false, why: 'notEscl' };
};

export const readCapabilities = (text: string): ReadDocument<EsclCapabilities> => {
  const read = rootOf(text, 'ScannerCapabilities');
  if (!read.ok) return read;
  const root = read.value;
  const platen = sourceOf(elementAt(root, 'Platen', 'PlatenInputCaps'), root);
  const feeder = sourceOf(elementAt(root, 'Adf', 'AdfSimplexInputCaps'), root);
  // A scanner without any source is none.
  if (!platen && !feeder) return { ok: false, why: 'notEscl' };
  const told = (name: string): string | undefined => elementAt(root, name)?.text.slice(0, 100);
  const [version, model, serialNumber] = [told('Version'), told('MakeAndModel'), told('SerialNumber')];
  return {
    ok: true,
    value: {
      ...(version ? { version } : {}),
      ...(model ? { model } : {}),
      ...(serialNumber ? { serialNumber } : {}),
      ...(platen ? { platen } : {}),
      ...(feeder ? { feeder } : {}),
    },
  };
};

const feederStates: Readonly<Record<string, EsclStatus['feeder']>> = {
  ScannerAdfLoaded: 'loaded',
  ScannerAdfEmpty: 'empty',
  ScannerAdfProcessing: 'working',
  ScannerAdfJam: 'jammed',
  ScannerAdfMispick: 'jammed',
  ScannerAdfMultipickDetected: 'jammed',
  ScannerAdfDuplexPageTooShort: 'jammed',
  ScannerAdfDuplexPageTooLong: 'jammed',
  ScannerAdfInputTrayFailed: 'jammed',
  ScannerAdfInputTrayOverloaded: 'jammed',
  ScannerAdfDoorOpen: 'open',
  ScannerAdfHatchOpen: 'open',
};

export const readStatus = (text: string): ReadDocument<EsclStatus> => {
  const read = rootOf(text, 'ScannerStatus');
  if (!read.ok) return read;
  const state = elementAt(read.value, 'State')?.text;
  return {
    ok: true,
    value: {
      state: scannerStates.find((known) => known === state) ?? 'unknown',
      feeder: feederStates[elementAt(read.value, 'AdfState')?.text ?? ''] ?? 'none',
      openJobs: (elementAt(read.value, 'Jobs')?.children ?? []).flatMap((job) => {
        const uri = elementAt(job, 'JobUri')?.text;
        const isOpen = /^(Pending|Processing)$/.test(elementAt(job, 'JobState')?.text ?? '');
        return uri && isOpen ? [uri] : [];
      }),
    },
  };
};

export const unitsPerMm = 300 / 25.4;

type ScanArea = { widthMm: number; heightMm: number };

export const colourModes = { colour: 'RGB24', grey: 'Grayscale8' } as const satisfies Record<
  Extract<ScanCommand, { type: 'scanPage' }>['colour'],
  string
>;

const cut = (wantedMm: number, most: number | undefined): number =>
  Math.min(Math.round(wantedMm * unitsPerMm), most ?? Number.POSITIVE_INFINITY);

export type Wanted = {
  source: 'platen' | 'feeder';
  colourMode: string;
  resolutionDpi: number;
  area: ScanArea;
  version: string;
};

/** The body of a new job. The area is cut to what the source has. */
export const scanSettings = (wanted: Wanted, caps: EsclSource): string => {
  const width = cut(wanted.area.widthMm, caps.maxWidth);
  const height = Math.max(cut(wanted.area.heightMm, caps.maxHeight), caps.minHeight ?? 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<scan:ScanSettings xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm">',
    `<pwg:Version>${escapeXml(wanted.version)}</pwg:Version>`,
    ...(caps.intents.includes('Document') ? ['<scan:Intent>Document</scan:Intent>'] : []),
    '<pwg:ScanRegions><pwg:ScanRegion>',
    '<pwg:ContentRegionUnits>escl:ThreeHundredthsOfInches</pwg:ContentRegionUnits>',
    '<pwg:XOffset>0</pwg:XOffset><pwg:YOffset>0</pwg:YOffset>',
    `<pwg:Width>${width}</pwg:Width><pwg:Height>${height}</pwg:Height>`,
    '</pwg:ScanRegion></pwg:ScanRegions>',
    `<pwg:InputSource>${wanted.source === 'platen' ? 'Platen' : 'Feeder'}</pwg:InputSource>`,
    `<scan:ColorMode>${escapeXml(wanted.colourMode)}</scan:ColorMode>`,
    '<pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat>',
    ...(caps.hasFormatExt ? ['<scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt>'] : []),
    `<scan:XResolution>${wanted.resolutionDpi}</scan:XResolution>`,
    `<scan:YResolution>${wanted.resolutionDpi}</scan:YResolution>`,
    ...(wanted.source === 'feeder' ? ['<scan:Duplex>false</scan:Duplex>'] : []),
    '</scan:ScanSettings>',
  ].join('\n');
};
