// Other people's packages, for comparison in the same run. They bring hundreds of packages that nobody else here needs: they are fetched
// by name into folders of their own, when a benchmark asks for them and only then.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const cache = fileURLToPath(new URL('../../.cache', import.meta.url));

/** Name and exact version of each package. */
export type PeerSet = { folder: string; packages: Readonly<Record<string, string>> };

export const zwaveSet = {
  folder: 'peers',
  packages: { '@zwave-js/serial': '15.29.0' },
} as const satisfies PeerSet;

export const syncSet = {
  folder: 'sync-peers',
  packages: {
    pouchdb: '9.0.0',
    'express-pouchdb': '4.2.0',
    express: '4.22.3',
    rxdb: '17.6.0',
    // What its storage for Deno KV imports from a release of its own.
    'rxdb-old': 'npm:rxdb@17.6.0',
    rxjs: '7.8.2',
    '@deno/kv': '0.14.0',
  },
} as const satisfies PeerSet;

/** Installs what is not there yet. Answers why it could not, or nothing. */
export const fetchPeers = ({ folder, packages }: PeerSet): string | undefined => {
  const place = join(cache, folder);
  const names = Object.keys(packages);
  if (names.every((name) => existsSync(join(place, 'node_modules', name)))) return undefined;
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'package.json'), '{ "private": true }\n');
  const wanted = Object.entries(packages).map(([name, version]) => `${name}@${version}`);
  const done = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...wanted], {
    cwd: place,
    stdio: 'ignore',
  });
  return done.status === 0 ? undefined : `${names.join(', ')} could not be installed`;
};

/** Loads one of the fetched packages, or a file of it (`rxdb/plugins/storage-memory`). The caller knows its shape. */
export const loadPeer = async (set: PeerSet, specifier: string): Promise<unknown> => {
  const path = createRequire(join(cache, set.folder, 'package.json')).resolve(specifier);
  return (await import(pathToFileURL(path).href)) as unknown;
};

type ZwaveParser = { readable: ReadableStream<unknown>; writable: WritableStream<Uint8Array> };

/** A maker of Z-Wave parsers, or why there is none. */
export const zwaveParser = async (): Promise<(() => ZwaveParser) | string> => {
  const missing = fetchPeers(zwaveSet);
  if (missing !== undefined) return missing;
  const { SerialAPIParser } = (await loadPeer(zwaveSet, '@zwave-js/serial')) as {
    SerialAPIParser: new () => ZwaveParser;
  };
  return () => new SerialAPIParser();
};
