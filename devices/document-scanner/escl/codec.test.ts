// The documents of real scanners (fixtures/), the strict XML reader and the messages.

import { readFileSync } from 'node:fs';
import { array, assert, integer, property, string, uint8Array } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isWholeJpeg } from '../picture.ts';
import { createEsclDecoder, encodeMessage, pathOfLocation, type EsclFrame } from './codec.ts';
import { esclConfigSchema, rootPath } from './config.ts';
import { readCapabilities, readStatus, scanSettings, type EsclSource } from './documents.ts';
import { capabilitiesOf, planOf } from './plan.ts';
import { simulatedPage } from './simulated-scanner.ts';
import { explainTrace } from './trace-words.ts';
import { readXml, xmlLimits } from './xml.ts';

const fixture = (name: string): string => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
const config = esclConfigSchema.parse({ url: 'http://192.168.1.20/eSCL' });
const capabilitiesFrom = (name: string) => {
  const read = readCapabilities(fixture(name));
  if (!read.ok) throw new Error(read.why);
  return read.value;
};

describe('documents of real scanners', () => {
  test('HP OfficeJet Pro 6978', () => {
    const capabilities = capabilitiesFrom('capabilities-officejet-6978.xml');
    expect(capabilities).toMatchObject({
      version: '2.5',
      model: 'OfficeJet Pro 6978 All-in-One',
      platen: {
        maxWidth: 2550,
        maxHeight: 3550,
        colourModes: ['Grayscale8', 'RGB24'],
        resolutions: [75, 100, 200, 300, 600, 1200],
      },
      feeder: { maxHeight: 4200, resolutions: [75, 100, 200, 300], hasFormatExt: true },
    });
    expect(capabilitiesOf(capabilities)).toEqual(['platen', 'feeder', 'colour', 'grey', '150dpi', '200dpi', '300dpi']);
  });

  test('Canon MF743C: a profile by reference, a range, and pixels that are not square left out', () => {
    const { platen, feeder } = capabilitiesFrom('capabilities-mf743c.xml');
    expect(feeder).toMatchObject({
      colourModes: ['BlackAndWhite1'],
      formats: ['image/jpeg', 'application/pdf'],
      resolutions: [300],
    });
    expect(platen).toMatchObject({ resolutions: { min: 75, max: 800 }, hasFormatExt: false, intents: [] });
  });

  test('what such a scanner cannot do is said instead of tried', () => {
    const canon = capabilitiesFrom('capabilities-mf743c.xml');
    const scan = { type: 'scanPage', resolutionDpi: 200 } as const;
    const why = (result: ReturnType<typeof planOf>): string => (result.ok ? 'ok' : result.error.message);
    expect(why(planOf(config, canon, { ...scan, source: 'platen', colour: 'colour' }))).toContain('JPEG');
    expect(why(planOf(config, canon, { ...scan, source: 'feeder', colour: 'grey' }))).toContain('Grayscale8');
    const { platen: _none, ...feederOnly } = capabilitiesFrom('capabilities-officejet-6978.xml');
    expect(why(planOf(config, feederOnly, { ...scan, source: 'platen', colour: 'grey' }))).toContain('platen');
    expect(why(planOf(config, feederOnly, { type: 'testLine' }))).toContain('platen');
    const coarse = { feeder: { ...(feederOnly.feeder as EsclSource), resolutions: [75, 100] } };
    expect(why(planOf(config, coarse, { ...scan, source: 'feeder', colour: 'grey' }))).toContain('resolution');
  });

  test('a scanner at work, with its job', () => {
    expect(readStatus(fixture('status-processing.xml'))).toEqual({
      ok: true,
      value: {
        state: 'Processing',
        feeder: 'empty',
        openJobs: ['/eSCL/ScanJobs/k4o8psqg-quid-gmvf-1001-a3bv4bts'],
      },
    });
  });

  test.each([
    ['ScannerAdfMispick', 'jammed'],
    ['ScannerAdfMultipickDetected', 'jammed'],
    ['ScannerAdfHatchOpen', 'open'],
    ['ScannerAdfProcessing', 'working'],
    ['ScannerAdfOfTheFuture', 'none'],
  ])('feeder state %s is %s', (state, feeder) => {
    const xml = `<a:ScannerStatus xmlns:a="x"><b:State>Idle</b:State><a:AdfState>${state}</a:AdfState></a:ScannerStatus>`;
    expect(readStatus(xml)).toMatchObject({ ok: true, value: { state: 'Idle', feeder } });
  });

  test('ScanSettings: the area is cut to what the source has', () => {
    const { platen } = capabilitiesFrom('capabilities-officejet-6978.xml');
    const wanted = {
      source: 'platen',
      colourMode: 'RGB24',
      resolutionDpi: 200,
      version: '2.0',
      area: { widthMm: 300, heightMm: 297 },
    } as const;
    const xml = scanSettings(wanted, platen as EsclSource);
    expect(readXml(xml)?.name).toBe('ScanSettings');
    // A4 is 3508/300 inch high.
    expect(xml).toContain('<pwg:Width>2550</pwg:Width><pwg:Height>3508</pwg:Height>');
    expect(xml).toContain('<scan:Intent>Document</scan:Intent>');
    expect(xml).toContain('<scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt>');
    expect(xml).not.toContain('Duplex');
  });
});

