// From a file to a configuration that can be relied on, or to the list of everything that is wrong with it.
//
//   bytes ─▶ UTF-8, size ─▶ JSON (line and column) ─▶ version, migration ─▶ schema + drivers' schemas + cross-checks ─▶ KioskConfig
//
// Nothing is lost: the file is only read. A port that is not there is no problem of the file; the device layer reports it live.

import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { z } from 'zod';
import type { Failure } from '../devices/kit/result.ts';
import type { DeviceKind } from '../devices/kit/status.ts';
import { linkTypes, type LinkConfig } from '../devices/kit/transport.ts';
import type { Language } from '../main/contract/text.ts';
import { crossCheck, findWarnings } from './cross-checks.ts';
import { readJson } from './json-fault.ts';
import { migrateConfig } from './migrations/migrate.ts';
import { describeFound, formatPath, formatProblems, nearestWord, type PathPart, type Problem } from './problem.ts';
import { childOf, valueAt } from './schema-tree.ts';
import { kioskConfigSchema, type KioskConfig } from './schema.ts';
import { inputSchemaOf, problemsFromIssues } from './zod-problems.ts';

/** What the configuration must know of a driver; every `DriverDefinition` of the registry fits. */
export type KnownDriver = {
  driver: string;
  kind: DeviceKind;
  configSchema: z.ZodType;
  /** Links that the driver can stand on, where it is particular about them; empty when it finds its device by itself. */
  links?: readonly LinkConfig['type'][];
};

export type ConfigError = Problem;

/** A `Result` whose failure carries every problem of the file. `warnings` are problems that the kiosk can live with. */
export type ConfigResult =
  | { ok: true; value: KioskConfig; warnings: readonly ConfigError[] }
  | {
      ok: false;
      error: Failure<'configUnreadable' | 'configInvalid'> & { problems: readonly ConfigError[] };
    };

export type ParseOptions = { drivers: readonly KnownDriver[] };

export const largestConfigBytes = 1024 * 1024;

const refuse = (
  code: 'configUnreadable' | 'configInvalid',
  problems: readonly ConfigError[],
): Extract<ConfigResult, { ok: false }> => ({
  ok: false,
  error: {
    code,
    who: 'engineer',
    message:
      `${problems.length} problem(s) in the configuration: ${problems.map((p) => `${p.path || 'file'}: ${p.message.en}`).join('; ')}`.slice(
        0,
        2000,
      ),
    problems,
  },
});

const wholeFile = (zh: string, en: string, found = '', allowed = ''): ConfigError => ({
  path: '',
  found,
  allowed,
  message: { zh, en },
});

const readText = (
  text: string,
): { ok: true; value: unknown; problems: ConfigError[] } | { ok: false; problem: ConfigError } => {
  const bytes = Buffer.byteLength(text);
  if (bytes > largestConfigBytes) {
    const problem = wholeFile(
      '配置文件太大，这多半不是配置文件',
      'the file is too large to be a configuration',
      `${bytes} B`,
      `≤ ${largestConfigBytes} B`,
    );
    return { ok: false, problem };
  }
  if (text.trim() === '') return { ok: false, problem: wholeFile('配置文件是空的', 'the file is empty') };
  const reading = readJson(text);
  if (reading.fault) {
    const { line, column, message } = reading.fault;
    const at = text.split(/\r\n|\r|\n/)[line - 1]?.trim() ?? '';
    const problem = wholeFile(
      `不是正确的 JSON，第 ${line} 行第 ${column} 列：${message.zh}`,
      `this is not valid JSON, line ${line} column ${column}: ${message.en}`,
      /kioskKey|pinHash/.test(at) ? '***' : at.slice(0, 80),
    );
    return { ok: false, problem };
  }
  const problems = reading.repeatedKeys.map(({ path, line, column }) => ({
    path: formatPath(path),
    found: '',
    allowed: '',
    message: {
      zh: `同一个名称写了两次（第 ${line} 行第 ${column} 列），只有一个会起作用，请删掉一个`,
      en: `the same name stands here twice (line ${line} column ${column}); only one would count, remove the other`,
    },
  }));
  return { ok: true, value: JSON.parse(text) as unknown, problems };
};

