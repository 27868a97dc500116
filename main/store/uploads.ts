// Scans on their way to the centre: sealed in chunks under the key of their case, read back whole and checked by hash, deleted
// once the upload is in and the case is signed for.

import { fail, ok, type Result } from '../../devices/kit/result.ts';
import { sha256Hex } from './canonical.ts';
import type { CaseKeys } from './case-keys.ts';
import type { StoreContext } from './database.ts';
import type { Place } from './envelope.ts';
import type { StorageCode, StoreCode } from './failure.ts';
import type { Quarantine } from './quarantine.ts';

export const chunkBytes = 256 * 1024;

export type PendingUpload = { sha256: string; bytes: number; mediaType: string; caseId: string; tusUrl?: string };

export type Uploads = {
  /** Each hash once, in the order of their cases. Cases that became dead letters wait. */
  pendingUploads(): PendingUpload[];
  /** How much `pendingUploads` would list. */
  uploadTotals(): { pending: number; bytes: number };
  /** The scan itself; `tampered` when it is not what its hash says. Chunks that do not open go into quarantine. */
  readBlob(sha256: string): Result<Buffer, StoreCode>;
  /** Where an upload can be resumed; `undefined` starts afresh. */
  saveTusUrl(sha256: string, tusUrl: string | undefined): Result<void, StorageCode>;
  markUploaded(sha256: string): Result<void, StorageCode>;
  /** Writes one scan inside the caller's transaction. */
  storeBlob(
    caseId: string,
    seq: number,
    dataKey: Uint8Array,
    blob: { sha256: string; mediaType: string; bytes: Uint8Array },
  ): void;
  /** Deletes a case's scans and its key when the centre has both the case and the scans. */
  releaseCase(caseId: string): void;
};

export type ScanRow = { case_id: string; seq: number; media_type: string; bytes: number; chunks: number };

export const scanPlaceOf = (row: Omit<ScanRow, 'case_id'>, sha256: string, chunk: number): Place => ({
  seq: row.seq,
  kind: `blob|${sha256}|${chunk}/${row.chunks}`,
  columns: [row.media_type, row.bytes],
});

