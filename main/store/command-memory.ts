// Answers of device commands that must not happen twice: a ticket, an opened cell. `begin` is on disk before the device hears of
// it; a row without a result after a restart means that nobody knows the outcome, and the command is not done again.

import type { CommandMemory } from '../../devices/kit/device.ts';
import { ok, type Result } from '../../devices/kit/result.ts';
import type { StoreContext } from './database.ts';
import { parsedOr } from './canonical.ts';
import type { StorageCode } from './failure.ts';
import type { Quarantine } from './quarantine.ts';

export type Commands = {
  commandMemory: CommandMemory;
  /** Forgets commands begun before that moment. */
  pruneCommands(beforeMs: number): Result<number, StorageCode>;
};

export const createCommands = (
  { db, clock, transact }: StoreContext,
  reportDamage: Quarantine['reportDamage'],
): Commands => {
  const find = db.prepare<[string, string], { result: string | null }>(
    'SELECT result FROM device_commands WHERE device_id = ? AND command_id = ?',
  );
  const insert = db.prepare<[string, string, number]>(
    'INSERT OR IGNORE INTO device_commands (device_id, command_id, at_ms) VALUES (?, ?, ?)',
  );
  const complete = db.prepare<[string, string, string, number]>(
    `INSERT INTO device_commands (device_id, command_id, result, at_ms) VALUES (?, ?, ?, ?)
     ON CONFLICT (device_id, command_id) DO UPDATE SET result = excluded.result`,
  );
  const prune = db.prepare<[number]>('DELETE FROM device_commands WHERE at_ms < ?');
  return {
    commandMemory: {
      get(deviceId, commandId) {
        const row = find.get(deviceId, commandId);
        if (!row) return undefined;
        if (row.result === null) return 'begun';
        // An answer that cannot be read is an answer that nobody knows.
        return parsedOr<Result<unknown> | 'begun'>(row.result, () => {
          reportDamage({ where: `command ${deviceId} ${commandId}`, reason: 'its answer is no JSON' });
          return 'begun';
        });
      },
      begin(deviceId, commandId) {
        const begun = transact(() => {
          insert.run(deviceId, commandId, clock.now());
          return ok(undefined);
        });
        // What cannot be remembered must not be done: the runner turns this into a refusal of the command.
        if (!begun.ok) throw new Error(`the command cannot be remembered: ${begun.error.message}`);
      },
      finish(deviceId, commandId, result) {
        // Should this write fail, the row stays "begun", which is the truth for the next run: the outcome is not known.
        transact(() => {
          complete.run(deviceId, commandId, JSON.stringify(result), clock.now());
          return ok(undefined);
        });
      },
    },
    pruneCommands: (beforeMs) => transact(() => ok(prune.run(beforeMs).changes)),
  };
};