const checkDriver = (device: unknown, index: number, drivers: readonly KnownDriver[]): ConfigError[] => {
  const name = childOf(device, 'driver');
  if (typeof name !== 'string' || name === '') return [];
  const at = (...parts: PathPart[]): string => formatPath(['devices', index, ...parts]);
  const kind = childOf(device, 'kind');
  const driver = drivers.find((candidate) => candidate.driver === name);
  const ofKind = drivers.filter((candidate) => candidate.kind === kind);
  if (!driver) {
    const offered = (ofKind.length > 0 ? ofKind : drivers).map((candidate) => candidate.driver);
    const nearest = nearestWord(name, offered);
    return [
      {
        path: at('driver'),
        found: describeFound(name),
        allowed: offered.join(' | '),
        message: {
          zh: `没有 ${name} 这个驱动${nearest ? `，是不是想写 ${nearest}？` : ''}`,
          en: `there is no driver ${name}${nearest ? `; did you mean ${nearest}?` : ''}`,
        },
      },
    ];
  }
  const problems: ConfigError[] = [];
  if (typeof kind === 'string' && kind !== driver.kind) {
    problems.push({
      path: at('kind'),
      found: describeFound(kind),
      allowed: JSON.stringify(driver.kind),
      message: {
        zh: `驱动 ${name} 用于 ${driver.kind}，与这里写的 ${kind} 不符`,
        en: `driver ${name} is for ${driver.kind}, not for ${kind}`,
      },
    });
  }
  const link = childOf(device, 'link');
  const linkType = link === undefined ? 'none' : childOf(link, 'type');
  // An unknown type of link is already a problem of the schema.
  const isKnown = linkType === 'none' || linkTypes.some((type) => type === linkType);
  const allowed: readonly unknown[] | undefined = driver.links?.length === 0 ? ['none'] : driver.links;
  if (allowed && isKnown && !allowed.includes(linkType)) {
    problems.push({
      path: link === undefined ? at('link') : at('link', 'type'),
      found: link === undefined ? '' : describeFound(linkType),
      allowed: allowed.join(' | '),
      message: {
        zh: link === undefined ? `驱动 ${name} 需要写明怎么连接（link）` : `驱动 ${name} 不能用这种连接方式`,
        en: link === undefined ? `driver ${name} needs a link` : `driver ${name} cannot stand on this kind of link`,
      },
    });
  }
  const settings = childOf(device, 'settings') ?? {};
  if (typeof settings === 'object' && !Array.isArray(settings)) {
    const checked = driver.configSchema.safeParse(settings);
    if (!checked.success) {
      const tree = inputSchemaOf(driver.configSchema);
      problems.push(...problemsFromIssues(checked.error.issues, settings, tree, ['devices', index, 'settings']));
    }
  }
  return problems;
};

/**
 * Settings as the driver's own schema reads them, with its defaults; a printer that knows paper and character set gets those of
 * `printing`. Only called when `checkDriver` found nothing.
 */
const withDriverDefaults = (config: KioskConfig, drivers: readonly KnownDriver[]): KioskConfig => ({
  ...config,
  devices: config.devices.map((device) => {
    const driver = drivers.find((candidate) => candidate.driver === device.driver);
    if (!driver) return device;
    const settings = driver.configSchema.parse(device.settings) as Record<string, unknown>;
    if (device.kind !== 'ticket-printer') return { ...device, settings };
    const shared = Object.entries(config.printing).filter(([key]) => Object.hasOwn(settings, key));
    return { ...device, settings: { ...settings, ...Object.fromEntries(shared) } };
  }),
});

let tree: ReturnType<typeof inputSchemaOf> | undefined;

/**
 * Checks a configuration: the text of a file, or a value that was JSON.
 * On success defaults are filled in, the drivers' own included. On failure `error.problems` lists everything at once.
 */
