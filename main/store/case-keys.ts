// Per-case data keys. Each is wrapped by the machine's wrapping key beside its case and destroyed when the centre has everything,
// which makes the case's payload and scans unreadable wherever copies of the file may lie.

import { randomBytes } from 'node:crypto';
import { fail, type Result } from '../../devices/kit/result.ts';
import type { StoreContext } from './database.ts';
import { keyBytes, type Place } from './envelope.ts';

export type CaseKeys = {
  /** A fresh key and its wrapped form for the case's row. */
  create(caseId: string, seq: number): { dataKey: Buffer; wrapped: Buffer };
  of(caseId: string): Result<Buffer, 'tampered'>;
};

export const caseKeyPlaceOf = (caseId: string, seq: number): Place => ({ seq, kind: `caseKey|${caseId}` });

export const createCaseKeys = ({ db, sealer, keys }: Pick<StoreContext, 'db' | 'sealer' | 'keys'>): CaseKeys => {
  const find = db.prepare<[string], { seq: number; wrapped_key: Buffer | null }>(
    'SELECT seq, wrapped_key FROM cases WHERE case_id = ?',
  );
  return {
    create(caseId, seq) {
      const dataKey = randomBytes(keyBytes);
      return { dataKey, wrapped: sealer.seal(keys.wrapping, dataKey, caseKeyPlaceOf(caseId, seq)) };
    },
    of(caseId) {
      const row = find.get(caseId);
      if (!row?.wrapped_key) return fail('tampered', 'engineer', 'the key of this case is gone');
      return sealer.open(keys.wrapping, row.wrapped_key, caseKeyPlaceOf(caseId, row.seq));
    },
  };
};
