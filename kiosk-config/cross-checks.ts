// What no single field can tell: two devices on one port, a warning that comes too late, a driver that does not exist.
// These checks read the raw file, not the parsed one, so that they speak up in the same list as the schema's own problems.

import { posix } from 'node:path';
import { describeFound, formatPath, type PathPart, type Problem } from './problem.ts';
import { childOf, valueAt } from './schema-tree.ts';
import { kioskConfigSchema, leastWarningSec, weekdays } from './schema.ts';

type Said = { zh: string; en: string };

const problem = (path: readonly PathPart[], value: unknown, allowed: string, message: Said): Problem => ({
  path: formatPath(path),
  found: describeFound(value, path),
  allowed,
  message,
});

const listAt = (raw: unknown, parts: readonly PathPart[]): readonly unknown[] => {
  const value = valueAt(raw, parts);
  return Array.isArray(value) ? value : [];
};

/** Entries of a list that share what must differ. `keyOf` answers undefined where there is nothing to compare. */
const repeated = (
  raw: unknown,
  list: readonly PathPart[],
  keyOf: (entry: unknown) => string | number | undefined,
  at: readonly PathPart[],
  say: (key: string, first: number) => Said,
): Problem[] => {
  const firsts = new Map<string | number, number>();
  return listAt(raw, list).flatMap((entry, index) => {
    const key = keyOf(entry);
    if (key === undefined) return [];
    const first = firsts.get(key);
    if (first === undefined) {
      firsts.set(key, index);
      return [];
    }
    return [problem([...list, index, ...at], valueAt(entry, at), '', say(String(key), first))];
  });
};

const wordAt =
  (...parts: PathPart[]) =>
  (entry: unknown): string | number | undefined => {
    const value = valueAt(entry, parts);
    return typeof value === 'string' || typeof value === 'number' ? value : undefined;
  };

type Line = {
  /** As a person reads it. */
  name: string;
  /** The key to change. */
  at: readonly PathPart[];
  isSame(other: Line): boolean;
  /** HID only: what narrows it down. */
  hid?: Readonly<Record<string, unknown>>;
};

/** What chooses between HID devices of one model, or between the collections of one. */
const hidChoices = ['serialNumber', 'usagePage', 'usage'] as const;

const hidLine = (link: unknown): Line | undefined => {
  const numbers = [childOf(link, 'vendorId'), childOf(link, 'productId')];
  if (!numbers.every((number) => typeof number === 'number')) return undefined;
  const name = numbers.map((number) => number.toString(16).padStart(4, '0')).join(':');
  const hid = Object.fromEntries(hidChoices.map((key) => [key, childOf(link, key)]));
  const said = hidChoices.flatMap((key) => (hid[key] === undefined ? [] : [JSON.stringify(hid[key])]));
  return {
    name: ['hid', name, ...said].join(' '),
    at: ['link', 'productId'],
    hid: { ...hid, name },
    // What one link leaves open, the other one's device fulfils: both would open it.
    isSame: (other) =>
      other.hid?.['name'] === name &&
      hidChoices.every(
        (key) => hid[key] === undefined || other.hid?.[key] === undefined || hid[key] === other.hid[key],
      ),
  };
};

const namedLine = (name: string, key: 'path' | 'port'): Line => ({
  name,
  at: ['link', key],
  isSame: (other) => other.hid === undefined && other.name === name,
});

/** The line that a device occupies. One port serves one device: two drivers would read each other's answers. */
const lineOf = (device: unknown): Line | undefined => {
  const link = childOf(device, 'link');
  switch (childOf(link, 'type')) {
    case 'serial':
    case 'lp': {
      const path = childOf(link, 'path');
      return typeof path === 'string' ? namedLine(posix.normalize(path), 'path') : undefined;
    }
    case 'tcp': {
      const host = childOf(link, 'host');
      const port = childOf(link, 'port');
      const isWhole = typeof host === 'string' && typeof port === 'number';
      return isWhole ? namedLine(`${host.toLowerCase()}:${port}`, 'port') : undefined;
    }
    case 'hid':
      return hidLine(link);
    default:
      return undefined;
  }
};

