-- An update whose call is not over may have changed a client at eSignet alone.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pms.oidc_client_intent WHERE kind = 'update' AND settled_at IS NULL) THEN
        RAISE EXCEPTION 'pms.oidc_client_intent holds updates whose outcome is not known; wait until the job unfinished-clients has settled them';
    END IF;
END $$;
DELETE FROM pms.oidc_client_intent WHERE kind = 'update';

ALTER TABLE pms.oidc_client_intent
    DROP COLUMN IF EXISTS settled_at,
    DROP COLUMN IF EXISTS ending,
    DROP COLUMN IF EXISTS kind;
