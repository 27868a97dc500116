// What the doctor looks at, one function a question. Nothing is changed: a doctor may be asked at any time, by any user.

import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, realpath, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { KioskConfig } from '../../kiosk-config/schema.ts';
import { isRotationOpen } from '../store/machine-key-file.ts';
import { machineKeyPlace, machineKeyWords } from '../store/machine-key-source.ts';
import type { Text } from '../contract/text.ts';
import { findChromium, isPolicyInstalled, policyPath } from '../shell/chromium/window.ts';

export type Finding = {
  topic: string;
  level: 'ok' | 'warn' | 'fail';
  what: Text;
  /** Absent when there is nothing to do. */
  todo?: Text;
};

const run = promisify(execFile);
const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);

const isAllowed = async (path: string, mode: number): Promise<string | undefined> =>
  access(path, mode).then(
    () => undefined,
    (error: unknown) => codeOf(error),
  );

/** The folder itself, or the nearest one above it that exists. */
const nearestExisting = async (path: string): Promise<string> => {
  let folder = path;
  while ((await isAllowed(folder, constants.F_OK)) !== undefined && dirname(folder) !== folder)
    folder = dirname(folder);
  return folder;
};

export const checkStore = async ({ store }: Pick<KioskConfig, 'store'>): Promise<Finding[]> => {
  const { directory, minFreeMb } = store;
  const topic = 'store';
  const existing = await nearestExisting(directory);
  const denied = await isAllowed(existing, constants.W_OK | constants.X_OK);
  if (denied !== undefined)
    return [
      {
        topic,
        level: 'fail',
        what: {
          zh: `不能写数据目录 ${directory}(${denied})`,
          en: `the data directory ${directory} cannot be written (${denied})`,
        },
        todo: {
          zh: '建立目录并交给运行终端的账号（chown、chmod 700）',
          en: 'make it and give it to the account that runs the kiosk (chown, chmod 700)',
        },
      },
    ];
  const { bavail, bsize } = await statfs(existing);
  const freeMb = Math.floor((bavail * bsize) / (1024 * 1024));
  const isNew = existing !== directory;
  const room: Finding =
    freeMb >= 2 * minFreeMb
      ? { topic: 'disk', level: 'ok', what: { zh: `剩余 ${freeMb} MB`, en: `${freeMb} MB free` } }
      : {
          topic: 'disk',
          level: freeMb < minFreeMb ? 'fail' : 'warn',
          what: {
            zh: `只剩 ${freeMb} MB，低于 ${minFreeMb} MB 时停止收件`,
            en: `${freeMb} MB free; below ${minFreeMb} MB no case is taken`,
          },
          todo: { zh: '清理日志和旧备份，或换大硬盘', en: 'clear logs and old backups, or fit a larger disk' },
        };
  return [
    {
      topic,
      level: 'ok',
      what: isNew
        ? { zh: `${directory} 还没有，首次启动时建立`, en: `${directory} is not there yet; the first start makes it` }
        : { zh: `${directory} 可写`, en: `${directory} can be written` },
    },
    room,
  ];
};

