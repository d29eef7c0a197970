DROP INDEX IF EXISTS pms.ix_outbox_due;
CREATE INDEX ix_outbox_due ON pms.outbox (lane, next_attempt_at, seq) WHERE status = 'pending';
ALTER TABLE pms.outbox DROP COLUMN IF EXISTS is_head;
