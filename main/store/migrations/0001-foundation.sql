-- What every install has: its identity, the session vault, cases with their scans, and the outbox.
-- Columns named `sealed` or `wrapped_key` hold AES-256-GCM envelopes; nothing else may hold personal data.

CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE vault_sessions (
  session_id TEXT PRIMARY KEY,
  -- HMAC of the session id under the session key: tells a wrong key from a damaged row, and nothing about the key.
  key_check BLOB NOT NULL,
  updated_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE vault_items (
  session_id TEXT NOT NULL REFERENCES vault_sessions (session_id) ON DELETE CASCADE,
  item TEXT NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (session_id, item)
) STRICT;

CREATE TABLE cases (
  case_id TEXT PRIMARY KEY,
  seq INTEGER NOT NULL UNIQUE,
  event_id TEXT NOT NULL UNIQUE,
  item_code TEXT NOT NULL,
  session_id TEXT,
  -- Set to NULL once the centre has everything: what the data key sealed is then unreadable for good.
  wrapped_key BLOB,
  state TEXT NOT NULL CHECK (state IN ('savedHere', 'received', 'rejected')),
  central_number TEXT,
  submitted_ms INTEGER NOT NULL,
  received_at TEXT
) STRICT;
CREATE INDEX cases_by_session ON cases (session_id) WHERE session_id IS NOT NULL;

CREATE TABLE receipts (
  receipt_number TEXT PRIMARY KEY,
  case_id TEXT NOT NULL UNIQUE REFERENCES cases (case_id),
  day TEXT NOT NULL,
  serial INTEGER NOT NULL,
  created_ms INTEGER NOT NULL,
  UNIQUE (day, serial)
) STRICT;

CREATE TABLE blobs (
  case_id TEXT NOT NULL REFERENCES cases (case_id) ON DELETE CASCADE,
  sha256 TEXT NOT NULL,
  media_type TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  chunks INTEGER NOT NULL,
  tus_url TEXT,
  uploaded_ms INTEGER,
  PRIMARY KEY (case_id, sha256)
) STRICT;
CREATE INDEX blobs_pending ON blobs (case_id) WHERE uploaded_ms IS NULL;
CREATE INDEX blobs_by_hash ON blobs (sha256);

CREATE TABLE blob_chunks (
  case_id TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  chunk INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (case_id, sha256, chunk),
  FOREIGN KEY (case_id, sha256) REFERENCES blobs (case_id, sha256) ON DELETE CASCADE
) STRICT;

CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY,
  event_id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  case_id TEXT REFERENCES cases (case_id),
  occurred_ms INTEGER NOT NULL,
  boot_id TEXT NOT NULL,
  monotonic_ms INTEGER NOT NULL,
  payload_sha256 TEXT NOT NULL,
  sealed BLOB NOT NULL,
  enqueued_ms INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'dead')),
  attempts INTEGER NOT NULL DEFAULT 0,
  reason TEXT,
  dead_ms INTEGER
) STRICT;
CREATE INDEX outbox_waiting ON outbox (seq) WHERE state = 'waiting';

-- The centre's signed receipts: the only ground on which a row leaves the outbox.
CREATE TABLE central_receipts (
  event_id TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  kind TEXT NOT NULL,
  case_id TEXT,
  payload_sha256 TEXT NOT NULL,
  received_at TEXT NOT NULL,
  central_number TEXT,
  signature TEXT NOT NULL,
  settled_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE ratings (
  rating_id TEXT PRIMARY KEY,
  case_id TEXT,
  visit_id TEXT NOT NULL,
  day TEXT NOT NULL
) STRICT;
-- One case, one rating; a rating without a case stands for the visit, once.
CREATE UNIQUE INDEX ratings_once_a_case ON ratings (case_id) WHERE case_id IS NOT NULL;
CREATE UNIQUE INDEX ratings_once_a_visit ON ratings (visit_id) WHERE case_id IS NULL;
CREATE INDEX ratings_by_day ON ratings (day);
