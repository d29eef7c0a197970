-- Events, audit records and mails wait here for their peer. They are written in
-- the transaction that makes them true and delivered afterwards.

CREATE TABLE pms.outbox (
    id uuid NOT NULL,
    seq bigserial NOT NULL,
    lane text NOT NULL,
    topic text NOT NULL,
    order_key text,
    payload jsonb NOT NULL,
    status text NOT NULL DEFAULT 'pending',
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamp NOT NULL,
    leased_until timestamp,
    lease_token uuid,
    last_error text,
    created_at timestamp NOT NULL,
    finished_at timestamp,
    request_id text,
    CONSTRAINT pk_outbox PRIMARY KEY (id),
    CONSTRAINT uk_outbox_seq UNIQUE (seq),
    CONSTRAINT ck_outbox_lane CHECK (lane IN ('event', 'audit', 'mail')),
    CONSTRAINT ck_outbox_status CHECK (status IN ('pending', 'delivered', 'skipped', 'dead'))
);

COMMENT ON COLUMN pms.outbox.id IS 'Stable over redeliveries: the event id of the wire.';
COMMENT ON COLUMN pms.outbox.order_key IS 'Rows of one lane and key are delivered in order.';

-- Rows that are due.
CREATE INDEX ix_outbox_due ON pms.outbox (lane, next_attempt_at, seq) WHERE status = 'pending';
-- Whether an earlier row of the same key still waits.
CREATE INDEX ix_outbox_order ON pms.outbox (lane, order_key, seq) WHERE status = 'pending';
-- Rows that an operator must look at.
CREATE INDEX ix_outbox_dead ON pms.outbox (lane) WHERE status = 'dead';
-- Rows to clean up.
CREATE INDEX ix_outbox_finished ON pms.outbox (finished_at)
    WHERE status IN ('delivered', 'skipped');
