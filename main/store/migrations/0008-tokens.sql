-- Offline tokens that were used at this kiosk, so that none is used twice; and the second copy of every row (see 0005).

CREATE TABLE spent_tokens (
  token_id TEXT NOT NULL,
  issuer TEXT NOT NULL,
  purpose TEXT NOT NULL CHECK (purpose IN ('appointment', 'pickUp', 'deposit')),
  spending_id TEXT NOT NULL UNIQUE,
  -- Id of what it was spent for, e.g. the queue ticket.
  effect_id TEXT NOT NULL,
  visit_id TEXT NOT NULL,
  spent_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL,
  PRIMARY KEY (issuer, token_id)
) STRICT;
CREATE INDEX spent_tokens_copy ON spent_tokens
  (token_id, issuer, purpose, spending_id, effect_id, visit_id, spent_ms, expires_ms);
