-- What a hall needs day by day: queue tickets, locker cells, device commands, settings, staff.

CREATE TABLE tickets (
  ticket_id TEXT PRIMARY KEY,
  day_key TEXT NOT NULL,
  prefix TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  number TEXT NOT NULL,
  business_code TEXT NOT NULL,
  priority TEXT NOT NULL,
  taken_ms INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'called', 'done', 'left')),
  UNIQUE (day_key, prefix, sequence)
) STRICT;
CREATE INDEX tickets_waiting ON tickets (day_key, business_code, taken_ms) WHERE state = 'waiting';

CREATE TABLE deposits (
  deposit_id TEXT PRIMARY KEY,
  cell INTEGER NOT NULL,
  case_id TEXT NOT NULL,
  receipt_number TEXT NOT NULL,
  originals TEXT NOT NULL,
  code_salt TEXT NOT NULL,
  code_hash TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('reserved', 'deposited', 'cancelled', 'released')),
  reserved_ms INTEGER NOT NULL,
  deposited_ms INTEGER,
  keep_until_ms INTEGER NOT NULL,
  ended_ms INTEGER
) STRICT;
-- A cell holds the papers of one case at a time, whatever the code above does.
CREATE UNIQUE INDEX deposits_one_a_cell ON deposits (cell) WHERE state IN ('reserved', 'deposited');
CREATE UNIQUE INDEX deposits_one_a_case ON deposits (case_id) WHERE state IN ('reserved', 'deposited');

CREATE TABLE device_commands (
  device_id TEXT NOT NULL,
  command_id TEXT NOT NULL,
  result TEXT,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (device_id, command_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX device_commands_by_age ON device_commands (at_ms);

CREATE TABLE assignments (
  device_id TEXT PRIMARY KEY,
  port TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE verdicts (
  device_id TEXT NOT NULL,
  check_name TEXT NOT NULL,
  passed INTEGER NOT NULL,
  code TEXT NOT NULL,
  detail TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  by_whom TEXT NOT NULL,
  PRIMARY KEY (device_id, check_name)
) STRICT, WITHOUT ROWID;

CREATE TABLE statistics (
  device_id TEXT NOT NULL,
  name TEXT NOT NULL,
  value REAL NOT NULL,
  PRIMARY KEY (device_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE day_sessions (
  day TEXT PRIMARY KEY,
  sessions INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE staff (
  account TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('manager', 'technician')),
  pin_hash TEXT NOT NULL,
  failures INTEGER NOT NULL DEFAULT 0,
  locked_until_ms INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
