// The machine's ports for the consoles: looked at while somebody watches, and asked who is there when a technician wants to know.
//
//   listPorts ─▶ usesOf(devices) ─▶ list() for the view          identify(port) ─▶ progress … result

import { createIdentifier, type IdentifyResult, type Suggestion } from '../../devices/kit/finding/identify.ts';
import { listPorts, resolvePath } from '../../devices/kit/finding/list-ports.ts';
import {
  linkName,
  portTitle,
  stableName,
  usesOf,
  type FoundPort,
  type PortUse,
} from '../../devices/kit/finding/ports.ts';
import { fail, ok, type Result } from '../../devices/kit/result.ts';
import { commonFaults, faultOfOpenFailure } from '../../devices/kit/status.ts';
import type { LinkConfig, Transport } from '../../devices/kit/transport.ts';
import type { ConsolePort, IdentifyEvent, PortIdentity, PortSuggestion } from '../contract/console.ts';
import type { Kiosk } from '../host/kiosk.ts';
import { transportOf } from '../host/transport-of.ts';
import { faultView } from '../host/world.ts';

/** Enumerating the HID bus costs something: not with every view. */
export const lookEveryMs = 10_000;

export type PortSources = {
  list(): Promise<FoundPort[]>;
  resolve(path: string): string | undefined;
  transportOf(link: LinkConfig, defaultBaudRate: number): Transport;
};

const systemSources: PortSources = { list: listPorts, resolve: resolvePath, transportOf };

const consolePort = (use: PortUse): ConsolePort | undefined => {
  if (use.state === 'missing') {
    const { link, device, state } = use;
    return link.type === 'tcp' ? undefined : { state, type: link.type, path: linkName(link), assignedTo: device };
  }
  const identity = portTitle(use.port);
  return {
    state: use.state,
    type: use.port.type,
    path: stableName(use.port),
    ...(identity === undefined ? {} : { identity }),
    ...(use.state === 'assigned' ? { assignedTo: use.device } : {}),
  };
};

const suggestionOf = ({ driver, kind, title, link }: Suggestion): PortSuggestion => ({
  driver,
  kind,
  title,
  link: linkName(link),
  ...(link.type === 'serial' && link.baudRate !== undefined ? { baudRate: link.baudRate } : {}),
});

const portIdentity = (result: IdentifyResult): PortIdentity => {
  switch (result.outcome) {
    case 'recognised':
    case 'named': {
      const model = result.outcome === 'named' ? result.model : result.identity.model;
      return {
        outcome: result.outcome,
        confidence: result.confidence,
        ...(model === undefined ? {} : { model }),
        suggestions: result.suggestions.map(suggestionOf),
      };
    }
    case 'cannotOpen':
      return { outcome: 'cannotOpen', fault: faultView(faultOfOpenFailure(result.reason).code, commonFaults) };
    case 'unknown':
      return result;
    case 'gone':
    case 'canceled':
    case 'assigned':
      return { outcome: result.outcome };
    default:
      return result satisfies never;
  }
};

export const createPorts = (kiosk: Kiosk, sources: PortSources = systemSources) => {
  const identifier = createIdentifier();
  const watchers = new Set<() => void>();
  let uses: readonly PortUse[] = [];
  let stopLooking: (() => void) | undefined;

  const refresh = async (): Promise<void> => {
    const devices = kiosk.devices.all().map(({ config }) => ({ id: config.id, link: config.link }));
    uses = usesOf(await sources.list(), devices, sources.resolve);
    for (const show of watchers) show();
  };

  const look = (): void => {
    void refresh().catch(() => undefined);
    stopLooking = kiosk.clock.after(lookEveryMs, look);
  };

  return {
    list: (): ConsolePort[] => uses.flatMap((use) => consolePort(use) ?? []),
    refresh,
    /** Looks at once and again and again until the last watcher leaves. */
    watch(show: () => void): () => void {
      watchers.add(show);
      if (watchers.size === 1) look();
      return () => {
        watchers.delete(show);
        if (watchers.size === 0) stopLooking?.();
      };
    },
    /** The port of that name, if it is there and nobody has it. Looks afresh: a list may be seconds old. */
    async unassigned(path: string): Promise<Result<FoundPort, 'notFound' | 'portAssigned'>> {
      await refresh();
      const found = uses.find((use) => use.state !== 'missing' && stableName(use.port) === path);
      if (!found || found.state === 'missing') return fail('notFound', 'hall', 'there is no such port now');
      if (found.state === 'assigned') return fail('portAssigned', 'system', `device ${found.device} has this port`);
      return ok(found.port);
    },
    /** Ends with one result. Leaving it, or `signal`, ends the asking before the next question. */
    async *identify(port: FoundPort, signal?: AbortSignal): AsyncGenerator<IdentifyEvent> {
      const stop = new AbortController();
      const events: IdentifyEvent[] = [];
      let wake: () => void = () => undefined;
      const emit = (event: IdentifyEvent): void => {
        events.push(event);
        wake();
      };
      const assigned = uses.flatMap((use) => (use.state === 'assigned' ? [use.port] : []));
      const running = identifier(port, {
        drivers: kiosk.drivers,
        assigned,
        transportOf: sources.transportOf,
        clock: kiosk.clock,
        signal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal,
        onProgress: ({ step, of, title, baudRate }) =>
          emit({
            type: 'progress',
            step,
            of,
            ...(title ? { title } : {}),
            ...(baudRate === undefined ? {} : { baudRate }),
          }),
      }).then((result) =>
        // Undefined: another console is asking it just now.
        emit({ type: 'result', result: result ? portIdentity(result) : { outcome: 'assigned' } }),
      );
      try {
        for (;;) {
          const event = events.shift();
          if (event) {
            yield event;
            if (event.type === 'result') return;
            continue;
          }
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      } finally {
        stop.abort();
        await running;
      }
    },
  };
};
