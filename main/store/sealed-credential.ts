// A sealed credential of systemd: bytes that only this machine opens, with its TPM2, with systemd's host key, or with both.
//
//   plain ─standard input─▶ systemd-creds encrypt ─▶ NAME.cred ─▶ systemd-creds decrypt, or the service manager ─▶ plain
//
// The plain bytes pass through pipes only. Format of the head: systemd, src/shared/creds-util.c (an ID of 16 bytes says the key).

import { execFileSync } from 'node:child_process';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { fail, ok, type Result } from '../../devices/kit/result.ts';

/** The service manager hands it over under this name, and no credential of another name opens in its place. */
export const credentialName = 'hall-kiosk-machine-key';

export type SealingKey = 'tpm2' | 'host+tpm2' | 'host';

export type CredentialCode =
  /** `systemd-creds` is not on this machine. */
  | 'sealingMissing'
  /** It refused; the message says why, in its own words. */
  | 'sealingFailed';

export type SealingOptions = {
  /** As `--tpm2-device=` takes it, e.g. `swtpm:host=127.0.0.1,port=2321`; the machine's own when absent. */
  tpm2Device?: string;
};

const keyIds: Readonly<Record<string, SealingKey>> = {
  '5a1c6a86df9d4096b1d5a65e0862f19a': 'host',
  '0c7cc07b117645919c4b0bea08bc20fe': 'tpm2',
  '93a894094874449090caf2fc93cab553': 'host+tpm2',
};
const keyIdBytes = 16;

/** What opens the credential; nothing for a file that cannot be read or is of a kind that is not known here. */
export const sealingKeyOf = (path: string): SealingKey | undefined => {
  try {
    const head = Buffer.from(readFileSync(path, 'latin1').slice(0, 64), 'base64');
    return keyIds[head.subarray(0, keyIdBytes).toString('hex')];
  } catch {
    return undefined;
  }
};

/** A TPM takes a second or two; one that hangs must not hang the start for ever. */
const patienceMs = 60_000;

const call = (args: readonly string[], input: Uint8Array | undefined): Result<Buffer, CredentialCode> => {
  try {
    return ok(
      execFileSync('systemd-creds', [...args], {
        ...(input === undefined ? {} : { input }),
        stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
        timeout: patienceMs,
      }),
    );
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: Buffer };
    if (code === 'ENOENT') return fail('sealingMissing', 'engineer', 'there is no systemd-creds on this machine');
    const said = stderr?.toString('utf8').trim().replaceAll(/\s+/g, ' ').slice(-300);
    return fail('sealingFailed', 'engineer', `systemd-creds ${args[0]}: ${said || String(code)}`);
  }
};

const deviceArgs = ({ tpm2Device }: SealingOptions): string[] =>
  tpm2Device === undefined ? [] : [`--tpm2-device=${tpm2Device}`];

export const openCredential = (path: string, options: SealingOptions = {}): Result<Buffer, CredentialCode> =>
  call(['decrypt', `--name=${credentialName}`, ...deviceArgs(options), path, '-'], undefined);

/** Writes the sealed file in one step, after it was opened again and gave the same bytes. */
export const sealCredential = (
  plain: Uint8Array,
  path: string,
  withKey: SealingKey,
  options: SealingOptions = {},
): Result<void, CredentialCode> => {
  const args = ['encrypt', `--with-key=${withKey}`, `--name=${credentialName}`, ...deviceArgs(options), '-', '-'];
  const sealed = call(args, plain);
  if (!sealed.ok) return sealed;
  const part = `${path}.part`;
  try {
    const file = openSync(part, 'w', 0o600);
    try {
      writeSync(file, sealed.value);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    const opened = openCredential(part, options);
    if (!opened.ok) return opened;
    if (!opened.value.equals(plain))
      return fail('sealingFailed', 'engineer', 'the sealed credential does not open to what was sealed');
    renameSync(part, path);
    const folder = openSync(dirname(path), 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
    return ok(undefined);
  } catch (error) {
    return fail('sealingFailed', 'engineer', `${path} cannot be written: ${String(error)}`);
  } finally {
    rmSync(part, { force: true });
  }
};
