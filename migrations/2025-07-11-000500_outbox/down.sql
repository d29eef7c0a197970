-- Undelivered rows are promises to peers: deliver or give them up first.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pms.outbox WHERE status = 'pending') THEN
        RAISE EXCEPTION 'the outbox holds undelivered rows and is not reverted';
    END IF;
END $$;

DROP TABLE pms.outbox;
