// Where the machine key comes from. The first that is there counts, and when it does not open nothing else is tried: a second key
// would only hide that the first is lost.
//
//   $CREDENTIALS_DIRECTORY (service manager) ─▶ KEYFILE.cred (sealed, systemd-creds) ─▶ KEYFILE (mode 0600; made at the first start)

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../devices/kit/result.ts';
import type { Text } from '../contract/text.ts';
import { loadMachineKey, machineKeyBytes, type MachineKeyCode } from './machine-key.ts';
import {
  credentialName,
  openCredential,
  sealingKeyOf,
  type CredentialCode,
  type SealingOptions,
} from './sealed-credential.ts';

/** `tpm2`: sealed to this machine's chip; `credential`: sealed otherwise; `keyFile`: whoever copies the disk has the key. */
export type MachineKeyKind = 'tpm2' | 'credential' | 'keyFile';

export type MachineKeyPlace = {
  kind: MachineKeyKind;
  /** The file that is read. */
  path: string;
  /** How it is read. */
  from: 'serviceManager' | 'sealedFile' | 'keyFile';
  /** A plain key file lies there beside the sealed one, which makes the sealing worthless. */
  isPlainLeft: boolean;
};

export type MachineKey = MachineKeyPlace & { bytes: Buffer };
export type MachineKeySourceCode = MachineKeyCode | CredentialCode;

export const sealedPathOf = (keyFile: string): string => `${keyFile}.cred`;

type Environment = Readonly<Record<string, string | undefined>>;

/** Which source counts here, without opening it. */
export const machineKeyPlace = (keyFile: string, environment: Environment = process.env): MachineKeyPlace => {
  const sealed = sealedPathOf(keyFile);
  const withKey = sealingKeyOf(sealed);
  const kind = withKey === 'tpm2' || withKey === 'host+tpm2' ? 'tpm2' : 'credential';
  const isPlainLeft = existsSync(keyFile);
  const handed = environment['CREDENTIALS_DIRECTORY'];
  const fromManager = handed === undefined ? undefined : join(handed, credentialName);
  if (fromManager !== undefined && existsSync(fromManager))
    return { kind, path: fromManager, from: 'serviceManager', isPlainLeft };
  if (existsSync(sealed)) return { kind, path: sealed, from: 'sealedFile', isPlainLeft };
  return { kind: 'keyFile', path: keyFile, from: 'keyFile', isPlainLeft: false };
};

const ofRightLength = (key: Buffer, path: string): Result<Buffer, MachineKeyCode> =>
  key.length === machineKeyBytes
    ? ok(key)
    : fail('keyFileLength', 'engineer', `the key in ${path} has ${key.length} bytes, not ${machineKeyBytes}`);

const readHanded = (path: string): Result<Buffer, MachineKeyCode> => {
  try {
    return ofRightLength(readFileSync(path), path);
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    return fail('keyFileUnreadable', 'engineer', `the credential ${path} cannot be read: ${code}`);
  }
};

export const readSealedKey = (path: string, options: SealingOptions = {}): Result<Buffer, MachineKeySourceCode> => {
  const opened = openCredential(path, options);
  return opened.ok ? ofRightLength(opened.value, path) : opened;
};

/** Opens the key, and makes a key file only where no source is. */
export const openMachineKey = (
  keyFile: string,
  { environment = process.env, ...options }: SealingOptions & { environment?: Environment } = {},
): Result<MachineKey, MachineKeySourceCode> => {
  const place = machineKeyPlace(keyFile, environment);
  const readers: Record<MachineKeyPlace['from'], () => Result<Buffer, MachineKeySourceCode>> = {
    serviceManager: () => readHanded(place.path),
    sealedFile: () => readSealedKey(place.path, options),
    keyFile: () => loadMachineKey(keyFile),
  };
  const bytes = readers[place.from]();
  return bytes.ok ? ok({ ...place, bytes: bytes.value }) : bytes;
};

export const machineKeyWords: Readonly<Record<MachineKeyKind, Text>> = {
  tpm2: {
    zh: '本机密钥由本机 TPM2 芯片封存：硬盘被拷走或拆走，数据仍打不开',
    en: 'the machine key is sealed by this machine’s TPM2: a copied or stolen disk stays unreadable',
  },
  credential: {
    zh: '本机密钥由 systemd 封存，没有用 TPM2 或无法确认：整块硬盘被拿走时可能被打开',
    en: 'the machine key is sealed by systemd, not by a TPM2 as far as can be seen: whoever has the whole disk may open it',
  },
  keyFile: {
    zh: '本机密钥是一个普通文件：谁拿到整块硬盘，谁就能打开数据。用 key seal 封存',
    en: 'the machine key is a plain file: whoever has the whole disk can read the store. Seal it with key seal',
  },
};
