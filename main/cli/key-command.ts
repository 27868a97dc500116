// `key status`, `key seal`, `key rotate`: where the machine key lies, put into the chip's keeping, and changed for another.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { KioskConfig } from '../../kiosk-config/schema.ts';
import { rotateMachineKey } from '../store/key-rotation.ts';
import { isRotationOpen, keyHolderOf, shredFile } from '../store/machine-key-file.ts';
import { machineKeyPlace, machineKeyWords, readSealedKey, sealedPathOf } from '../store/machine-key-source.ts';
import { loadMachineKey } from '../store/machine-key.ts';
import { openStore } from '../store/open.ts';
import { sealCredential, type SealingKey, type SealingOptions } from '../store/sealed-credential.ts';
import { misused, stringOf, type Command, type CommandInput, type ExitCode, type Io } from './command.ts';
import { configFor } from './live-devices.ts';
import { configOption, sayFailure } from './store-file.ts';

const sealingKeys: readonly SealingKey[] = ['tpm2', 'host+tpm2', 'host'];

const deviceOption = {
  type: 'string',
  value: 'DEVICE',
  help: { zh: 'TPM2 设备，默认本机的', en: 'TPM2 device; the machine’s own when absent' },
} as const;

const sealingOf = ({ values }: CommandInput): SealingOptions => {
  const tpm2Device = stringOf(values['tpm2-device']);
  return tpm2Device === undefined ? {} : { tpm2Device };
};

const configOf = ({ values }: CommandInput, io: Io): KioskConfig | ExitCode => {
  const file = stringOf(values['config']);
  if (file === undefined) return misused(io, '请用 --config 指出配置文件', 'say which configuration: --config FILE');
  return configFor(file, io) ?? 1;
};

const say = (io: Io, zh: string, en: string): void => io.err(io.language === 'zh' ? zh : en);

const plainLeftWords = (keyFile: string): [zh: string, en: string] => [
  `注意：未封存的 ${keyFile} 还在，封存等于没做。确认备份后用 key seal --remove-plain 销毁`,
  `Note: the unsealed ${keyFile} is still there, which undoes the sealing. Destroy it with key seal --remove-plain`,
];

export const keyStatus: Command = {
  usage: 'key status',
  summary: { zh: '本机密钥从哪里来、有没有封存', en: 'where the machine key comes from and whether it is sealed' },
  options: { config: configOption },
  async run(input, io) {
    const config = configOf(input, io);
    if (typeof config === 'number') return config;
    const keyFile = config.store.machineKeyFile;
    const { kind, path, from, isPlainLeft } = machineKeyPlace(keyFile, io.environment);
    const isThere = existsSync(path);
    const isRotating = isRotationOpen(path);
    if (input.isJson) io.out(JSON.stringify({ machineKey: kind, path, from, isThere, isPlainLeft, isRotating }));
    else io.out(`${path}: ${machineKeyWords[kind][io.language]}`);
    if (!isThere) say(io, '还没有密钥，首次启动时生成', 'There is no key yet; the first start makes it');
    if (isPlainLeft) say(io, ...plainLeftWords(keyFile));
    if (isRotating)
      say(
        io,
        '更换密钥中断过：停止终端，再运行 key rotate',
        'A change of keys was interrupted: stop the kiosk, run key rotate',
      );
    return isRotating || isPlainLeft ? 1 : 0;
  },
};