const portsUsedTwice = (raw: unknown): Problem[] => {
  const earlier: { line: Line; index: number }[] = [];
  return listAt(raw, ['devices']).flatMap((device, index) => {
    const line = lineOf(device);
    if (line === undefined) return [];
    const first = earlier.find((one) => line.isSame(one.line));
    earlier.push({ line, index });
    if (first === undefined) return [];
    const id = valueAt(raw, ['devices', first.index, 'id']);
    const other = typeof id === 'string' ? id : `devices[${first.index}]`;
    const message = line.hid
      ? {
          zh: `${line.name} 也可能是设备 ${other}，请给两台都写上 serialNumber(同型号)或 usagePage(同一台的不同部分)`,
          en: `${line.name} may also be device ${other}; give both a serialNumber (two of one model) or a usagePage (parts of one device)`,
        }
      : {
          zh: `端口 ${line.name} 已经给了设备 ${other}，一个端口只能接一台设备`,
          en: `port ${line.name} already belongs to device ${other}; one port serves one device`,
        };
    return [problem(['devices', index, ...line.at], valueAt(device, line.at), '', message)];
  });
};

/** Seconds as they will hold: what the file says, else the default. */
const sessionSec = (raw: unknown, key: 'idleWarningSec' | 'idleWipeSec'): number | undefined => {
  const said = valueAt(raw, ['session', key]);
  if (said === undefined) return kioskConfigSchema.shape.session.parse({})[key];
  return typeof said === 'number' ? said : undefined;
};

const warningTooLate = (raw: unknown): Problem[] => {
  const warning = sessionSec(raw, 'idleWarningSec');
  const wipe = sessionSec(raw, 'idleWipeSec');
  if (warning === undefined || wipe === undefined || wipe - warning >= leastWarningSec) return [];
  const key = valueAt(raw, ['session', 'idleWipeSec']) === undefined ? 'idleWarningSec' : 'idleWipeSec';
  const value = key === 'idleWipeSec' ? wipe : warning;
  const allowed = key === 'idleWipeSec' ? `≥ ${warning + leastWarningSec}` : `≤ ${wipe - leastWarningSec}`;
  return [
    problem(['session', key], value, allowed, {
      zh: `清除（${wipe} 秒）至少要比提醒（${warning} 秒）晚 ${leastWarningSec} 秒，人才来得及看到`,
      en: `the wipe (${wipe} s) must come at least ${leastWarningSec} s after the warning (${warning} s), so that people can react`,
    }),
  ];
};

const kioskKeyOnce = (raw: unknown): Problem[] => {
  const central = childOf(raw, 'central');
  if (typeof central !== 'object' || central === null) return [];
  const given = ['kioskKey', 'kioskKeyFile'].filter((key) => childOf(central, key) !== undefined);
  if (given.length === 1) return [];
  const allowed = 'kioskKey | kioskKeyFile';
  const message =
    given.length === 0
      ? {
          zh: '缺少终端密钥：写 kioskKeyFile(密钥文件)或 kioskKey',
          en: 'the key is missing: give kioskKeyFile (a file) or kioskKey',
        }
      : { zh: 'kioskKey 和 kioskKeyFile 只能写一个', en: 'give either kioskKey or kioskKeyFile, not both' };
  return [problem(['central'], undefined, allowed, message)];
};

/** Certificates prove nothing over plain HTTP; free hours mean something only with a cap. */
const lineSettings = (raw: unknown): Problem[] => {
  const central = childOf(raw, 'central');
  const url = childOf(central, 'url');
  const problems: Problem[] = [];
  if (childOf(central, 'tls') !== undefined && typeof url === 'string' && !/^https:/i.test(url))
    problems.push(
      problem(['central', 'url'], url, 'https://…', {
        zh: '配置了双向 TLS，平台地址要用 https',
        en: 'mutual TLS is configured: the address must begin with https',
      }),
    );
  if (childOf(central, 'uploadFreeHours') !== undefined && childOf(central, 'uploadKbps') === undefined)
    problems.push(
      problem(['central', 'uploadKbps'], undefined, '8 … 1000000', {
        zh: '写了不限速的时段，却没有写限速 uploadKbps',
        en: 'hours without the cap are given, but no cap (uploadKbps)',
      }),
    );
  return problems;
};

const retryOrder = (raw: unknown): Problem[] => {
  const first = valueAt(raw, ['central', 'retry', 'firstDelayMs']);
  const most = valueAt(raw, ['central', 'retry', 'maxDelayMs']);
  if (typeof first !== 'number' || typeof most !== 'number' || first <= most) return [];
  return [
    problem(['central', 'retry', 'maxDelayMs'], most, `≥ ${first}`, {
      zh: '最长间隔不能小于首次间隔 firstDelayMs',
      en: 'the longest delay must not be shorter than firstDelayMs',
    }),
  ];
};

