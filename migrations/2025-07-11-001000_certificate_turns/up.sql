-- Whose turn it is to give the key manager a partner's certificate: one upload
-- of a partner at a time, across all processes. A row lives as long as its turn.

CREATE TABLE IF NOT EXISTS pms.certificate_turn (
    partner_id varchar(36) NOT NULL,
    token uuid NOT NULL,
    until timestamp NOT NULL,
    CONSTRAINT pk_certificate_turn PRIMARY KEY (partner_id)
);

COMMENT ON COLUMN pms.certificate_turn.until IS
    'By the clock of the database: when the turn passes on, should its holder have died.';
