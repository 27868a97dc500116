-- Dead letters are few and looked at often; without this they were looked for among everything that waits.

CREATE INDEX outbox_dead ON outbox (seq) WHERE state = 'dead';