const timeZoneKnown = (raw: unknown): Problem[] => {
  const timeZone = valueAt(raw, ['kiosk', 'timeZone']);
  if (typeof timeZone !== 'string' || timeZone === '') return [];
  try {
    new Intl.DateTimeFormat('en', { timeZone }).format(0);
    return [];
  } catch {
    const message = { zh: `没有 ${timeZone} 这个时区`, en: `there is no time zone ${timeZone}` };
    return [problem(['kiosk', 'timeZone'], timeZone, '"Asia/Shanghai", "Asia/Urumqi"…', message)];
  }
};

const queueHours = (raw: unknown): Problem[] =>
  listAt(raw, ['queue', 'businesses']).flatMap((_, index) =>
    weekdays.flatMap((day) => {
      const path = ['queue', 'businesses', index, 'hours', day];
      let lastEnd = '';
      return listAt(raw, path).flatMap((span, number) => {
        const from = childOf(span, 'from');
        const to = childOf(span, 'to');
        if (typeof from !== 'string' || typeof to !== 'string') return [];
        const previousEnd = lastEnd;
        lastEnd = to;
        if (from >= to) {
          const message = {
            zh: `结束时间要晚于开始时间 ${from}`,
            en: `the end must be later than the beginning, ${from}`,
          };
          return [problem([...path, number, 'to'], to, `> "${from}"`, message)];
        }
        if (from >= previousEnd) return [];
        const message = {
          zh: `与前一段重叠，前一段到 ${previousEnd}`,
          en: `overlaps the span before it, which ends at ${previousEnd}`,
        };
        return [problem([...path, number, 'from'], from, `≥ "${previousEnd}"`, message)];
      });
    }),
  );

const repeatedWords = (raw: unknown): Problem[] => [
  ...repeated(raw, ['devices'], wordAt('id'), ['id'], (key, first) => ({
    zh: `设备编号 ${key} 重复，devices[${first}] 已经用了`,
    en: `device id ${key} is used twice; devices[${first}] has it already`,
  })),
  ...repeated(raw, ['locker', 'cells'], wordAt('cell'), ['cell'], (key, first) => ({
    zh: `格口号 ${key} 重复，locker.cells[${first}] 已经用了`,
    en: `cell ${key} is listed twice; locker.cells[${first}] has it already`,
  })),
  ...repeated(raw, ['locker', 'cells'], wordAt('label'), ['label'], (key, first) => ({
    zh: `柜门名称 ${key} 重复，locker.cells[${first}] 已经用了，群众会开错门`,
    en: `door label ${key} is used twice; locker.cells[${first}] has it already, and people would go to the wrong door`,
  })),
  ...repeated(raw, ['queue', 'businesses'], wordAt('code'), ['code'], (key, first) => ({
    zh: `业务编码 ${key} 重复，queue.businesses[${first}] 已经用了`,
    en: `business code ${key} is used twice; queue.businesses[${first}] has it already`,
  })),
  ...repeated(raw, ['queue', 'businesses'], wordAt('prefix'), ['prefix'], (key, first) => ({
    zh: `号票字母 ${key} 重复，queue.businesses[${first}] 已经用了，会叫错号`,
    en: `ticket letter ${key} is used twice; queue.businesses[${first}] has it already, and numbers would collide`,
  })),
  ...repeated(raw, ['staff', 'firstAccounts'], wordAt('account'), ['account'], (key, first) => ({
    zh: `账号 ${key} 重复，staff.firstAccounts[${first}] 已经用了`,
    en: `account ${key} is listed twice; staff.firstAccounts[${first}] has it already`,
  })),
];

/** Paper and character set are said once, under `printing`; a printer's own settings may repeat but not contradict them. */
const printerContradicts = (raw: unknown): Problem[] =>
  listAt(raw, ['devices']).flatMap((device, index) => {
    if (childOf(device, 'kind') !== 'ticket-printer') return [];
    return (['paperWidthMm', 'encoding'] as const).flatMap((key) => {
      const own = valueAt(device, ['settings', key]);
      const said = valueAt(raw, ['printing', key]) ?? kioskConfigSchema.shape.printing.parse({})[key];
      if (own === undefined || own === said) return [];
      return [
        problem(['devices', index, 'settings', key], own, JSON.stringify(said), {
          zh: `与 printing.${key}(${JSON.stringify(said)})不一致，请只在 printing 里写`,
          en: `contradicts printing.${key} (${JSON.stringify(said)}); say it under printing only`,
        }),
      ];
    });
  });

