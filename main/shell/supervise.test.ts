import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../devices/kit/clock.ts';
import type { ToHost } from '../contract/supervision.ts';
import { ended, restartDelaysMs, stableMs } from './restart.ts';
import { silentHostMs, supervise, type HostProcess, type KioskWindow } from './supervise.ts';

type FakeHost = HostProcess & {
  sent: ToHost[];
  say(message: unknown): void;
  exit(code: number | null): void;
  isKilled: boolean;
};

const createFakeHost = (): FakeHost => {
  const listeners: ((message: unknown) => void)[] = [];
  const exits: ((code: number | null) => void)[] = [];
  const host: FakeHost = {
    sent: [],
    isKilled: false,
    send(message) {
      host.sent.push(message);
      if (message.type === 'admit') host.say({ type: 'admitted', token: message.token });
      if (message.type === 'stop') host.exit(0);
    },
    onMessage: (listener) => void listeners.push(listener),
    onExit: (listener) => void exits.push(listener),
    kill() {
      host.isKilled = true;
      host.exit(null);
    },
    say: (message) => listeners.forEach((listener) => listener(message)),
    exit: (code) => exits.forEach((listener) => listener(code)),
  };
  return host;
};

const begin = () => {
  const clock = createFakeClock();
  const hosts: FakeHost[] = [];
  const windows: { url: string; close(reason: string): void }[] = [];
  const hopeless: string[] = [];
  const supervision = supervise({
    clock,
    port: 0,
    startHost() {
      const host = createFakeHost();
      hosts.push(host);
      return host;
    },
    async openWindow(url): Promise<KioskWindow> {
      const listeners: ((reason: string) => void)[] = [];
      windows.push({ url, close: (reason) => listeners.forEach((listener) => listener(reason)) });
      return { onClosed: (listener) => void listeners.push(listener), close: async () => undefined };
    },
    log: () => undefined,
    onCannotStart: (code) => void hopeless.push(code),
  });
  const ready = async (host: FakeHost): Promise<void> => {
    host.say({ type: 'ready', origin: 'http://127.0.0.1:4000', port: 4000 });
    await clock.advance(0);
  };
  const host = (index: number): FakeHost => {
    const found = hosts[index];
    if (!found) throw new Error(`host ${index} was not started`);
    return found;
  };
  return { clock, supervision, hosts, host, windows, ready, hopeless };
};

describe('supervision', () => {
  it('opens the window with a token that the host knows, a new one each time', async () => {
    const { host, windows, ready, clock } = begin();
    await ready(host(0));
    expect(windows).toHaveLength(1);
    const [admit] = host(0).sent.filter((message) => message.type === 'admit');
    expect(windows[0]?.url).toBe(`http://127.0.0.1:4000/enter?token=${admit?.type === 'admit' ? admit.token : ''}`);
    windows[0]?.close('crashed');
    await clock.advance(1000);
    expect(windows).toHaveLength(2);
    expect(windows[1]?.url).not.toBe(windows[0]?.url);
  });

  it('gives a restarted host the running session, its port and the same credential', async () => {
    const { host, clock, ready } = begin();
    await ready(host(0));
    host(0).say({ type: 'sessionBegan', sessionId: 's1', keyBase64: 'a2V5' });
    host(0).exit(null);
    await clock.advance(1000);
    const [first] = host(0).sent;
    const [again] = host(1).sent;
    expect(again).toMatchObject({ type: 'begin', port: 4000, session: { sessionId: 's1', keyBase64: 'a2V5' } });
    expect(again?.type === 'begin' && again.credential).toBe(first?.type === 'begin' && first.credential);
  });

  it('forgets the key when the session ended', async () => {
    const { host, clock, ready } = begin();
    await ready(host(0));
    host(0).say({ type: 'sessionBegan', sessionId: 's1', keyBase64: 'a2V5' });
    host(0).say({ type: 'sessionEnded', sessionId: 's1' });
    host(0).exit(1);
    await clock.advance(1000);
    expect(host(1).sent[0]).not.toHaveProperty('session');
  });

  it('kills a host that has gone silent and starts another', async () => {
    const { host, hosts, clock, ready } = begin();
    await ready(host(0));
    await clock.advance(silentHostMs - 1000);
    host(0).say({ type: 'alive', rssBytes: 1 });
    await clock.advance(silentHostMs - 1000);
    expect(host(0).isKilled).toBe(false);
    await clock.advance(2000);
    expect(host(0).isKilled).toBe(true);
    await clock.advance(1000);
    expect(hosts).toHaveLength(2);
  });

  it('does not start a host again that says it cannot', async () => {
    const { host, hosts, clock, hopeless } = begin();
    host(0).say({ type: 'cannotStart', code: 'configInvalid', message: 'no' });
    host(0).exit(1);
    await clock.advance(120_000);
    expect(hopeless).toEqual(['configInvalid']);
    expect(hosts).toHaveLength(1);
  });

  it('ignores messages that are not of the contract', async () => {
    const { host, windows, clock } = begin();
    host(0).say({ type: 'ready', origin: 7 });
    host(0).say('rubbish');
    await clock.advance(100);
    expect(windows).toHaveLength(0);
  });
});

describe('restarts', () => {
  it('never gives up, and settles at one a minute', () => {
    let state = { failures: 0, startedAtMs: 0 };
    let now = 0;
    const delays: number[] = [];
    for (let round = 0; round < 100; round++) {
      const next = ended({ ...state, startedAtMs: now }, now + 100);
      delays.push(next.delayMs);
      ({ state } = next);
      now += 100 + next.delayMs;
    }
    expect(delays.slice(0, restartDelaysMs.length)).toEqual([...restartDelaysMs]);
    expect(delays.slice(restartDelaysMs.length).every((delay) => delay === 60_000)).toBe(true);
  });

  it('forgives after a minute of good work', () => {
    const { delayMs } = ended({ failures: 9, startedAtMs: 0 }, stableMs);
    expect(delayMs).toBe(restartDelaysMs[0]);
  });
});