export const createUploads = (
  { db, clock, sealer, transact }: StoreContext,
  caseKeys: CaseKeys,
  quarantine: Quarantine,
): Uploads => {
  const insertBlob = db.prepare<[string, string, string, number, number]>(
    'INSERT INTO blobs (case_id, sha256, media_type, bytes, chunks) VALUES (?, ?, ?, ?, ?)',
  );
  const insertChunk = db.prepare<[string, string, number, Buffer]>(
    'INSERT INTO blob_chunks (case_id, sha256, chunk, sealed) VALUES (?, ?, ?, ?)',
  );
  // From the scans to their events, by keys only: an outbox of a week holds far more rows than there are scans (CROSS JOIN keeps the order).
  const pendingOfWaiting = `blobs b CROSS JOIN cases c ON c.case_id = b.case_id
     CROSS JOIN outbox o ON o.seq = c.seq AND o.state = 'waiting' WHERE b.uploaded_ms IS NULL`;
  const pending = db.prepare<
    [],
    { sha256: string; bytes: number; media_type: string; case_id: string; tus_url: string | null }
  >(
    // With min() SQLite takes the other columns from the row that holds the minimum.
    `SELECT b.sha256, b.bytes, b.media_type, b.case_id, b.tus_url, min(o.seq) FROM ${pendingOfWaiting}
     GROUP BY b.sha256 ORDER BY min(o.seq), b.rowid`,
  );
  const totals = db.prepare<[], { pending: number; bytes: number }>(
    `SELECT count(*) AS pending, coalesce(sum(bytes), 0) AS bytes FROM (
       SELECT DISTINCT b.sha256, b.bytes FROM ${pendingOfWaiting})`,
  );
  const holders = db.prepare<[string], ScanRow>(
    `SELECT b.case_id, c.seq, b.media_type, b.bytes, b.chunks FROM blobs b JOIN cases c ON c.case_id = b.case_id
     WHERE b.sha256 = ? ORDER BY c.seq DESC`,
  );
  const chunksOf = db.prepare<[string, string], { chunk: number; sealed: Buffer }>(
    'SELECT chunk, sealed FROM blob_chunks WHERE case_id = ? AND sha256 = ? ORDER BY chunk',
  );
  const dropChunk = db.prepare<[string, string, number]>(
    'DELETE FROM blob_chunks WHERE case_id = ? AND sha256 = ? AND chunk = ?',
  );
  const setUrl = db.prepare<[string | null, string]>(
    'UPDATE blobs SET tus_url = ? WHERE sha256 = ? AND uploaded_ms IS NULL',
  );
  const setUploaded = db
    .prepare<[number, string], string>(
      'UPDATE blobs SET uploaded_ms = ?, tus_url = NULL WHERE sha256 = ? AND uploaded_ms IS NULL RETURNING case_id',
    )
    .pluck();
  const isDone = db
    .prepare<[string], number>(
      `SELECT 1 FROM cases c WHERE c.case_id = ? AND c.state = 'received'
       AND NOT EXISTS (SELECT 1 FROM blobs b WHERE b.case_id = c.case_id AND b.uploaded_ms IS NULL)`,
    )
    .pluck();
  const removeBlobs = db.prepare<[string]>('DELETE FROM blobs WHERE case_id = ?');
  const destroyKey = db.prepare<[string]>('UPDATE cases SET wrapped_key = NULL WHERE case_id = ?');

  const readOf = (sha256: string, row: ScanRow): Result<Buffer, StoreCode> => {
    const key = caseKeys.of(row.case_id);
    if (!key.ok) return key;
    const parts: Buffer[] = [];
    for (const { chunk, sealed } of chunksOf.all(row.case_id, sha256)) {
      const plain = sealer.open(key.value, sealed, scanPlaceOf(row, sha256, chunk));
      if (!plain.ok) {
        // Should the move fail, the answer is the same and the next reading tries again.
        quarantine.isolate(
          {
            source: 'scan',
            seq: row.seq,
            kind: `chunk ${chunk + 1}/${row.chunks}`,
            reason: plain.error.code,
            caseId: row.case_id,
            plain: { ...row, sha256, chunk },
            sealed,
          },
          () => void dropChunk.run(row.case_id, sha256, chunk),
        );
        return plain;
      }
      parts.push(plain.value);
    }
    const bytes = Buffer.concat(parts);
    if (bytes.length !== row.bytes || sha256Hex(bytes) !== sha256)
      return fail('tampered', 'engineer', `a page of case row ${row.seq} is not whole`);
    return ok(bytes);
  };

  const releaseCase = (caseId: string): void => {
    if (isDone.get(caseId) === undefined) return;
    removeBlobs.run(caseId);
    destroyKey.run(caseId);
  };

  return {
    pendingUploads: () =>
      pending.all().map((row) => ({
        sha256: row.sha256,
        bytes: row.bytes,
        mediaType: row.media_type,
        caseId: row.case_id,
        ...(row.tus_url === null ? {} : { tusUrl: row.tus_url }),
      })),
    uploadTotals: () => totals.get() ?? { pending: 0, bytes: 0 },
    readBlob(sha256) {
      let last: Result<Buffer, StoreCode> = fail('notFound', 'system', 'there is no such page');
      // The same page may stand in several cases, each under its own key: one good copy is enough.
      for (const row of holders.all(sha256)) {
        last = readOf(sha256, row);
        if (last.ok) return last;
      }
      return last;
    },
    saveTusUrl: (sha256, tusUrl) =>
      transact(() => {
        setUrl.run(tusUrl ?? null, sha256);
        return ok(undefined);
      }),
    markUploaded: (sha256) =>
      transact(() => {
        for (const caseId of setUploaded.all(clock.now(), sha256)) releaseCase(caseId);
        return ok(undefined);
      }),
    storeBlob(caseId, seq, dataKey, { sha256, mediaType, bytes }) {
      const chunks = Math.max(1, Math.ceil(bytes.length / chunkBytes));
      insertBlob.run(caseId, sha256, mediaType, bytes.length, chunks);
      for (let chunk = 0; chunk < chunks; chunk++) {
        const part = bytes.subarray(chunk * chunkBytes, (chunk + 1) * chunkBytes);
        const place = scanPlaceOf({ seq, media_type: mediaType, bytes: bytes.length, chunks }, sha256, chunk);
        insertChunk.run(caseId, sha256, chunk, sealer.seal(dataKey, part, place));
      }
    },
    releaseCase,
  };
};