export const parseConfig = (source: string | object, { drivers }: ParseOptions): ConfigResult => {
  const problems: ConfigError[] = [];
  const warnings: ConfigError[] = [];
  let raw: unknown = source;
  if (typeof source === 'string') {
    const hasMark = source.startsWith('\uFEFF');
    if (hasMark) {
      const said = wholeFile(
        '文件开头有 BOM 标记，已忽略；建议保存为“UTF-8(无 BOM)”',
        'the file begins with a BOM, which was ignored; better save it as UTF-8 without BOM',
      );
      warnings.push(said);
    }
    const read = readText(hasMark ? source.slice(1) : source);
    if (!read.ok) return refuse('configInvalid', [read.problem]);
    raw = read.value;
    problems.push(...read.problems);
  }
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    const problem = wholeFile(
      '配置文件应该是用 { } 括起来的一组设置',
      'the file should be one group of settings in { }',
      describeFound(raw),
      '{ "version": 1, … }',
    );
    return refuse('configInvalid', [problem]);
  }
  const migrated = migrateConfig(raw as Record<string, unknown>);
  // A file of another version would only produce misleading complaints about its contents.
  if (!migrated.ok) return refuse('configInvalid', [...problems, migrated.problem]);

  tree ??= inputSchemaOf(kioskConfigSchema);
  const parsed = kioskConfigSchema.safeParse(migrated.value);
  if (!parsed.success) problems.push(...problemsFromIssues(parsed.error.issues, migrated.value, tree));
  problems.push(...crossCheck(migrated.value));
  const devices = valueAt(migrated.value, ['devices']);
  if (Array.isArray(devices)) problems.push(...devices.flatMap((device, index) => checkDriver(device, index, drivers)));
  if (!parsed.success || problems.length > 0) return refuse('configInvalid', problems);

  warnings.push(...findWarnings(migrated.value));
  return { ok: true, value: withDriverDefaults(parsed.data, drivers), warnings };
};

const decode = (bytes: Uint8Array): { text: string } | { problem: ConfigError } => {
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (isUtf16) {
    return {
      problem: wholeFile(
        '文件保存成了 UTF-16，请另存为 UTF-8',
        'the file is UTF-16; save it as UTF-8',
        'UTF-16',
        'UTF-8',
      ),
    };
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    const said = wholeFile(
      '文件不是 UTF-8(可能是 GBK),请另存为 UTF-8',
      'the file is not UTF-8 (perhaps GBK); save it as UTF-8',
      '',
      'UTF-8',
    );
    return { problem: said };
  }
};

const unreadable: Record<string, { zh: string; en: string }> = {
  ENOENT: { zh: '找不到配置文件', en: 'there is no such file' },
  EACCES: { zh: '没有权限读取配置文件', en: 'no permission to read the file' },
  EISDIR: { zh: '这是一个文件夹，不是文件', en: 'this is a directory, not a file' },
};

/** Reads and checks a configuration file. Relative paths in it are relative to the file's own directory. */
export const loadConfig = (path: string, options: ParseOptions): ConfigResult => {
  let bytes: Uint8Array;
  try {
    const { size } = statSync(path);
    if (size > largestConfigBytes) {
      const said = wholeFile(
        '配置文件太大，这多半不是配置文件',
        'the file is too large to be a configuration',
        `${size} B`,
        `≤ ${largestConfigBytes} B`,
      );
      return refuse('configInvalid', [said]);
    }
    bytes = readFileSync(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    const known = unreadable[code] ?? { zh: `读取配置文件失败（${code}）`, en: `the file could not be read (${code})` };
    return refuse('configUnreadable', [wholeFile(`${known.zh}:${path}`, `${known.en}: ${path}`)]);
  }
  const decoded = decode(bytes);
  if ('problem' in decoded) return refuse('configInvalid', [decoded.problem]);
  const result = parseConfig(decoded.text, options);
  if (!result.ok) return result;
  const from = (file: string): string => resolve(dirname(path), file);
  const { store, logging, central } = result.value;
  const { kioskKeyFile, bundleRoot, tls } = central;
  return {
    ...result,
    value: {
      ...result.value,
      store: { ...store, directory: from(store.directory), machineKeyFile: from(store.machineKeyFile) },
      logging: { ...logging, directory: from(logging.directory) },
      central: {
        ...central,
        ...(kioskKeyFile === undefined ? {} : { kioskKeyFile: from(kioskKeyFile) }),
        ...(typeof bundleRoot === 'string' ? { bundleRoot: from(bundleRoot) } : {}),
        ...(tls
          ? { tls: { ...tls, caFile: from(tls.caFile), certFile: from(tls.certFile), keyFile: from(tls.keyFile) } }
          : {}),
      },
    },
  };
};

/** The problems of a configuration as a list for people, in one language. */
export const formatConfigErrors = (errors: readonly ConfigError[], language: Language): string =>
  [
    language === 'zh' ? `配置文件有 ${errors.length} 处问题：` : `The configuration has ${errors.length} problem(s):`,
    formatProblems(errors, language),
  ].join('\n');
