import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { deviceKinds } from '../devices/kit/status.ts';
import { registry } from '../devices/registry.ts';
import { formatConfigErrors, largestConfigBytes, loadConfig, parseConfig } from './parse.ts';
import { drivers, locker, problemsOf, reader, small } from './test-files.ts';

describe('texts that are no configuration', () => {
  test.each([
    ['', 'the file is empty'],
    [' \n\t', 'the file is empty'],
    ['[]', 'the file should be one group of settings in { }'],
    ['null', 'the file should be one group of settings in { }'],
    [
      '{\n  "version": 1,\n  "kiosk": {\n}',
      'this is not valid JSON, line 4 column 2: the file ends here; a closing bracket or quote is missing',
    ],
  ])('%j', (text, en) => {
    expect(problemsOf(text).map((problem) => problem.en)).toEqual([en]);
  });

  test('a file of another version gets one clear sentence, not a hundred complaints', () => {
    expect(problemsOf({ version: 2, devices: 'x' }).map((problem) => problem.en)).toEqual([
      'this file is of version 2, this kiosk knows 1; update the kiosk first',
    ]);
  });

  test('a name that stands twice is a problem, since one of them would be ignored', () => {
    const text = JSON.stringify(small).replace('"version":1', '"version":1,"version":1');
    expect(problemsOf(text)).toMatchObject([{ path: 'version' }]);
  });
});

describe('warnings', () => {
  test('what works but should not stay so', () => {
    const result = parseConfig(
      {
        ...small,
        central: { url: 'http://10.1.1.1', kioskKey: 'k'.repeat(20) },
        devices: [{ ...reader, link: { type: 'serial', path: '/dev/ttyUSB0' } }, locker],
      },
      { drivers },
    );
    expect(result.ok && result.warnings.map((warning) => warning.path)).toEqual([
      'central.url',
      'central.kioskKey',
      'devices[0].link.path',
      'locker.cells',
    ]);
  });
});

describe('loadConfig', () => {
  const directory = mkdtempSync(join(tmpdir(), 'kiosk-config-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  const file = (name: string, content: string | Uint8Array): string => {
    const path = join(directory, name);
    writeFileSync(path, content);
    return path;
  };
  const messageOf = (path: string): string | undefined => {
    const result = loadConfig(path, { drivers });
    return result.ok ? undefined : `${result.error.code}: ${result.error.problems.map((p) => p.message.en).join('; ')}`;
  };

  test('resolves relative paths beside the file and leaves the file as it is', () => {
    const text = `${JSON.stringify({ ...small, store: { directory: 'data' } }, null, 4)}\n`;
    const path = file('kiosk.json', text);
    const result = loadConfig(path, { drivers });
    expect(
      result.ok && [result.value.store.directory, result.value.store.machineKeyFile, result.value.central.kioskKeyFile],
    ).toEqual([join(directory, 'data'), '/etc/hall-kiosk/machine.key', join(directory, 'central.key')]);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  test('a BOM of Windows editors does no harm and is mentioned', () => {
    const result = loadConfig(file('bom.json', `\uFEFF${JSON.stringify(small)}`), { drivers });
    expect(result.ok && result.warnings.map((warning) => warning.message.en)).toEqual([
      'the file begins with a BOM, which was ignored; better save it as UTF-8 without BOM',
    ]);
  });

  test('files that cannot be read or are no text', () => {
    expect(messageOf(join(directory, 'absent.json'))).toMatch(/^configUnreadable: there is no such file/);
    expect(messageOf(directory)).toMatch(/^configUnreadable: this is a directory/);
    expect(messageOf(file('empty.json', ''))).toBe('configInvalid: the file is empty');
    expect(messageOf(file('utf16.json', Buffer.from('\uFEFF{}', 'utf16le')))).toBe(
      'configInvalid: the file is UTF-16; save it as UTF-8',
    );
    expect(messageOf(file('gbk.json', Uint8Array.of(0x7b, 0xb4, 0xf3, 0xcc, 0xfc, 0x7d)))).toBe(
      'configInvalid: the file is not UTF-8 (perhaps GBK); save it as UTF-8',
    );
    expect(messageOf(file('large.json', ' '.repeat(largestConfigBytes + 1)))).toBe(
      'configInvalid: the file is too large to be a configuration',
    );
  });
});

test('formatConfigErrors prints a list that a person can work through', () => {
  const result = parseConfig({ ...small, devices: [{ ...reader, driver: 'sam-seral' }] }, { drivers });
  expect(result.ok ? '' : formatConfigErrors(result.error.problems, 'zh')).toBe(
    [
      '配置文件有 1 处问题：',
      '1. devices[0].driver',
      '   没有 sam-seral 这个驱动，是不是想写 sam-serial？',
      '   现在："sam-seral"',
      '   可填：sam-serial',
    ].join('\n'),
  );
});

test('the example hall is a good configuration for the kiosk’s own drivers: six kinds of device and a camera', () => {
  const result = loadConfig(new URL('examples/hall.json', import.meta.url).pathname, { drivers: registry });
  if (!result.ok) throw new Error(formatConfigErrors(result.error.problems, 'en'));
  expect(result.warnings).toEqual([]);
  expect(result.value.devices.map((device) => device.kind)).toEqual([...deviceKinds]);
  expect(result.value.camera?.place.edge).toBe('top');
  expect(result.value.panel.heightPx).toBeGreaterThan(result.value.panel.widthPx);
});

test('every driver’s own settings are checked with the same care, and told with their place', () => {
  const result = parseConfig(
    {
      ...small,
      devices: [
        { ...reader, settings: { probeBaudRate: false } },
        {
          ...reader,
          id: 'pad',
          kind: 'rating-pad',
          driver: 'declarative-pad',
          link: { type: 'serial', path: '/dev/ttyS8' },
          settings: { model: 'acme' },
        },
        {
          ...reader,
          id: 'scan',
          kind: 'document-scanner',
          driver: 'sane',
          link: undefined,
          settings: { device: '; rm -rf /' },
        },
      ],
    },
    { drivers: registry },
  );
  const told = result.ok ? [] : result.error.problems.map((problem) => `${problem.path}: ${problem.message.en}`);
  expect(told).toEqual([
    'devices[0].settings.probeBaudRate: probeBaudRate is not a known setting; did you mean probeBaudRates?',
    expect.stringMatching(/^devices\[1\]\.settings\.model: not one of the allowed values: "exampleAsciiDigits" \|/),
    'devices[2].settings.device: the format is wrong: a SANE device name such as backend:device',
  ]);
});

test('a driver’s own rule is told in its own words, in both languages where it has them', () => {
  const pad = { ...reader, kind: 'rating-pad', driver: 'declarative-pad' };
  const result = parseConfig({ ...small, devices: [pad] }, { drivers: registry });
  expect(result.ok ? [] : result.error.problems).toMatchObject([
    {
      path: 'devices[0].settings',
      allowed: '{ model, protocol }',
      message: { zh: '“model”和“protocol”必须填一个，且只能填一个', en: 'give either model or protocol' },
    },
  ]);
});

test('the small file that the README shows is accepted', () => {
  const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
  const shown = /```json\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const result = parseConfig(shown, { drivers: registry });
  expect(result.ok ? result.warnings : result.error.problems).toEqual([]);
});
