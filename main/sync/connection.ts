// The sender's own connections: undici over TLS with the kiosk's certificate where one is configured. Files that were renewed are
// taken up at the next request; renewed ones that are broken are not, as long as the old ones are there.

import { Agent, fetch as undiciFetch } from 'undici';
import { systemClock, type Clock } from '../../devices/kit/clock.ts';
import type { Fetch } from './exchange.ts';
import { connectOptions, loadTls, stampOf, TlsError, tlsFaultOf, type Certificate, type TlsFiles } from './tls.ts';

export type Connection = {
  fetch: Fetch;
  /** The kiosk's own certificate, as loaded. */
  certificate(): Certificate | undefined;
  close(): Promise<void>;
};

const limits = { connections: 4, keepAliveTimeout: 10_000 } as const;

/** Node's own fetch would do, but undici's lets the sender own its sockets and close them when it stops. */
export const createFetch = (tls?: TlsFiles, clock: Clock = systemClock): Connection => {
  let agent = tls ? undefined : new Agent(limits);
  let stamp: string | undefined;
  let certificate: Certificate | undefined;
  const retired = new Set<Agent>();

  const renew = (files: TlsFiles): void => {
    const now = stampOf(files);
    if (now === stamp) return;
    const loaded = loadTls(files);
    if (!loaded.ok) {
      if (agent) return;
      throw new TlsError('tlsNotReady', loaded.error.message);
    }
    stamp = now;
    ({ certificate } = loaded.value);
    const old = agent;
    agent = new Agent({ ...limits, connect: connectOptions(loaded.value) });
    if (!old) return;
    // What is on its way ends under the old certificate.
    retired.add(old);
    old.close().then(
      () => retired.delete(old),
      () => retired.delete(old),
    );
  };

  return {
    async fetch(url, init) {
      if (tls) {
        renew(tls);
        if (!url.startsWith('https:')) throw new TlsError('tlsFailed', 'only https may be used with a certificate');
      }
      try {
        return await undiciFetch(url, { ...init, ...(agent ? { dispatcher: agent } : {}) });
      } catch (error) {
        throw tlsFaultOf(error, certificate, clock.now()) ?? error;
      }
    },
    certificate() {
      try {
        if (tls) renew(tls);
      } catch (error) {
        // Said by the next request, too.
        if (!(error instanceof TlsError)) throw error;
      }
      return certificate;
    },
    async close() {
      await Promise.all([...(agent ? [agent] : []), ...retired].map((one) => one.destroy()));
    },
  };
};