describe('strict XML', () => {
  test.each([
    ['HTML', '<html><body><p>Please log in<br></body></html>'],
    ['cut in the middle', '<a><b>1</b'],
    ['tags that do not fit', '<a><b></a></b>'],
    ['two roots', '<a/><b/>'],
    ['text outside', 'OK<a/>'],
    ['nothing', ''],
    ['an attribute without quotes', '<a b=1/>'],
    ['a document type', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'],
    ['an entity of nobody', '<a>&x;</a>'],
    ['a bare ampersand', '<a>Scan & Copy</a>'],
    ['an entity that names no character', '<a>&#x110000;</a>'],
    ['too deep', '<a>'.repeat(40) + '</a>'.repeat(40)],
    ['too long', `<a>${' '.repeat(xmlLimits.characters)}</a>`],
    ['too many elements', `<a>${'<b/>'.repeat(xmlLimits.elements + 1)}</a>`],
  ])('%s is refused', (_name, text) => {
    expect(readXml(text)).toBeUndefined();
  });

  test('what XML allows is read: declaration, comments, CDATA, the five entities, numbers, single quotes', () => {
    const root = readXml(
      `\ufeff<?xml version='1.0'?><!-- a < b -->\n<s:a x='1&quot;' s:y="2"><![CDATA[<raw>]]>&amp;&#65;&#x42;<b/></s:a>\n`,
    );
    expect(root).toMatchObject({
      name: 'a',
      attributes: { x: '1"', y: '2' },
      text: '<raw>&AB',
      children: [{ name: 'b' }],
    });
  });

  test('XML of something else is told apart from no XML', () => {
    expect(readCapabilities('<a/>')).toEqual({ ok: false, why: 'notEscl' });
    expect(readCapabilities('<a>')).toEqual({ ok: false, why: 'notXml' });
    expect(readCapabilities('<x:ScannerCapabilities xmlns:x="y"/>')).toEqual({ ok: false, why: 'notEscl' });
  });

  test('no text whatever makes it throw or run away', () => {
    assert(
      property(array(string({ maxLength: 8 }), { maxLength: 60 }), (pieces) => {
        readXml(pieces.join('<'));
        readXml(`<a>${pieces.join('&')}</a>`);
      }),
      { numRuns: 200 },
    );
  });
});

describe('messages', () => {
  const frameOf = (message: Uint8Array): EsclFrame | string => {
    const item = createEsclDecoder().push(message)[0];
    return item?.type === 'frame' ? item.frame : (item?.reason ?? 'nothing');
  };
  const head = { tag: 5, purpose: 'page', path: '/eSCL/ScanJobs/1/NextDocument', httpStatus: 200 };

  test('a page is a page only when it is a whole picture', () => {
    const page = simulatedPage(1);
    expect(frameOf(encodeMessage('answer', head, page))).toMatchObject({
      type: 'page',
      page: { mediaType: 'image/jpeg' },
    });
    expect(frameOf(encodeMessage('answer', head, page.subarray(0, -1)))).toMatchObject({ why: 'notAPicture' });
    expect(isWholeJpeg(Uint8Array.from([...page, 0, 0, 0]))).toBe(true);
    assert(
      property(integer({ min: 0, max: page.length - 2 }), (length) => !isWholeJpeg(page.subarray(0, length))),
      { numRuns: 100 },
    );
  });

  test('a job needs a path: the host in it is nobody’s business', () => {
    const asked = '/eSCL/ScanJobs';
    expect(pathOfLocation('http://printer.local:8080/eSCL/ScanJobs/7/', asked)).toBe('/eSCL/ScanJobs/7');
    expect(pathOfLocation('/eSCL/ScanJobs/7', asked)).toBe('/eSCL/ScanJobs/7');
    expect(pathOfLocation('ScanJobs/7', asked)).toBe('/eSCL/ScanJobs/7');
    for (const none of [undefined, '', 'http://', 'file:///etc/passwd', '/', `/${'a'.repeat(600)}`])
      expect(pathOfLocation(none, asked)).toBeUndefined();
    const created = { ...head, purpose: 'createJob', path: asked };
    expect(frameOf(encodeMessage('answer', { ...created, httpStatus: 201 }))).toMatchObject({ why: 'noLocation' });
    expect(frameOf(encodeMessage('answer', { ...created, location: '/eSCL/1' }))).toMatchObject({ why: 'noLocation' });
  });

  test('anything else is discarded, never thrown', () => {
    assert(
      property(uint8Array({ maxLength: 100 }), integer({ min: 0, max: 4 }), (bytes, kind) => {
        createEsclDecoder().push(Uint8Array.of(kind, ...bytes));
        createEsclDecoder().push(Uint8Array.of(kind, 0, 0, 0, 10, ...bytes));
      }),
      { numRuns: 200 },
    );
    expect(frameOf(encodeMessage('answer', { tag: 'x' }))).toBe('unknown message');
    expect(frameOf(encodeMessage('failed', { tag: 1, purpose: 'page', reason: 'boredom' }))).toBe('unknown message');
  });

  test('every message has words', () => {
    const hex = (message: Uint8Array): string =>
      Buffer.from(message)
        .toString('hex')
        .replaceAll(/(..)(?!$)/g, '$1 ');
    const words = (message: Uint8Array) =>
      explainTrace({ atMs: 0, direction: 'in', label: 'frame', hex: hex(message).toUpperCase() });
    expect(words(encodeMessage('answer', { ...head, httpStatus: 404 })).en).toBe('answer about the next page 404');
    expect(words(encodeMessage('received', { ...head, bytes: 4096 })).en).toBe('receiving, 4096 bytes so far');
    expect(words(encodeMessage('failed', { ...head, reason: 'hungUp' })).zh).toContain('hungUp');
    expect(explainTrace({ atMs: 0, direction: 'in', label: 'frame', hex: '(9 bytes, private)' }).en).toContain(
      'a page',
    );
    expect(explainTrace({ atMs: 0, direction: 'out', label: 'GET /eSCL/ScannerStatus', hex: '' }).en).toContain('GET');
  });
});

test('settings: addresses', () => {
  expect(rootPath({ url: 'http://10.0.0.1' })).toBe('/eSCL');
  expect(rootPath({ url: 'http://10.0.0.1/eSCL/' })).toBe('/eSCL');
  for (const url of ['ftp://a/eSCL', 'http://user@host/eSCL', 'http://a/eSCL?x=1', '10.0.0.1/eSCL'])
    expect(esclConfigSchema.safeParse({ url }).success).toBe(false);
  const certificateSha256 = 'AB'.repeat(32);
  expect(esclConfigSchema.safeParse({ url: 'https://a/eSCL', certificateSha256 }).success).toBe(true);
  expect(esclConfigSchema.safeParse({ url: 'http://a/eSCL', certificateSha256 }).success).toBe(false);
});
