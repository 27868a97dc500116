// The line to the host: one oRPC client that outlives the sockets and ports under it.
//
//   WebSocket /rpc  ─┐
//                    ├─▶ link ─▶ client ─▶ session.view ─▶ snapshot ─▶ useView()
//   MessagePort     ─┘             └────▶ session.intent ◀─── send(intent)
//
// It reconnects for ever. While there is no host, the last view stays and calls are refused at once: an intent sent late could
// belong to the next citizen.

import { createORPCClient, DynamicLink, type ClientContext, type ClientLink } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Intent } from '../main/contract/intents.ts';
import type { KioskContract } from '../main/contract/kiosk.ts';
import type { View } from '../main/contract/view.ts';

/** Waits before the first, second and every later attempt. */
export const reconnectDelaysMs = [250, 500, 1000] as const;

export type HostClient = ContractRouterClient<KioskContract>;
export type HostSnapshot = {
  view: View | undefined;
  /** `performance.now()` when the view came, so that its clock can be kept running. */
  viewAtMs: number;
  isConnected: boolean;
};
export type Host = {
  client: HostClient;
  /** For `useView` and `useConnected`. */
  subscribe: (listener: () => void) => () => void;
  snapshot: () => HostSnapshot;
  /** Host's clock now, milliseconds. */
  nowMs: () => number;
  /** `false`: no host, or the intent did not fit the step. Never throws. */
  send: (intent: Intent) => Promise<boolean>;
  close: () => void;
};

/** One line of RPC, without a context of its own. */
export type Link = ClientLink<ClientContext>;

/** A way to the host. `opened` is called for each new link, `closed` when it ends. Returns how to stop. */
export type Transport = (on: { opened: (link: Link) => void; closed: () => void }) => () => void;

/** One WebSocket to the page's own origin; tries again after each close. */
export const socketTransport =
  (url: string): Transport =>
  (on) => {
    let attempt = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let socket: WebSocket | undefined;
    let isStopped = false;
    const connect = (): void => {
      const current = new WebSocket(url);
      socket = current;
      // The link registers its listeners now, so that nothing that comes right after `open` is missed.
      const link = new SocketLink({ websocket: current });
      current.addEventListener('open', () => {
        attempt = 0;
        on.opened(link);
      });
      current.addEventListener('close', () => {
        on.closed();
        if (isStopped) return;
        timer = setTimeout(connect, reconnectDelaysMs[Math.min(attempt, reconnectDelaysMs.length - 1)]);
        attempt += 1;
      });
    };
    connect();
    return () => {
      isStopped = true;
      clearTimeout(timer);
      socket?.close();
    };
  };

/** Electron: the preload posts a port for each host that it starts; a port that closes waits for the next one. */
export const portTransport =
  (target: Window): Transport =>
  (on) => {
    let current: MessagePort | undefined;
    const receive = (event: MessageEvent<unknown>): void => {
      const data = event.data as { type?: unknown } | null;
      const port = event.ports[0];
      if (event.source !== target || data?.type !== 'hall-kiosk-port' || port === undefined) return;
      current?.close();
      current = port;
      port.addEventListener('close', () => {
        if (current !== port) return;
        current = undefined;
        on.closed();
      });
      const link = new PortLink({ port });
      port.start();
      on.opened(link);
    };
    target.addEventListener('message', receive);
    return () => {
      target.removeEventListener('message', receive);
      current?.close();
    };
  };

const defaultTransport = (): Transport =>
  window.hallKiosk?.shell === 'electron'
    ? portTransport(window)
    : socketTransport(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/rpc`);

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Opens the line and keeps it open. One per page. */
export const createHost = (transport: Transport = defaultTransport()): Host => {
  let snapshot: HostSnapshot = { view: undefined, viewAtMs: 0, isConnected: false };
  let link: Link | undefined;
  let isClosed = false;
  const listeners = new Set<() => void>();
  const subscribe = (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const update = (change: Partial<HostSnapshot>): void => {
    snapshot = { ...snapshot, ...change };
    for (const listener of listeners) listener();
  };

  const client: HostClient = createORPCClient(
    new DynamicLink(() => {
      if (link === undefined) throw new Error('no host');
      return link;
    }),
  );

  /** Follows the view on one link until that link ends; a stream that ends early on a live link is asked for again. */
  const follow = async (current: Link): Promise<void> => {
    for (let attempt = 0; link === current && !isClosed; attempt += 1) {
      try {
        for await (const view of await client.session.view()) {
          if (link !== current) return;
          attempt = 0;
          update({ view, viewAtMs: performance.now(), isConnected: true });
        }
      } catch (error) {
        if (link === current) console.warn('the view stopped', error);
      }
      if (link !== current) return;
      update({ isConnected: false });
      await wait(reconnectDelaysMs[Math.min(attempt, reconnectDelaysMs.length - 1)] ?? 1000);
    }
  };

  const stop = transport({
    opened: (next) => {
      link = next;
      void follow(next);
    },
    closed: () => {
      link = undefined;
      update({ isConnected: false });
    },
  });

  return {
    client,
    subscribe,
    snapshot: () => snapshot,
    nowMs: () => (snapshot.view?.nowMs ?? Date.now()) + (snapshot.view ? performance.now() - snapshot.viewAtMs : 0),
    send: async (intent) => {
      try {
        return (await client.session.intent({ intent, revision: snapshot.view?.revision ?? 0 })).accepted;
      } catch (error) {
        if (link !== undefined) console.warn('the intent was not taken', intent.type, error);
        return false;
      }
    },
    close: () => {
      isClosed = true;
      link = undefined;
      stop();
    },
  };
};

export const HostContext = createContext<Host | undefined>(undefined);

/** The host, from any component under `HostContext`. */
export const useHost = (): Host => {
  const host = useContext(HostContext);
  if (host === undefined) throw new Error('useHost stands outside HostContext');
  return host;
};

/** The last view; undefined until the first one comes. */
export const useView = (): View | undefined => {
  const host = useHost();
  return useSyncExternalStore(host.subscribe, () => host.snapshot().view);
};

/** Whether what is shown is live. */
export const useConnected = (): boolean => {
  const host = useHost();
  return useSyncExternalStore(host.subscribe, () => host.snapshot().isConnected);
};
