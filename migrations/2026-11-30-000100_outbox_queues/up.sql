-- The queues are declared in the code, in one place: a new one needs no
-- migration. A row in a queue that no process knows waits.
ALTER TABLE pms.outbox DROP CONSTRAINT IF EXISTS ck_outbox_lane;

-- Mails expire by their age; one that an operator queues again starts anew.
ALTER TABLE pms.outbox ADD COLUMN IF NOT EXISTS requeued_at timestamp;

COMMENT ON COLUMN pms.outbox.lane IS 'The queue: event, trust-chain, audit, mail, ...';
COMMENT ON COLUMN pms.outbox.request_id IS 'The request that queued the row.';
COMMENT ON COLUMN pms.outbox.requeued_at IS 'When an operator last queued the row again.';

-- Skipped rows are kept longer than delivered ones, so a clean-up of either must
-- not read through the other.
CREATE INDEX IF NOT EXISTS ix_outbox_ended ON pms.outbox (status, finished_at)
    WHERE status IN ('delivered', 'skipped');
DROP INDEX IF EXISTS pms.ix_outbox_finished;
