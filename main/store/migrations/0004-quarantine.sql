-- Rows whose contents no longer open, taken out of the way so that service goes on, and kept for the engineer.
-- `sealed` holds what was found, which nobody can read; `plain` the other columns of the row as JSON, without personal data.

CREATE TABLE quarantine (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL CHECK (source IN ('event', 'scan')),
  seq INTEGER NOT NULL,
  kind TEXT NOT NULL,
  case_id TEXT,
  reason TEXT NOT NULL,
  plain TEXT NOT NULL,
  sealed BLOB NOT NULL,
  found_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX quarantine_by_age ON quarantine (found_ms);
