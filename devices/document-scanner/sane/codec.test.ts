// The messages of a scanimage process, with words captured from the real program (fixtures/), and the command lines.

import { readFileSync } from 'node:fs';
import { assert, constantFrom, array, integer, property, uint8Array } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ScannerOptions } from '../api.ts';
import { createScanDecoder, encodeMessage, parseOptions, type ProcessEnd, type ScanFrame } from './codec.ts';
import { isWholePng } from '../picture.ts';
import { saneConfigSchema } from './config.ts';
import { explainTrace } from './trace-words.ts';
import { faultOfEnd, probeArguments, scanArguments, testLineArguments } from './scanimage.ts';

const fixture = (name: string): string => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
const config = { ...saneConfigSchema.parse({ device: 'test:0' }), device: 'test:0' };
const flatbedOnly: ScannerOptions = { sources: [], modes: ['Gray', 'Color'], resolutions: [75, 200, 600] };

const framesOf = (messages: readonly Uint8Array[]): ScanFrame[] => {
  const decoder = createScanDecoder();
  return messages.flatMap((message) =>
    decoder.push(message).flatMap((item) => (item.type === 'frame' ? [item.frame] : [])),
  );
};
const said = (text: string, sizes: readonly number[]): ScanFrame[] => {
  const bytes = new TextEncoder().encode(text);
  const messages: Uint8Array[] = [];
  let at = 0;
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    messages.push(encodeMessage('stderr', 1, bytes.subarray(at, at + size)));
    at += size;
  }
  return framesOf([...messages, encodeMessage('ended', 1, '{"code":0,"pages":0}')]);
};

describe('what scanimage says', () => {
  test('options of the test backend', () => {
    expect(parseOptions(fixture('options-test-backend.txt'))).toEqual({
      sources: ['Flatbed', 'Automatic Document Feeder'],
      modes: ['Gray', 'Color'],
      resolutions: { min: 1, max: 1200 },
      widthMm: 200,
      heightMm: 200,
    });
  });

  test('a list of resolutions, and an inactive option', () => {
    const options = parseOptions(
      ['    --resolution 75|150|300dpi [75]', '    --source Flatbed|ADF [inactive]', '    --mode Color [Color]'].join(
        '\n',
      ),
    );
    expect(options).toEqual({ sources: [], modes: ['Color'], resolutions: [75, 150, 300] });
  });

  test('progress of a page, whatever the chunks', () => {
    const text = fixture('progress-flatbed.txt');
    const whole = said(text, [100_000]);
    const percents = whole.flatMap((frame) => (frame.type === 'progress' ? [frame.percent] : []));
    expect(percents[0]).toBe(0);
    expect(percents.at(-1)).toBe(100);
    expect(whole.some((frame) => frame.type === 'said' && frame.line.startsWith('scanimage: rounded value'))).toBe(
      true,
    );
    assert(
      property(array(integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 10 }), (sizes) => {
        expect(said(text, sizes)).toEqual(whole);
      }),
      { numRuns: 100 },
    );
  });

  test('an error on the same line as a progress is not lost', () => {
    const frames = said('Progress: 0.0%scanimage: sane_read: Document feeder jammed\n', [1000]);
    expect(frames).toContainEqual({ run: 1, type: 'said', line: 'scanimage: sane_read: Document feeder jammed' });
  });

  test('a picture that was cut is no page', () => {
    const start = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
    const cut = createScanDecoder().push(encodeMessage('page', 1, Uint8Array.of(...start, 1, 2, 3, 4, 5, 6, 7, 8, 9)));
    expect(cut).toMatchObject([{ type: 'discarded', reason: 'not a whole PNG' }]);
    assert(property(uint8Array({ maxLength: 64 }), (bytes) => !isWholePng(bytes)));
  });

  test('noise of any kind never throws', () => {
    assert(
      property(array(uint8Array({ maxLength: 80 }), { maxLength: 20 }), constantFrom(1, 2, 3, 4, 9), (chunks, kind) => {
        const decoder = createScanDecoder();
        for (const chunk of chunks) decoder.push(Uint8Array.of(kind, ...chunk));
      }),
    );
  });
});

