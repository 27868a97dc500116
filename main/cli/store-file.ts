// What every `store` command starts from: the configuration says which file and which key; and words for what can be wrong with them.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Failure } from '../../devices/kit/result.ts';
import type { KioskConfig } from '../../kiosk-config/schema.ts';
import type { Text } from '../contract/text.ts';
import { inspectFile, type Inspected, type StoreFile } from '../store/inspection.ts';
import { machineKeyPlace, openMachineKey, type MachineKeySourceCode } from '../store/machine-key-source.ts';
import type { RestoreCode } from '../store/restore.ts';
import { stringOf, type CommandInput, type ExitCode, type Io, type OptionWords, misused } from './command.ts';
import { configFor } from './live-devices.ts';

export const configOption: OptionWords = {
  type: 'string',
  value: 'FILE',
  help: { zh: '本机的配置文件', en: 'this kiosk’s configuration' },
};

export const fileOption: OptionWords = {
  type: 'string',
  value: 'FILE',
  help: { zh: '看这个文件（例如备份），而不是本机的数据库', en: 'look at this file, a backup for example, instead' },
};

type StoreWordCode = RestoreCode | MachineKeySourceCode | 'keyFileMissing';

const todos: Record<StoreWordCode, Text> = {
  storeMissing: {
    zh: '没有这个文件。首次启动终端时建立；若丢失，用 store restore 从备份恢复',
    en: 'There is no such file. The first start of the kiosk makes it; a lost one comes back with store restore',
  },
  storeForbidden: {
    zh: '当前账号不能读。请用运行终端的账号执行',
    en: 'This account may not read it. Run the command as the account that runs the kiosk',
  },
  storeOlder: {
    zh: '由旧版软件写成。先启动一次终端，让它升级',
    en: 'An older version wrote it. Start the kiosk once, which upgrades it',
  },
  storeNewer: {
    zh: '由更新版本的软件写成。请装回那个版本，不要用旧版打开',
    en: 'A newer version of this software wrote it. Install that version again; an older one must not open it',
  },
  storeDamaged: {
    zh: '文件已损坏。不要删除它；用 store restore --replace 恢复最近的备份',
    en: 'The file is damaged. Do not delete it; bring back the last backup with store restore --replace',
  },
  storeBusy: {
    zh: '被另一个程序锁住（终端正在运行？）。稍后再试，或先停止终端',
    en: 'Another program keeps it locked (is the kiosk running?). Try again later, or stop the kiosk first',
  },
  storeInUse: {
    zh: '终端正在使用它。先停止终端，再恢复',
    en: 'The kiosk is using it. Stop the kiosk, then restore',
  },
  storeThere: {
    zh: '那里已有数据库。确认要换掉时加 --replace，原文件会另存一旁',
    en: 'A store stands there. Add --replace to put it aside; it is not deleted',
  },
  storeFailed: { zh: '读写失败。检查磁盘和权限', en: 'Reading or writing failed. Check the disk and the permissions' },
  diskFull: { zh: '磁盘已满。先腾出空间', en: 'The disk is full. Make room first' },
  notDurable: {
    zh: '这块磁盘不能保证写入。更换磁盘或文件系统',
    en: 'This disk does not flush. Fit another disk or file system',
  },
  wrongKey: {
    zh: '不是用本机密钥建立的（密钥被换过，或文件来自别的机器）。找回当时的密钥文件，没有它内容无法读出。若更换密钥时中断过，停止终端再运行 key rotate',
    en: 'It was made with another machine key (the key was changed, or the file is of another machine). Bring back that key file; without it nothing can be read. After an interrupted change of keys stop the kiosk and run key rotate',
  },
  otherKiosk: {
    zh: '属于另一台终端。核对配置中的 kiosk.id 和文件来源',
    en: 'It belongs to another kiosk. Compare kiosk.id in the configuration with where the file comes from',
  },
  keyFileMissing: {
    zh: '没有密钥文件。首次启动时生成；恢复到新机器时，先把旧机器的密钥文件拷来',
    en: 'There is no key file. The first start makes it; for a restore on a new machine bring the old one’s key file first',
  },
  keyFileMode: { zh: '密钥文件别的账号也能读。chmod 600', en: 'Others may read the key file. chmod 600' },
  keyFileLength: {
    zh: '密钥文件长度不对，不是原来的文件',
    en: 'The key file has another length: it is not the one that was made',
  },
  keyFileUnreadable: {
    zh: '密钥文件不能读。请用运行终端的账号执行',
    en: 'The key file cannot be read. Run the command as the account that runs the kiosk',
  },
  sealingMissing: {
    zh: '安装 systemd（systemd-creds，250 以上），或使用密钥文件',
    en: 'Install systemd’s systemd-creds (250 or newer), or stay with the key file',
  },
  sealingFailed: {
    zh: '封存的密钥打不开或封不上。以 root 执行；检查 TPM2（systemd-creds has-tpm2）。换过主板或清过 TPM 时，用离线保存的密钥文件恢复',
    en: 'The key cannot be sealed or opened. Run it as root; look at the TPM2 (systemd-creds has-tpm2). After a new mainboard or a cleared TPM bring back the key file that was kept off line',
  },
};

/** Says what is wrong and what to do: for people in words, with `--json` as an object. */
export const sayFailure = (
  { code, message }: Pick<Failure<StoreWordCode>, 'code' | 'message'>,
  path: string,
  isJson: boolean,
  io: Io,
): ExitCode => {
  if (isJson) io.out(JSON.stringify({ ok: false, code, path, message, todo: todos[code][io.language] }));
  io.err(`${path}: ${message}`);
  io.err(`→ ${todos[code][io.language]}`);
  return 1;
};

export type StoreOfConfig = { config: KioskConfig; file: StoreFile };

/** File and key of the configuration, or an exit code after it was said why not. */
export const storeOfConfig = ({ values, isJson }: CommandInput, io: Io): StoreOfConfig | ExitCode => {
  const configFile = stringOf(values['config']);
  if (configFile === undefined)
    return misused(io, '请用 --config 指出配置文件', 'say which configuration: --config FILE');
  const config = configFor(configFile, io);
  if (!config) return 1;
  const keyFile = config.store.machineKeyFile;
  // Reading a key makes one where there is none; a command that looks must not.
  const place = machineKeyPlace(keyFile, io.environment);
  if (!existsSync(place.path))
    return sayFailure({ code: 'keyFileMissing', message: 'no key file' }, keyFile, isJson, io);
  const key = openMachineKey(keyFile, { environment: io.environment });
  if (!key.ok) return sayFailure(key.error, place.path, isJson, io);
  const path = stringOf(values['file']) ?? join(config.store.directory, 'kiosk.db');
  return { config, file: { path, machineKey: key.value.bytes, kioskId: config.kiosk.id } };
};

/** Opens the file for looking and runs `act` on it. */
export const withStoreFile = async (
  input: CommandInput,
  io: Io,
  act: (file: Inspected, config: KioskConfig) => Promise<ExitCode>,
): Promise<ExitCode> => {
  const store = storeOfConfig(input, io);
  if (typeof store === 'number') return store;
  const inspected = inspectFile(store.file);
  if (!inspected.ok) return sayFailure(inspected.error, store.file.path, input.isJson, io);
  using file = inspected.value;
  return await act(file, store.config);
};