/** Cells that the board does not have. Only where the board's own settings tell how many there are. */
const cellsBeyondBoard = (raw: unknown): Problem[] => {
  const lockers = listAt(raw, ['devices']).filter((device) => childOf(device, 'kind') === 'locker');
  const boards = listAt(lockers[0], ['settings', 'boards']).map((board) => Number(childOf(board, 'locks')));
  const wanted =
    boards.length > 0 ? boards.reduce((sum, locks) => sum + locks, 0) : valueAt(lockers[0], ['settings', 'cells']);
  const count = lockers.length === 1 && Number.isInteger(wanted) ? wanted : undefined;
  if (typeof count !== 'number') return [];
  return listAt(raw, ['locker', 'cells']).flatMap((entry, index) => {
    const cell = childOf(entry, 'cell');
    if (typeof cell !== 'number' || cell <= count) return [];
    return [
      problem(['locker', 'cells', index, 'cell'], cell, `1…${count}`, {
        zh: `锁控板设置里只有 ${count} 个格口`,
        en: `the board's settings have only ${count} cells`,
      }),
    ];
  });
};

/** Everything that is wrong between fields. `raw` may be any JSON value. */
export const crossCheck = (raw: unknown): Problem[] => [
  ...timeZoneKnown(raw),
  ...warningTooLate(raw),
  ...kioskKeyOnce(raw),
  ...lineSettings(raw),
  ...retryOrder(raw),
  ...portsUsedTwice(raw),
  ...repeatedWords(raw),
  ...printerContradicts(raw),
  ...cellsBeyondBoard(raw),
  ...queueHours(raw),
];

const isThisMachine = (host: string): boolean => /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(host);

/** Nodes that get another number after a replug, and where udev keeps the names that stay. */
const renumbering = [
  { pattern: /^\/dev\/tty(?:USB|ACM)\d+$/, stays: ['/dev/serial/by-id', '/dev/serial/by-path'] },
  { pattern: /^\/dev\/usb\/lp\d+$/, stays: ['/dev/hall'] },
] as const;

/** What works but should not stay so: renumbering paths, a key in the open, an unprotected line. */
export const findWarnings = (raw: unknown): Problem[] => {
  const warnings: Problem[] = [];
  const url = valueAt(raw, ['central', 'url']);
  if (typeof url === 'string' && url.startsWith('http:') && !isThisMachine(new URL(url).hostname)) {
    warnings.push(
      problem(['central', 'url'], url, 'https://…', {
        zh: '到统一受理平台的线路没有加密，个人信息会明文经过网络',
        en: 'the line to central is not encrypted; personal data crosses the network in the clear',
      }),
    );
  }
  if (valueAt(raw, ['central', 'kioskKey']) !== undefined) {
    warnings.push(
      problem(['central', 'kioskKey'], '', 'kioskKeyFile', {
        zh: '密钥直接写在配置里，拷贝配置就会泄露；建议放进单独的文件，权限 0600',
        en: 'the key stands in the file and leaks with every copy; better a file of its own with mode 0600',
      }),
    );
  }
  for (const [index, device] of listAt(raw, ['devices']).entries()) {
    const path = valueAt(device, ['link', 'path']);
    if (typeof path !== 'string') continue;
    const stays = renumbering.find(({ pattern }) => pattern.test(path))?.stays;
    if (stays === undefined) continue;
    const [zh, en] = [stays.join(' 或 '), stays.join(' or ')];
    warnings.push(
      problem(['devices', index, 'link', 'path'], path, stays.map((folder) => `${folder}/…`).join(' | '), {
        zh: `${path} 会在重新插拔后变号，请用 ${zh} 下的名称`,
        en: `${path} changes its number after replugging; use a name under ${en}`,
      }),
    );
  }
  const hasLocker = listAt(raw, ['devices']).some((device) => childOf(device, 'kind') === 'locker');
  if (hasLocker && listAt(raw, ['locker', 'cells']).length === 0) {
    warnings.push(
      problem(['locker', 'cells'], undefined, '[{ "cell": 1, "label": "A01" }, …]', {
        zh: '接了文件存取柜，但没有列出格口，存取功能不会出现',
        en: 'a locker is connected but no cells are listed, so it will not be offered',
      }),
    );
  }
  return warnings;
};
