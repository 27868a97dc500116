// Far ends by driver: every rehearsed driver's simulator, so that a new driver can be served on a tty without another table.

import type { SimulatorFactory } from '../../../devices/kit/simulator.ts';
import { findRehearsals } from '../../faults/rehearsals.ts';

/** The command line asked for something that there is not. */
export class UsageError extends Error {}

export type FarEnd = { factory: SimulatorFactory; settings: Record<string, unknown>; baudRate: number };

const usualBaudRate = 9600;

/** What there is. HID devices and drivers that find their device themselves stand on no tty. */
export const farEnds = async (): Promise<{ kind: string; name: string; isServed: boolean }[]> =>
  (await findRehearsals()).map(({ name, definition, rehearsal }) => ({
    kind: definition.kind,
    name,
    isServed: rehearsal.wire === 'stream' && definition.links.length > 0,
  }));

/** `driver` as in the registry, its first rehearsal then; or `driver/variant`. */
export const farEndOfDriver = async (kind: string, driver: string): Promise<FarEnd> => {
  const ofKind = await findRehearsals({ kind });
  const found =
    ofKind.find(({ name }) => name === driver) ?? ofKind.find(({ definition }) => definition.driver === driver);
  if (!found) {
    const known = ofKind.map(({ name }) => name).join(', ');
    throw new UsageError(`there is no driver "${driver}" of ${kind}; there are: ${known}`);
  }
  const { rehearsal, definition } = found;
  if (definition.links.length === 0) throw new UsageError(`${driver} finds its device itself, it has no wire`);
  if (rehearsal.wire === 'reports') throw new UsageError(`${driver} speaks over HID, which a tty cannot carry`);
  return {
    factory: rehearsal.simulator,
    settings: rehearsal.simulatorSettings ?? {},
    baudRate: definition.defaultBaudRate ?? usualBaudRate,
  };
};