export const keySeal: Command = {
  usage: 'key seal',
  summary: {
    zh: '用 systemd-creds 封存本机密钥（TPM2），先停止终端',
    en: 'seal the machine key with systemd-creds (TPM2); stop the kiosk first',
  },
  options: {
    config: configOption,
    with: {
      type: 'string',
      value: 'KEY',
      help: { zh: 'tpm2（默认）、host+tpm2 或 host', en: 'tpm2 (as it is without), host+tpm2 or host' },
    },
    'tpm2-device': deviceOption,
    'remove-plain': {
      type: 'boolean',
      help: {
        zh: '核对一致后覆写并删除未封存的密钥文件',
        en: 'when both are the same, overwrite and remove the unsealed key file',
      },
    },
  },
  async run(input, io) {
    const config = configOf(input, io);
    if (typeof config === 'number') return config;
    const keyFile = config.store.machineKeyFile;
    const sealed = sealedPathOf(keyFile);
    const { isJson } = input;
    const withKey = sealingKeys.find((key) => key === (stringOf(input.values['with']) ?? 'tpm2'));
    if (!withKey) return misused(io, '--with 应为 tpm2、host+tpm2 或 host', '--with is tpm2, host+tpm2 or host');
    if (!existsSync(keyFile))
      return sayFailure({ code: 'keyFileMissing', message: 'no key file to seal' }, keyFile, isJson, io);
    if (isRotationOpen(keyFile) || isRotationOpen(sealed))
      return misused(io, '更换密钥未完成，先运行 key rotate', 'a change of keys is not finished; run key rotate first');
    const key = loadMachineKey(keyFile);
    if (!key.ok) return sayFailure(key.error, keyFile, isJson, io);
    const options = sealingOf(input);
    const isNew = !existsSync(sealed);
    const done = isNew ? sealCredential(key.value, sealed, withKey, options) : ({ ok: true } as const);
    if (!done.ok) return sayFailure(done.error, sealed, isJson, io);
    const opened = readSealedKey(sealed, options);
    if (!opened.ok) return sayFailure(opened.error, sealed, isJson, io);
    if (!opened.value.equals(key.value))
      return misused(
        io,
        `${sealed} 里是另一把密钥，未作改动`,
        `${sealed} holds another key than ${keyFile}; nothing was changed`,
      );
    const isRemoved = input.values['remove-plain'] === true;
    const path = join(config.store.directory, 'kiosk.db');
    if (existsSync(path)) {
      const store = openStore({ path, machineKey: key.value, kioskId: config.kiosk.id });
      if (!store.ok) return sayFailure(store.error, path, isJson, io);
      const detail = `${withKey}${isRemoved ? ', plain file destroyed' : ''}`;
      const noted = store.value.audit({ who: 'cli', role: 'system', act: 'machineKeySealed', detail, ok: true });
      store.value.close();
      if (!noted.ok) return sayFailure(noted.error, path, isJson, io);
    }
    if (isRemoved) shredFile(keyFile);
    const { kind, isPlainLeft } = machineKeyPlace(keyFile, {});
    if (isJson) io.out(JSON.stringify({ ok: true, machineKey: kind, path: sealed, isNew, isPlainLeft }));
    else io.out(`${sealed}: ${machineKeyWords[kind][io.language]}`);
    if (isPlainLeft) say(io, ...plainLeftWords(keyFile));
    return 0;
  },
};

export const keyRotate: Command = {
  usage: 'key rotate',
  summary: {
    zh: '换一把本机密钥并重新加密数据库（先停止终端）；中断后再运行即可',
    en: 'a new machine key, and everything sealed again (stop the kiosk first); call it again after an interruption',
  },
  options: { config: configOption, 'tpm2-device': deviceOption },
  async run(input, io) {
    const config = configOf(input, io);
    if (typeof config === 'number') return config;
    const { machineKeyFile: keyFile, directory } = config.store;
    // What the service manager hands over it took from the sealed file; that one is exchanged.
    const place = machineKeyPlace(keyFile, {});
    const holder = keyHolderOf(place, sealingOf(input));
    if (!holder || !existsSync(place.path))
      return sayFailure({ code: 'keyFileMissing', message: 'no key to change' }, place.path, input.isJson, io);
    if (place.isPlainLeft) {
      say(io, ...plainLeftWords(keyFile));
      return 1;
    }
    const storePath = join(directory, 'kiosk.db');
    const rotated = rotateMachineKey({ storePath, kioskId: config.kiosk.id, holder, who: 'cli' });
    if (!rotated.ok) return sayFailure(rotated.error, storePath, input.isJson, io);
    if (input.isJson) io.out(JSON.stringify({ ok: true, machineKey: place.kind, path: place.path, ...rotated.value }));
    else io.out(io.language === 'zh' ? `${place.path}: 已换新密钥` : `${place.path}: a new key`);
    say(
      io,
      '旧密钥已销毁：用旧密钥做的备份不能再恢复，现在就做一份新备份',
      'The old key is destroyed: backups made under it cannot be restored any more. Make a new one now',
    );
    return 0;
  },
};
