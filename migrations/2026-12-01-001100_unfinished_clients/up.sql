-- What a call left half done at eSignet can be finished without the call: a
-- registration is noted with what ends the client there, and an update is noted too.
ALTER TABLE pms.oidc_client_intent
    ADD COLUMN IF NOT EXISTS kind varchar(10) NOT NULL DEFAULT 'create',
    ADD COLUMN IF NOT EXISTS ending jsonb,
    ADD COLUMN IF NOT EXISTS settled_at timestamp;

COMMENT ON TABLE pms.oidc_client_intent IS 'What eSignet was asked about OIDC clients, as long as the outcome is not stored.';
COMMENT ON COLUMN pms.oidc_client_intent.digest IS 'SHA-256 of what eSignet is asked to register, in hexadecimal; the id of an update.';
COMMENT ON COLUMN pms.oidc_client_intent.kind IS 'create: the client is not stored. update: it is.';
COMMENT ON COLUMN pms.oidc_client_intent.ending IS 'What eSignet is given to end the client if no call stores it.';
COMMENT ON COLUMN pms.oidc_client_intent.settled_at IS 'When that was queued, by the database''s clock; the same call may still take the client up.';
