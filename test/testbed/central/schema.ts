// The tables of the books: every event once in `events`, and its effect in the table of its kind. The effect tables carry no uniqueness
// of their own on purpose: `duplicates` counts what stands in them twice, and could never be anything but 0 otherwise.

const tables = `
CREATE TABLE IF NOT EXISTS platform (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS kiosks (kiosk_id TEXT PRIMARY KEY, key_sha256 TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE IF NOT EXISTS events (
  event_id TEXT PRIMARY KEY,
  kiosk_id TEXT NOT NULL,
  epoch TEXT NOT NULL,
  seq INTEGER NOT NULL,
  kind TEXT NOT NULL,
  payload_sha256 TEXT NOT NULL,
  payload TEXT NOT NULL,
  occurred_at TEXT NOT NULL,
  received_at TEXT NOT NULL,
  central_number TEXT,
  resent INTEGER NOT NULL DEFAULT 0,
  UNIQUE (kiosk_id, epoch, seq)
) STRICT;
CREATE TABLE IF NOT EXISTS installs (
  kiosk_id TEXT NOT NULL, epoch TEXT NOT NULL,
  follows_epoch TEXT,
  first_seq INTEGER NOT NULL, high_water INTEGER NOT NULL, highest_seq INTEGER NOT NULL,
  pruned_to INTEGER NOT NULL DEFAULT 0,
  quarantine TEXT,
  PRIMARY KEY (kiosk_id, epoch)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS dead_letters (
  kiosk_id TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL, event_id TEXT NOT NULL, payload_sha256 TEXT NOT NULL,
  status TEXT NOT NULL, kind TEXT NOT NULL, payload TEXT NOT NULL, reason TEXT NOT NULL,
  first_at TEXT NOT NULL, last_at TEXT NOT NULL, times INTEGER NOT NULL DEFAULT 1, taken_at TEXT,
  PRIMARY KEY (kiosk_id, epoch, seq, event_id, payload_sha256)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS dead_letters_by_id ON dead_letters (event_id);
CREATE INDEX IF NOT EXISTS events_by_seq ON events (kiosk_id, seq);
CREATE INDEX IF NOT EXISTS events_by_number ON events (central_number) WHERE central_number IS NOT NULL;
CREATE TABLE IF NOT EXISTS cases (
  case_id TEXT NOT NULL, receipt_number TEXT NOT NULL, central_number TEXT NOT NULL,
  kiosk_id TEXT NOT NULL, item_code TEXT NOT NULL, received_at TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS cases_by_id ON cases (case_id);
CREATE INDEX IF NOT EXISTS cases_by_receipt ON cases (receipt_number);
CREATE TABLE IF NOT EXISTS materials (
  case_id TEXT NOT NULL, material_id TEXT NOT NULL, way TEXT NOT NULL, pages INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS ratings (rating_id TEXT NOT NULL, case_id TEXT, visit_id TEXT NOT NULL, level INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS ratings_by_case ON ratings (case_id) WHERE case_id IS NOT NULL;
CREATE TABLE IF NOT EXISTS tickets (
  ticket_id TEXT NOT NULL, kiosk_id TEXT NOT NULL, number TEXT NOT NULL, business_code TEXT NOT NULL, day TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS deposits (deposit_id TEXT NOT NULL, case_id TEXT NOT NULL, cell TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS help_calls (help_id TEXT NOT NULL, visit_id TEXT NOT NULL, place TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS acts (
  kind TEXT NOT NULL, subject_id TEXT NOT NULL, kiosk_id TEXT NOT NULL, case_id TEXT, at TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS audit_heads (
  kiosk_id TEXT NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL, noted_at TEXT NOT NULL,
  PRIMARY KEY (kiosk_id, seq, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS blobs (
  sha256 TEXT PRIMARY KEY, bytes INTEGER NOT NULL, media_type TEXT NOT NULL, kiosk_id TEXT NOT NULL, received_at TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS queue (
  code TEXT PRIMARY KEY, open_counters INTEGER NOT NULL, average_service_sec INTEGER NOT NULL,
  waiting REAL NOT NULL, as_of_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS numbers (day TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS token_spendings (
  token_id TEXT NOT NULL, issuer TEXT NOT NULL, spending_id TEXT NOT NULL, kiosk_id TEXT NOT NULL, spent_at TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS token_spendings_by_token ON token_spendings (token_id);
`;

export const sqliteSchema = tables;

export const postgresSchema = tables
  .replaceAll(/ STRICT(, WITHOUT ROWID)?;/g, ';')
  .replaceAll('INTEGER', 'BIGINT')
  .replaceAll(' REAL ', ' DOUBLE PRECISION ');