/** The machine key (made at the first start) and central's key (given out by the centre). */
export const checkKeys = async ({ store, central }: Pick<KioskConfig, 'store' | 'central'>): Promise<Finding[]> => {
  const findings: Finding[] = [];
  const place = machineKeyPlace(store.machineKeyFile);
  const own = await stat(place.path).catch(() => undefined);
  if (isRotationOpen(place.path))
    findings.push({
      topic: 'machine key',
      level: 'warn',
      what: { zh: '更换本机密钥中断过', en: 'a change of the machine key was interrupted' },
      todo: { zh: '停止终端，运行 key rotate', en: 'stop the kiosk and run key rotate' },
    });
  if (own && place.from !== 'keyFile')
    findings.push({
      topic: 'machine key',
      level: place.isPlainLeft || place.kind !== 'tpm2' ? 'warn' : 'ok',
      what: machineKeyWords[place.kind],
      ...(place.isPlainLeft
        ? {
            todo: {
              zh: `未封存的 ${store.machineKeyFile} 还在：key seal --remove-plain`,
              en: `the unsealed ${store.machineKeyFile} is still there: key seal --remove-plain`,
            },
          }
        : {}),
    });
  else if (!own) {
    const denied = await isAllowed(await nearestExisting(dirname(store.machineKeyFile)), constants.W_OK);
    findings.push({
      topic: 'machine key',
      level: denied === undefined ? 'ok' : 'fail',
      what: {
        zh: `${store.machineKeyFile} 还没有，${denied === undefined ? '首次启动时生成' : `也无法生成(${denied})`}`,
        en: `${store.machineKeyFile} is not there${denied === undefined ? '; the first start makes it' : ` and cannot be made (${denied})`}`,
      },
      ...(denied === undefined
        ? {}
        : { todo: { zh: '建立所在目录并交给运行账号', en: 'make its folder and give it to the running account' } }),
    });
  } else if (process.platform !== 'win32' && (own.mode & 0o077) !== 0) {
    findings.push({
      topic: 'machine key',
      level: 'fail',
      what: { zh: `${store.machineKeyFile} 别的账号也能读`, en: `${store.machineKeyFile} can be read by others` },
      todo: { zh: `chmod 600 ${store.machineKeyFile}`, en: `chmod 600 ${store.machineKeyFile}` },
    });
  } else
    findings.push({
      topic: 'machine key',
      level: 'warn',
      what: machineKeyWords.keyFile,
      todo: {
        zh: '有 TPM2 的机器：key seal。没有的：给整块硬盘加密',
        en: 'with a TPM2: key seal. Without: encrypt the whole disk',
      },
    });
  const { kioskKeyFile } = central;
  if (kioskKeyFile === undefined) return findings;
  const denied = await isAllowed(kioskKeyFile, constants.R_OK);
  findings.push(
    denied === undefined
      ? { topic: 'central key', level: 'ok', what: { zh: `${kioskKeyFile} 可读`, en: `${kioskKeyFile} can be read` } }
      : {
          topic: 'central key',
          level: 'fail',
          what: {
            zh: `读不到终端密钥 ${kioskKeyFile}(${denied})`,
            en: `the kiosk’s key ${kioskKeyFile} cannot be read (${denied})`,
          },
          todo: {
            zh: '把受理平台发的密钥放到这个文件，只让运行账号可读',
            en: 'put the key that the centre gave out there, readable by the running account only',
          },
        },
  );
  return findings;
};

/** Serial ports: there, allowed, and named in a way that outlives a replug. */
export const checkPorts = async ({ devices }: Pick<KioskConfig, 'devices'>): Promise<Finding[]> => {
  const findings: Finding[] = [];
  for (const { id, link, required } of devices) {
    if (link?.type !== 'serial') continue;
    const topic = `port ${id}`;
    const denied = await isAllowed(link.path, constants.R_OK | constants.W_OK);
    const missing = required ? 'fail' : 'warn';
    if (denied === 'ENOENT')
      findings.push({
        topic,
        level: missing,
        what: { zh: `没有端口 ${link.path}`, en: `there is no port ${link.path}` },
        todo: {
          zh: '检查电源和数据线；换过设备或接口的，在控制台“设备”里换端口',
          en: 'check power and cable; after a change of device or socket, assign the port in the console',
        },
      });
    else if (denied !== undefined)
      findings.push({
        topic,
        level: missing,
        what: { zh: `没有权限使用 ${link.path}(${denied})`, en: `no permission for ${link.path} (${denied})` },
        todo: {
          zh: '把运行账号加入端口所属的用户组（一般是 dialout），重新登录',
          en: 'add the running account to the port’s group (usually dialout) and log in again',
        },
      });
    else if (/^\/dev\/tty(USB|ACM)\d+$/.test(link.path))
      findings.push({
        topic,
        level: 'warn',
        what: {
          zh: `${link.path} 在，但重新插拔后编号会变`,
          en: `${link.path} is there, but is renumbered at a replug`,
        },
        todo: {
          zh: '改用 /dev/serial/by-id/ 或 by-path/ 下的名称',
          en: 'use its name under /dev/serial/by-id/ or by-path/',
        },
      });
    else {
      const real = await realpath(link.path).catch(() => link.path);
      findings.push({
        topic,
        level: 'ok',
        what: { zh: `${link.path} 可用`, en: `${link.path} can be used` },
        ...(real === link.path
          ? {}
          : { what: { zh: `${link.path} → ${real} 可用`, en: `${link.path} → ${real} can be used` } }),
      });
    }
  }
  return findings;
};

