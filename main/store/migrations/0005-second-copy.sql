-- The books of the hall stand in no envelope: a flipped bit in them would be read as it stands. Each of these indexes is a second copy
-- of a row's columns, and the integrity check at every opening compares the two. Nothing is looked up by them.

CREATE INDEX meta_copy ON meta (value);
CREATE INDEX cases_copy ON cases (item_code, session_id, state, central_number, submitted_ms, received_at);
CREATE INDEX receipts_copy ON receipts (created_ms);
CREATE INDEX blobs_copy ON blobs (uploaded_ms, tus_url);
CREATE INDEX ratings_copy ON ratings (case_id, visit_id, day);
CREATE INDEX tickets_copy ON tickets (number, business_code, priority, taken_ms, state);
CREATE INDEX deposits_copy ON deposits
  (cell, receipt_number, originals, code_salt, code_hash, state, reserved_ms, deposited_ms, keep_until_ms, ended_ms);
CREATE INDEX device_commands_copy ON device_commands (result);
CREATE INDEX assignments_copy ON assignments (port);
CREATE INDEX verdicts_copy ON verdicts (passed, code, detail, at_ms, by_whom);
CREATE INDEX statistics_copy ON statistics (value);
CREATE INDEX day_sessions_copy ON day_sessions (sessions);
CREATE INDEX staff_copy ON staff (name, role, pin_hash, failures, locked_until_ms);
