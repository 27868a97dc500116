-- What came down from the centre as signed bundles. Each row is sealed: what it says was verified before, and nobody but this kiosk can
-- have written it. `next` waits for the end of a visit, `current` serves, `previous` is what served before.

CREATE TABLE bundles (
  channel TEXT NOT NULL,
  slot TEXT NOT NULL CHECK (slot IN ('next', 'current', 'previous')),
  sealed BLOB NOT NULL,
  PRIMARY KEY (channel, slot)
) STRICT, WITHOUT ROWID;

-- Roots and manifest that hold, the versions that were seen, and the time that they prove: one sealed row.
CREATE TABLE bundle_trust (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  sealed BLOB NOT NULL
) STRICT;

CREATE TABLE bundle_refusals (
  refusal_id TEXT PRIMARY KEY,
  channel TEXT NOT NULL,
  version INTEGER,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL,
  refused_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX bundle_refusals_copy ON bundle_refusals (channel, version, reason, detail, refused_ms);
