// Every generated document: where it lies and what it holds.

import { rulesName, udevRules } from '../../devices/kit/finding/udev-rules.ts';
import { registry } from '../../devices/registry.ts';
import { findRehearsals } from '../faults/rehearsals.ts';
import { deviceMatrix } from './device-matrix.ts';

const folder = new URL('../../docs/', import.meta.url);

export type Page = { file: URL; text: string };

export const generatedPages = async (): Promise<Page[]> => {
  const rehearsed = new Map<string, string[]>();
  for (const { definition, name } of await findRehearsals())
    rehearsed.set(definition.driver, [...(rehearsed.get(definition.driver) ?? []), name]);
  return [
    { file: new URL('devices.md', folder), text: deviceMatrix(registry, rehearsed) },
    { file: new URL(`udev/${rulesName}`, folder), text: udevRules(registry) },
  ];
};