export const checkChromium = async ({ window }: Pick<KioskConfig, 'window'>): Promise<Finding[]> => {
  const found = findChromium();
  if (found === undefined)
    return [
      {
        topic: 'chromium',
        level: window.shell === 'electron' ? 'ok' : window.shell === 'auto' ? 'warn' : 'fail',
        what: { zh: '本机没有 Chromium', en: 'this machine has no Chromium' },
        ...(window.shell === 'electron'
          ? {}
          : {
              todo: {
                zh: '安装 chromium，或用 HALL_KIOSK_CHROMIUM 指出它在哪里；装有 Electron 时不需要',
                en: 'install chromium or name it in HALL_KIOSK_CHROMIUM; not needed where Electron is installed',
              },
            }),
      },
    ];
  const isInstalled = await isPolicyInstalled();
  return [
    { topic: 'chromium', level: 'ok', what: { zh: found, en: found } },
    isInstalled
      ? { topic: 'policy', level: 'ok', what: { zh: `${policyPath} 已安装`, en: `${policyPath} is installed` } }
      : {
          topic: 'policy',
          level: 'warn',
          what: {
            zh: 'Chromium 管控策略没有安装，或不是这个版本的',
            en: 'Chromium’s managed policies are missing or of another version',
          },
          todo: { zh: 'sudo npm run kiosk -- policy --install', en: 'sudo npm run kiosk -- policy --install' },
        },
  ];
};

/** The pages bring their own typeface; rare characters in names need one of the system's. */
export const checkFonts = async (): Promise<Finding[]> => {
  const listed = await run('fc-list', [':lang=zh-cn', 'family'], { timeout: 10_000 }).catch(() => undefined);
  const families = new Set((listed?.stdout ?? '').split('\n').filter((line) => line.trim() !== ''));
  if (families.size > 0)
    return [
      {
        topic: 'fonts',
        level: 'ok',
        what: { zh: `${families.size} 种中文字体`, en: `${families.size} Chinese typefaces` },
      },
    ];
  return [
    {
      topic: 'fonts',
      level: 'warn',
      what: {
        zh: '系统没有中文字体，姓名里的生僻字可能显示不出来',
        en: 'no Chinese typeface in the system: rare characters in names may not show',
      },
      todo: { zh: '安装 fonts-noto-cjk', en: 'install fonts-noto-cjk' },
    },
  ];
};

export const checkScanner = async ({ devices }: Pick<KioskConfig, 'devices'>): Promise<Finding[]> => {
  const scanner = devices.find(({ driver }) => driver === 'sane');
  if (!scanner) return [];
  const version = await run('scanimage', ['--version'], { timeout: 10_000 }).catch(() => undefined);
  if (version)
    return [{ topic: 'scanimage', level: 'ok', what: { zh: version.stdout.trim(), en: version.stdout.trim() } }];
  return [
    {
      topic: 'scanimage',
      level: scanner.required ? 'fail' : 'warn',
      what: { zh: '没有 scanimage，扫描仪用不了', en: 'there is no scanimage: the scanner cannot be used' },
      todo: { zh: '安装 sane-utils', en: 'install sane-utils' },
    },
  ];
};
