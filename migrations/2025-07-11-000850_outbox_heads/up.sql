-- The first waiting row of each order key, marked: while a peer is down, looks
-- for due rows must not read all that wait behind the first ones.

ALTER TABLE pms.outbox ADD COLUMN IF NOT EXISTS is_head boolean NOT NULL DEFAULT true;

UPDATE pms.outbox o SET is_head = false
WHERE o.status = 'pending' AND o.is_head
  AND EXISTS (SELECT 1 FROM pms.outbox e
              WHERE e.status = 'pending' AND e.lane = o.lane
                AND e.order_key = o.order_key AND e.seq < o.seq);

COMMENT ON COLUMN pms.outbox.is_head IS
    'False while an earlier row of the same lane and order key waits.';

DROP INDEX IF EXISTS pms.ix_outbox_due;
CREATE INDEX IF NOT EXISTS ix_outbox_due ON pms.outbox (lane, next_attempt_at, seq)
    WHERE status = 'pending' AND is_head;
