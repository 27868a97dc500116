// After a night without a network: how fast a full outbox goes to the centre over HTTP, beside two packages that replicate documents, with
// the same 10,000 documents, each side in a process of its own and flushed to the disk. Who does what: sync-peers/.

import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { figure, median, type Figure } from './figure.ts';
import { fetchPeers, syncSet } from './peers.ts';
import type { SideMessage } from './sync-peers/side.ts';

const documents = 10_000;
const rounds = 3;
const names = ['ours', 'bare', 'pouchdb', 'rxdb', 'rxdbInMemory'] as const;
type Name = (typeof names)[number];

const sideFile = new URL('./sync-peers/side.ts', import.meta.url).pathname;

type Side = {
  child: ChildProcess;
  wait<T extends SideMessage['type']>(type: T): Promise<Extract<SideMessage, { type: T }>>;
};

const startSide = (args: readonly string[]): Side => {
  const child = fork(sideFile, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  return {
    child,
    wait: (type) =>
      new Promise((resolve, reject) => {
        const look = (message: SideMessage): void => {
          if (message.type === 'failed') reject(new Error(message.message));
          else if (message.type === type) resolve(message as Extract<SideMessage, { type: typeof type }>);
        };
        child.on('message', look);
        child.once('exit', (code) => reject(new Error(`a side ended with ${String(code)}`)));
      }),
  };
};

const end = async ({ child }: Side): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
};

/** Documents a second, from the start of the sending until the sender knows that the last one is safe. */
const drainOnce = async (peer: Name): Promise<number> => {
  const folder = mkdtempSync(join(tmpdir(), 'hall-kiosk-bench-'));
  const server = startSide(['--peer', peer, '--side', 'server', '--folder', folder]);
  let kiosk: Side | undefined;
  try {
    const { url } = await server.wait('serving');
    kiosk = startSide(['--peer', peer, '--side', 'kiosk', '--folder', folder, '--url', url, '--count', `${documents}`]);
    await kiosk.wait('filled');
    const drained = kiosk.wait('drained');
    kiosk.child.send('drain');
    const { seconds } = await drained;
    const counted = server.wait('counted');
    server.child.send('count');
    const { count } = await counted;
    if (count !== documents) throw new Error(`${peer}: ${count} of ${documents} arrived`);
    return documents / seconds;
  } finally {
    if (kiosk) await end(kiosk);
    await end(server);
    rmSync(folder, { recursive: true, force: true });
  }
};

const words: Record<Name, string> = {
  ours: 'sealed rows, signed receipts checked',
  bare: 'SQLite to SQLite with nothing kept but the rows, flushed: what the machine gives at most, no peer',
  pouchdb: `PouchDB ${syncSet.packages.pouchdb} to express-pouchdb ${syncSet.packages['express-pouchdb']}, LevelDB with sync on both sides`,
  rxdb: `RxDB ${syncSet.packages.rxdb} to RxDB over HTTP, Deno KV ${syncSet.packages['@deno/kv']} (SQLite, flushed) on both sides`,
  rxdbInMemory:
    'the same in memory with a flushed journal that nothing reads back: a bound, not a peer of equal durability',
};
const figureNames: Record<Name, string> = {
  ours: 'outboxDrain',
  bare: 'drain bare SQLite',
  pouchdb: 'drain PouchDB',
  rxdb: 'drain RxDB',
  rxdbInMemory: 'drain RxDB in memory',
};
const needsNoPackages: ReadonlySet<Name> = new Set(['ours', 'bare']);
/** What survives a power cut on both sides, as ours does. */
const durablePeers = ['pouchdb', 'rxdb'] as const;

export const measureDrain = async (): Promise<Figure[]> => {
  const missing = fetchPeers(syncSet);
  const rates: Record<Name, number[]> = { ours: [], bare: [], pouchdb: [], rxdb: [], rxdbInMemory: [] };
  const troubles: Partial<Record<Name, string>> = {};
  for (let round = 0; round < rounds; round += 1)
    for (const name of names) {
      if (troubles[name] !== undefined) continue;
      if (!needsNoPackages.has(name) && missing !== undefined) troubles[name] = missing;
      else
        await drainOnce(name).then(
          (rate) => rates[name].push(rate),
          (error: unknown) => (troubles[name] = error instanceof Error ? error.message : String(error)),
        );
    }
  const figures = names.map((name): Figure => {
    const note = `${documents} documents, ${rounds} rounds: ${words[name]}`;
    return rates[name].length === 0
      ? { name: figureNames[name], value: null, unit: '', target: null, met: null, note: troubles[name] ?? note }
      : figure(figureNames[name], median(rates[name]), 'events/s', { note });
  });
  const peers = durablePeers.map((name) => rates[name]).filter((of) => of.length > 0);
  if (rates.ours.length === 0 || peers.length === 0) return figures;
  const best = Math.max(...peers.map(median));
  return [
    ...figures,
    figure('drainOverFasterPeer', median(rates.ours) / best, 'x', {
      atLeast: 5,
      note: 'the faster one of equal durability; medians of the same rounds',
    }),
  ];
};