describe('why it ended', () => {
  const ended = (code: number | null, ...lines: string[]): string | undefined => faultOfEnd({ code }, lines);

  test.each([
    [3, 'busy'],
    [6, 'jammed'],
    [7, 'feederEmpty'],
    [8, 'coverOpen'],
    [9, 'ioError'],
    [10, 'noMemory'],
    [11, 'accessDenied'],
    [134, 'ioError'],
    [null, 'ioError'],
  ])('exit %s: %s', (code, fault) => {
    expect(ended(code)).toBe(fault);
  });

  test('exit 1 means what the words say', () => {
    expect(ended(1, 'scanimage: open of device test:9 failed: Invalid argument')).toBe('scannerMissing');
    expect(ended(1, 'scanimage: open of device x:1 failed: Device busy')).toBe('busy');
    expect(ended(1, 'scanimage: open of device x:1 failed: Access to resource has been denied')).toBe('accessDenied');
    expect(ended(1, "scanimage: unrecognized option '--foo=1'")).toBe('optionRefused');
  });

  test('what it said goes before how it ended: a backend may die of a signal after its error', () => {
    expect(ended(null, 'scanimage: sane_read: Scanner cover is open', 'scanimage: received signal 13')).toBe(
      'coverOpen',
    );
    expect(ended(0, 'scanimage: sane_read: Device busy', 'scanimage: aborting')).toBe('busy');
  });

  test('exit 0 of a batch that had a fault', () => {
    expect(ended(0, 'Scanned page 1. (scanner status = 5)', 'Batch terminated, 1 page scanned')).toBeUndefined();
    expect(ended(0, 'Scanned page 1. (scanner status = 7)', 'Batch terminated, 1 page scanned')).toBe('feederEmpty');
    expect(ended(0, ...fixture('progress-feeder.txt').split(/[\r\n]/))).toBeUndefined();
    // With pages in hand this is the end of the stack; the machine knows whether there were any.
    expect(ended(0, 'scanimage: sane_start: Document feeder out of documents')).toBe('feederEmpty');
  });

  test('the program is missing', () => {
    const missing: ProcessEnd = { code: null, failure: 'notInstalled' };
    expect(faultOfEnd(missing, [])).toBe('scanimageMissing');
  });
});

describe('command lines', () => {
  const options = parseOptions(fixture('options-test-backend.txt'));
  const page = { type: 'scanPage', source: 'platen', colour: 'colour', resolutionDpi: 300 } as const;

  test('the device is always named', () => {
    expect(probeArguments(config).slice(0, 2)).toEqual(['-d', 'test:0']);
    const line = testLineArguments(config, options);
    expect(line.ok ? line.value : []).toEqual(expect.arrayContaining(['--source=Flatbed', '--resolution=75']));
    const sheetFed = { ...options, sources: ['ADF Front', 'ADF Duplex'] };
    expect(testLineArguments(config, sheetFed)).toMatchObject({ ok: false, error: { code: 'unsupportedCommand' } });
  });

  test('glass and feeder', () => {
    expect(scanArguments(config, options, page)).toEqual({
      ok: true,
      value: [
        '-d',
        'test:0',
        '--source=Flatbed',
        '--mode=Color',
        '--resolution=300',
        '-x',
        '200',
        '-y',
        '200',
        '--format=png',
        '--progress',
        '--output-file=p1.png',
      ],
    });
    const feeder = scanArguments(config, options, { ...page, source: 'feeder' });
    expect(feeder.ok && feeder.value).toContain('--source=Automatic Document Feeder');
    expect(feeder.ok && feeder.value).toContain('--batch-count=50');
  });

  test('what the scanner cannot do is refused, the next finer resolution is taken', () => {
    expect(scanArguments(config, flatbedOnly, { ...page, source: 'feeder' })).toMatchObject({
      ok: false,
      error: { code: 'unsupportedCommand' },
    });
    const finer = scanArguments(config, flatbedOnly, page);
    expect(finer.ok && finer.value).toContain('--resolution=600');
    expect(scanArguments(config, { ...flatbedOnly, resolutions: [75] }, page).ok).toBe(false);
  });
});

describe('settings', () => {
  const parse = (extra: Record<string, unknown>): boolean =>
    saneConfigSchema.safeParse({ device: 'test:0', ...extra }).success;

  test.each([
    '--output-file=/etc/passwd',
    '--out=/tmp/x',
    '--batch=x',
    '--ba=x',
    '--format=pdf',
    '-o',
    '--f=pnm',
    '--mode=Gray',
    '--x=$(id)',
  ])('refuses %s', (argument) => {
    expect(parse({ extraArguments: [argument] })).toBe(false);
  });

  test('takes backend options', () => {
    expect(parse({ extraArguments: ['--brightness=10', '--test-picture=Color pattern', '--swdeskew=yes'] })).toBe(true);
  });

  test('a device name is never an option', () => {
    expect(parse({ device: '-L' })).toBe(false);
    expect(parse({ device: 'airscan:e0:Canon LiDE 400' })).toBe(true);
  });
});

test('the end of a process is told in words', () => {
  const hex = Buffer.from(encodeMessage('ended', 1, '{"code":6,"pages":0}'))
    .toString('hex')
    .replaceAll(/(..)(?!$)/g, '$1 ')
    .toUpperCase();
  expect(explainTrace({ atMs: 0, direction: 'in', label: 'frame', hex })).toEqual({
    zh: '扫描程序结束，状态 6:扫描仪卡纸',
    en: 'scanimage ended with status 6: Paper is jammed in the scanner',
  });
});
