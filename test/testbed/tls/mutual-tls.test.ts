// The sender and the reference server with a real TLS server between them that asks for certificates. Each way in which the two can
// fail to agree has a name of its own, and nothing is lost while they do not.

import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../devices/kit/clock.ts';
import type { Store } from '../../../main/store/open.ts';
import { createPlace, page, rating, submission, valueOf, type Place } from '../../../main/store/store-fixture.ts';
import { failureView } from '../../../main/sync/failure-words.ts';
import { startSender, type Sender } from '../../../main/sync/sender.ts';
import { keyHashOf, loadTls, type TlsFiles } from '../../../main/sync/tls.ts';
import { startCentral, type Central } from '../central/central.ts';
import { isEmpty, until } from '../sender-waits.ts';
import { createAuthority, hasOpenssl, type Authority, type Signed } from './certificates.ts';
import { startFront, type Front, type FrontOptions } from './front.ts';

const kioskId = 'ezhou-hall-01';
const kioskKey = 'a-key-for-tests-only';

describe.skipIf(!hasOpenssl())('mutual TLS', () => {
  let shared: Place & Disposable;
  let place: Place & Disposable;
  let ours: Authority;
  let strangers: Authority;
  let server: Signed;
  let kiosk: Signed;
  let central: Central;
  let store: Store;
  const fronts: Front[] = [];
  const senders: Sender[] = [];
  const children: ChildProcess[] = [];

  beforeAll(() => {
    shared = createPlace();
    ours = createAuthority(shared.folder, 'ours');
    strangers = createAuthority(shared.folder, 'strangers');
    server = ours.sign('server', { host: 'DNS:localhost' });
    kiosk = ours.sign(kioskId);
  });
  afterAll(() => shared[Symbol.dispose]());

  beforeEach(async () => {
    place = createPlace();
    central = await startCentral({ directory: join(place.folder, 'central'), kioskKeys: { [kioskId]: kioskKey } });
    store = valueOf(place.open({ clock: systemClock }));
  });
  afterEach(async () => {
    for (const sender of senders.splice(0)) await sender.stop();
    for (const front of fronts.splice(0)) await front.stop();
    for (const child of children.splice(0)) child.kill();
    await central.stop();
    place[Symbol.dispose]();
  });

  const front = async (options: Partial<FrontOptions> = {}): Promise<Front> => {
    const started = await startFront({ server, clientCaFile: ours.caFile, target: central.url, ...options });
    fronts.push(started);
    return started;
  };
  const start = (url: string, tls: Partial<TlsFiles> = {}): Sender => {
    const sender = startSender({
      store,
      central: {
        url,
        kioskKey,
        requestTimeoutMs: 5000,
        firstDelayMs: 10,
        maxDelayMs: 50,
        tls: { caFile: ours.caFile, ...kiosk, ...tls },
      },
      kioskId,
      clock: systemClock,
      log: () => undefined,
    });
    senders.push(sender);
    return sender;
  };
  const failureOf = async (url: string, tls: Partial<TlsFiles> = {}): Promise<string | undefined> => {
    valueOf(store.enqueue('rating.given', rating()));
    const sender = start(url, tls);
    await until(sender, ({ lastFailure }) => lastFailure !== undefined);
    expect(store.depth()).toBe(1);
    return sender.lastFailure()?.code;
  };

  it('brings a case with its scan and its events to the centre, all of it under the kiosk’s certificate', async () => {
    const { url, names } = await front();
    const given = submission([page(900_000)], { at: Date.now() });
    valueOf(store.submitCase(given));
    valueOf(store.enqueue('rating.given', rating({ caseId: given.caseId }), { bind: { caseId: given.caseId } }));
    const pinSha256 = keyHashOf(readFileSync(server.certFile));
    const sender = start(url, { pinSha256 });
    await until(sender, isEmpty);
    expect(await central.counts()).toMatchObject({ events: 2, cases: 1, uploads: 2, bytes: 900_200 });
    // Health, known scans, two uploads of which one in chunks, two batches.
    expect(names.length).toBeGreaterThanOrEqual(8);
    expect(new Set(names)).toEqual(new Set([kioskId]));
    const days = ((sender.certificate()?.expiresAtMs ?? 0) - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(30);
  });

  it.each<[string, string, (name: string) => Promise<string | undefined>]>([
    [
      'a centre that another authority signed',
      'serverNotTrusted',
      async () => failureOf((await front({ server: strangers.sign('false-server', { host: 'DNS:localhost' }) })).url),
    ],
    [
      'a centre whose certificate has run out',
      'serverCertificateExpired',
      async () =>
        failureOf((await front({ server: ours.sign('old-server', { host: 'DNS:localhost', days: -3 }) })).url),
    ],
    [
      'a centre under another name',
      'serverNameMismatch',
      async () => failureOf((await front({ server: ours.sign('other', { host: 'DNS:other.test' }) })).url),
    ],
    [
      'a centre with another key than the pinned one, signed by the right authority',
      'serverKeyNotPinned',
      async () => {
        const { certFile } = ours.sign('second-server', { host: 'DNS:localhost' });
        return failureOf((await front()).url, { pinSha256: keyHashOf(readFileSync(certFile)) });
      },
    ],
    [
      'a kiosk whose certificate has run out, at a centre that closes without a word',
      'clientCertificateExpired',
      async () => failureOf((await front()).url, ours.sign('old-kiosk', { days: -2 })),
    ],
    [
      'a kiosk of strangers, at a centre that answers with a page',
      'clientCertificateRefused',
      async () => failureOf((await front({ refusal: 'page' })).url, strangers.sign('strange-kiosk')),
    ],
    ['a centre that speaks plain HTTP', 'tlsFailed', () => failureOf(central.url.replace('http:', 'https:'))],
    ['an address without TLS', 'tlsFailed', () => failureOf(central.url)],
  ])('%s: %s, in words, and the row stays', async (name, code, act) => {
    expect(await act(name)).toBe(code);
    const view = failureView(code as Parameters<typeof failureView>[0]);
    expect(view).toMatchObject({ who: 'engineer' });
    expect((await central.counts()).events).toBe(0);
  });

  // TLS 1.2: in 1.3 the alert comes after the handshake and may be lost with the connection.
  it('alerts of a server that checks certificates in the handshake say which end is wrong', async () => {
    const strange = strangers.sign('strange-kiosk-2');
    const old = ours.sign('old-kiosk-2', { days: -2 });
    const files = ['-cert', server.certFile, '-key', server.keyFile, '-CAfile', ours.caFile];
    const child = spawn(
      'openssl',
      ['s_server', '-accept', '127.0.0.1:0', '-Verify', '1', '-verify_return_error', '-tls1_2', '-www', ...files],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    children.push(child);
    const port = await new Promise<string>((resolve) => {
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        const found = /ACCEPT \S*?:(\d+)/.exec(said)?.[1];
        if (found) resolve(found);
      });
    });
    const url = `https://localhost:${port}`;
    expect(await failureOf(url, strange)).toBe('clientCertificateRefused');
    await senders.pop()?.stop();
    const sender = start(url, old);
    await until(sender, ({ lastFailure }) => lastFailure?.code === 'clientCertificateExpired');
    expect(store.depth()).toBe(1);
  });

  it('files that cannot be used are named before anything goes out', async () => {
    const folder = join(place.folder, 'files');
    mkdirSync(folder);
    const keyFile = join(folder, 'open.key');
    copyFileSync(kiosk.keyFile, keyFile);
    chmodSync(keyFile, 0o644);
    const reasonOf = (files: Partial<TlsFiles>): string => {
      const loaded = loadTls({ caFile: ours.caFile, ...kiosk, ...files });
      return loaded.ok ? 'ok' : loaded.error.message;
    };
    expect(reasonOf({})).toBe('ok');
    expect(reasonOf({ keyFile })).toContain('chmod 600');
    expect(reasonOf({ certFile: server.certFile })).toContain('does not belong');
    expect(reasonOf({ caFile: join(folder, 'none.pem') })).toContain('ENOENT');
    const { url, names } = await front();
    expect(await failureOf(url, { keyFile })).toBe('tlsNotReady');
    expect(names).toEqual([]);
  });

  it('a certificate that is renewed while the kiosk runs is used without a restart; a broken one is not', async () => {
    const certFile = join(place.folder, 'kiosk.pem');
    const keyFile = join(place.folder, 'kiosk.key');
    const install = (signed: Signed): void => {
      copyFileSync(signed.keyFile, keyFile);
      copyFileSync(signed.certFile, certFile);
    };
    install(kiosk);
    const { url, names } = await front();
    const sender = start(url, { certFile, keyFile });
    const send = async (): Promise<string | undefined> => {
      valueOf(store.enqueue('rating.given', rating()));
      sender.wake();
      await until(sender, isEmpty);
      return names.at(-1);
    };
    expect(await send()).toBe(kioskId);
    copyFileSync(strangers.caFile, certFile);
    expect(await send()).toBe(kioskId);
    install(ours.sign('renewed'));
    expect(await send()).toBe('renewed');
    expect(sender.certificate()?.subject).toBe('CN=renewed');
  });
});
