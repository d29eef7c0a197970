-- What eSignet had before this service asked for it. A registration whose answer was lost
-- says that eSignet may have the client of that call; it says nothing where eSignet had
-- refused the same key before.
CREATE TABLE IF NOT EXISTS pms.oidc_client_held (
    client_id varchar(100) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    CONSTRAINT pk_oidc_client_held PRIMARY KEY (client_id)
);
COMMENT ON TABLE pms.oidc_client_held IS 'OIDC clients that eSignet refused to register, since it had them, while no registration of this service could have made them.';
COMMENT ON COLUMN pms.oidc_client_held.cr_dtimes IS 'When eSignet refused, by the database''s clock.';

-- Older versions left rows behind when a client hung up, whatever eSignet answered: they
-- prove nothing.
INSERT INTO pms.oidc_client_held (client_id, cr_dtimes)
    SELECT DISTINCT client_id, clock_timestamp() AT TIME ZONE 'UTC'
    FROM pms.oidc_client_intent WHERE kind = 'create'
    ON CONFLICT DO NOTHING;
