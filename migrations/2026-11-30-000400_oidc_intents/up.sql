-- What eSignet is about to be asked to register. A row stands from before the
-- question until the client is stored; one that is left over is a question whose
-- answer was lost, and lets a repetition of the same call take the client.
CREATE TABLE IF NOT EXISTS pms.oidc_client_intent (
    client_id varchar(100) NOT NULL,
    rp_id varchar(100) NOT NULL,
    digest varchar(64) NOT NULL,
    busy_until timestamp,
    cr_by varchar(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    CONSTRAINT pk_oidc_client_intent PRIMARY KEY (client_id, rp_id, digest)
);
COMMENT ON TABLE pms.oidc_client_intent IS 'OIDC clients that eSignet was asked to register and that are not stored.';
COMMENT ON COLUMN pms.oidc_client_intent.digest IS 'SHA-256 of what eSignet is asked, in hexadecimal.';
COMMENT ON COLUMN pms.oidc_client_intent.busy_until IS 'A call is asking until then, by the database''s clock; behind it the outcome is unknown.';

-- The keys of clients by their content: rows of other origin spell them in any way.
CREATE TABLE IF NOT EXISTS pms.oidc_client_key (
    client_id varchar(100) NOT NULL,
    derived_id varchar(100) NOT NULL,
    CONSTRAINT pk_oidc_client_key PRIMARY KEY (client_id)
);
COMMENT ON TABLE pms.oidc_client_key IS 'The client id that follows from the public key of each stored client.';
COMMENT ON COLUMN pms.oidc_client_key.derived_id IS 'Empty where the stored key can not be read.';

CREATE INDEX IF NOT EXISTS ix_oidc_key_derived ON pms.oidc_client_key (derived_id);
