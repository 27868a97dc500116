// The install that this kiosk counts its sequence under. Usually the store's own epoch. It is another one
//
//   · after the store was restored from a backup: the store has a new epoch then, and says here which one it goes on from;
//   · after a quarantine: two disks counted under one epoch, neither can tell which of them the centre knows, and a technician had
//     this one go on under a new epoch.
//
// Ids, sequence numbers and envelopes stay, so what the centre has already is answered `duplicate`, and the rest is taken once.

import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { fail, ok, type Result } from '../../devices/kit/result.ts';
import type { StoreCode } from '../store/failure.ts';
import type { Store } from '../store/open.ts';

const followsSchema = z.object({ epoch: z.uuid(), seq: z.int().min(1) });
const noteSchema = z.object({
  /** The store's own epoch when this was written. */
  storeEpoch: z.uuid(),
  epoch: z.uuid(),
  follows: followsSchema.optional(),
});

export type Install = { epoch: string; follows?: { epoch: string; seq: number } };
type Notes = Pick<Store, 'epoch' | 'note' | 'setNote'>;

const bare = ({ epoch, follows }: z.infer<typeof noteSchema>): Install => ({ epoch, ...(follows ? { follows } : {}) });

/** What a batch goes under that begins with `firstSeq`; written down, so that a restored copy of this store knows where it comes from. */
export const installOf = (store: Notes, firstSeq: number): Install => {
  const kept = store.note('install');
  const known = kept === undefined ? undefined : noteSchema.parse(JSON.parse(kept));
  if (known?.storeEpoch === store.epoch) return bare(known);
  const install = {
    storeEpoch: store.epoch,
    epoch: store.epoch,
    ...(known ? { follows: { epoch: known.epoch, seq: firstSeq } } : {}),
  };
  store.setNote('install', JSON.stringify(install));
  return bare(install);
};

const quarantineSchema = z.object({ epoch: z.uuid(), sinceMs: z.number() });

/** Since when the centre has merged nothing new of this install, or nothing. */
export const quarantinedSince = (store: Pick<Store, 'epoch' | 'note'>): number | undefined => {
  const kept = store.note('quarantined');
  if (kept === undefined || kept === '') return undefined;
  const { epoch, sinceMs } = quarantineSchema.parse(JSON.parse(kept));
  // A restored store has an epoch of its own, which nobody has quarantined yet.
  return epoch === store.epoch ? sinceMs : undefined;
};

export const noteQuarantine = (store: Notes, sinceMs: number | undefined): void =>
  void store.setNote('quarantined', sinceMs === undefined ? '' : JSON.stringify({ epoch: store.epoch, sinceMs }));

/** Goes on under a new epoch. Only a quarantined install may: elsewhere it would hide a clone instead of ending one. */
export const renewInstall = (store: Store): Result<Install, StoreCode | 'notQuarantined'> =>
  store.transact((): Result<Install, StoreCode | 'notQuarantined'> => {
    if (quarantinedSince(store) === undefined)
      return fail(
        'notQuarantined',
        'engineer',
        '平台未隔离本机，无需更换安装编号 the centre has not quarantined this kiosk',
      );
    const first = store.nextBatch(1);
    if (!first.ok) return first;
    const seq = first.value[0]?.seq ?? 1;
    const install = {
      storeEpoch: store.epoch,
      epoch: randomUUID(),
      follows: { epoch: installOf(store, seq).epoch, seq },
    };
    const noted = store.setNote('install', JSON.stringify(install));
    if (!noted.ok) return noted;
    noteQuarantine(store, undefined);
    return ok(bare(install));
  });
