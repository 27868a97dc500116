// Finds the rehearsals of all drivers by file name, so that a new driver is covered by every campaign without being listed anywhere.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { DriverDefinition } from '../../devices/kit/device.ts';
import type { Rehearsal } from '../../devices/kit/rehearsal.ts';
import { registry } from '../../devices/registry.ts';

export type Rehearsed = {
  /** `driver` or `driver/variant`. */
  name: string;
  rehearsal: Rehearsal;
  definition: DriverDefinition;
};

const devices = fileURLToPath(new URL('../../devices', import.meta.url));

/** Files whose `rehearsals` are taken, in a stable order. The contract of that name in the kit exports none. */
export const rehearsalFiles = (): string[] =>
  readdirSync(devices, { recursive: true, encoding: 'utf8' })
    .filter((path) => /(^|[/.])rehearsal\.ts$/.test(path) && !path.startsWith('kit'))
    .sort()
    .map((path) => join(devices, path));

export const nameOf = ({ driver, variant }: Rehearsal): string =>
  variant === undefined ? driver : `${driver}/${variant}`;

const readAll = async (): Promise<Rehearsal[]> => {
  const all: Rehearsal[] = [];
  for (const file of rehearsalFiles())
    all.push(...((await import(pathToFileURL(file).href)) as { rehearsals: readonly Rehearsal[] }).rehearsals);
  return all;
};

/** Names of rehearsals whose driver is not in the registry: there should be none. */
export const unregistered = async (): Promise<string[]> =>
  (await readAll()).filter(({ driver }) => !registry.some((known) => known.driver === driver)).map(nameOf);

/** Every rehearsal of a registered driver, with that driver. A name that comes twice is an error. */
export const findRehearsals = async (wanted: { kind?: string; driver?: string } = {}): Promise<Rehearsed[]> => {
  const found: Rehearsed[] = [];
  for (const rehearsal of await readAll()) {
    const definition = registry.find(({ driver }) => driver === rehearsal.driver);
    if (!definition) continue;
    const name = nameOf(rehearsal);
    if (found.some((other) => other.name === name)) throw new Error(`two rehearsals are called ${name}`);
    found.push({ name, rehearsal, definition });
  }
  return found.filter(
    ({ definition }) =>
      (wanted.kind === undefined || wanted.kind === 'all' || definition.kind === wanted.kind) &&
      (wanted.driver === undefined || definition.driver === wanted.driver),
  );
};
