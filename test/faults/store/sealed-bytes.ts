// Where in a closed file the sealed contents lie, found by their bytes and not by what SQLite says of its own pages: the campaign's
// own idea of what a flip has hit.

import Database from 'better-sqlite3';

const owned = `SELECT 'event ' || seq AS owner, sealed FROM outbox
  UNION ALL SELECT 'scan ' || sha256, sealed FROM blob_chunks
  UNION ALL SELECT 'draft ' || session_id || CASE item WHEN 'state' THEN '' ELSE ' ' || substr(item, 6) END, sealed FROM vault_items`;
const caseKeys = "SELECT 'key', wrapped_key AS sealed FROM cases WHERE wrapped_key IS NOT NULL";
/** Random bytes of this length stand in one place of a file only. */
const certainBytes = 12;

export type SealedBytes = {
  /** Id of the item whose envelope that byte is part of; `key` for the key of a case, on which several items hang. */
  ownerAt(byte: number): string | undefined;
  /** How many bytes of the file are part of an envelope. */
  bytes: number;
};

/** An envelope that lies on several pages is found piece by piece. */
export const sealedBytesOf = (path: string, file: Buffer): SealedBytes => {
  const owners: string[] = [];
  // 0 for bytes outside, else one more than the owner's place in the list.
  const map = new Uint16Array(file.length);
  const db = new Database(path, { readonly: true });
  const envelopes = db.prepare<[], { owner: string; sealed: Buffer }>(`${owned} UNION ALL ${caseKeys}`).all();
  db.close();
  for (const { owner, sealed } of envelopes) {
    owners.push(owner);
    for (let at = 0; at < sealed.length;) {
      const rest = sealed.subarray(at);
      const found = file.indexOf(rest.subarray(0, certainBytes));
      // The last few bytes alone on a page are too short to be sure of; they are left out of the map.
      if (found < 0 || rest.length < certainBytes) break;
      let length = 0;
      while (length < rest.length && file[found + length] === rest[length]) length += 1;
      map.fill(owners.length, found, found + length);
      at += length;
    }
  }
  return {
    ownerAt: (byte) => owners[(map[byte] ?? 0) - 1],
    bytes: map.reduce((sum, owner) => sum + (owner > 0 ? 1 : 0), 0),
  };
};
