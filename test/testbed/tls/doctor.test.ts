// The doctor on real certificates: how long they last, and what a centre answers to one that it does not accept.

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkCentral, checkCertificate } from '../../../main/cli/doctor-central.ts';
import type { Finding } from '../../../main/cli/doctor-checks.ts';
import { startCentral } from '../central/central.ts';
import { createAuthority, hasOpenssl } from './certificates.ts';
import { startFront } from './front.ts';

const levels = (findings: readonly Finding[]): string[] => findings.map(({ topic, level }) => `${topic} ${level}`);

describe.skipIf(!hasOpenssl())('the certificate of this kiosk', () => {
  const centre = { url: 'https://centre.test', requestTimeoutMs: 2000, retry: { firstDelayMs: 100, maxDelayMs: 1000 } };
  test('says how long it lasts, warns a month before, fails when it ran out or when others read the key', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'doctor-tls-'));
    try {
      const ours = createAuthority(folder, 'ours');
      const look = async (days: number, mode = 0o600): Promise<Finding[]> => {
        const signed = ours.sign(`kiosk${days}`, { days });
        chmodSync(signed.keyFile, mode);
        return checkCertificate({ central: { ...centre, tls: { caFile: ours.caFile, ...signed } } });
      };
      expect(levels(await look(90))).toEqual(['certificate ok']);
      expect(levels(await look(20))).toEqual(['certificate warn']);
      expect(levels(await look(-2))).toEqual(['certificate fail']);
      const [open] = await look(60, 0o644);
      expect(open?.level).toBe('fail');
      expect(open?.what.en).toContain('chmod 600');
      expect(await checkCertificate({ central: centre })).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('asks the centre under it: accepted, or refused in words', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'doctor-tls-'));
    const ours = createAuthority(folder, 'ours');
    const strangers = createAuthority(folder, 'strangers');
    const central = await startCentral({ directory: join(folder, 'central') });
    const server = ours.sign('server', { host: 'DNS:localhost' });
    const front = await startFront({ server, clientCaFile: ours.caFile, target: central.url, refusal: 'page' });
    try {
      const look = (signed: ReturnType<typeof ours.sign>): Promise<Finding[]> =>
        checkCentral({ central: { ...centre, url: front.url, tls: { caFile: ours.caFile, ...signed } } });
      expect(levels(await look(ours.sign('kiosk')))).toEqual(['central ok', 'clock ok']);
      const [refused] = await look(strangers.sign('stranger'));
      expect(refused?.level).toBe('warn');
      expect(refused?.what.en).toContain('does not accept this kiosk’s certificate');
    } finally {
      await front.stop();
      await central.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
