// Certificates for tests, made by the openssl command while the test runs: two authorities, servers, kiosks, some of them run out.

import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type Signed = { certFile: string; keyFile: string };
export type Authority = {
  caFile: string;
  /** `days`: how long it is valid from now; below zero it ran out so long ago. */
  sign(name: string, options?: { days?: number; host?: string; key?: string }): Signed;
};

export const hasOpenssl = (): boolean => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

const dayMs = 86_400_000;
/** As openssl writes a moment: `20261122000000Z`. */
const stamp = (atMs: number): string => `${new Date(atMs).toISOString().replaceAll(/[-:T]|\.\d+Z$/g, '')}Z`;

export const createAuthority = (folder: string, name: string): Authority => {
  const run = (...args: string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const at = (file: string): string => join(folder, file);
  const newKey = (file: string): void => {
    run('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', file);
    chmodSync(at(file), 0o600);
  };
  newKey(`${name}.key`);
  run('req', '-x509', '-new', '-key', `${name}.key`, '-out', `${name}.pem`, '-days', '30', '-subj', `/CN=${name}`);
  writeFileSync(at(`${name}.index`), '');
  writeFileSync(at(`${name}.serial`), '01\n');
  writeFileSync(
    at(`${name}.cnf`),
    [
      '[ca]',
      'default_ca = own',
      '[own]',
      `database = ${name}.index`,
      `serial = ${name}.serial`,
      'new_certs_dir = .',
      `certificate = ${name}.pem`,
      `private_key = ${name}.key`,
      'default_md = sha256',
      'policy = any',
      'unique_subject = no',
      'copy_extensions = copy',
      '[any]',
      'commonName = supplied',
      '',
    ].join('\n'),
  );
  return {
    caFile: at(`${name}.pem`),
    sign(subject, { days = 30, host, key = `${name}-${subject}.key` } = {}) {
      const file = `${name}-${subject}`;
      newKey(key);
      const alternative = host === undefined ? [] : ['-addext', `subjectAltName=${host}`];
      run('req', '-new', '-key', key, '-out', `${file}.csr`, '-subj', `/CN=${subject}`, ...alternative);
      const now = Date.now();
      const endMs = now + days * dayMs;
      const beginMs = Math.min(now, endMs) - dayMs;
      const dates = ['-startdate', stamp(beginMs), '-enddate', stamp(endMs)];
      const files = ['-in', `${file}.csr`, '-out', `${file}.pem`];
      run('ca', '-batch', '-notext', '-config', `${name}.cnf`, ...dates, ...files);
      return { certFile: at(`${file}.pem`), keyFile: at(key) };
    },
  };
};
