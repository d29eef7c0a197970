-- When the certificates of partners end, by their id at the key manager. What a
-- certificate says never changes, so a key manager that answers for one at a time
-- is asked once for each, and ends can be looked for.

CREATE TABLE IF NOT EXISTS pms.certificate_end (
    certificate_id varchar(128) NOT NULL,
    subject varchar(2000),
    issuer varchar(2000),
    not_after timestamp NOT NULL,
    CONSTRAINT pk_certificate_end PRIMARY KEY (certificate_id)
);

COMMENT ON TABLE pms.certificate_end IS
    'Certificates of partners, as the key manager issued them; those of the embedded one stand in keymgr.partner_cert_store';

CREATE INDEX IF NOT EXISTS ix_certificate_end ON pms.certificate_end (not_after);

-- The certificates that are known here: what the embedded key manager has, and what
-- another one was asked for.
CREATE OR REPLACE VIEW pms.partner_certificate_end AS
SELECT store.cert_id::text AS certificate_id, store.signed_subject::text AS subject,
       store.signed_issuer::text AS issuer, store.signed_not_after AS not_after
FROM keymgr.partner_cert_store store
WHERE store.signed_not_after IS NOT NULL
UNION ALL
SELECT kept.certificate_id::text, kept.subject::text, kept.issuer::text, kept.not_after
FROM pms.certificate_end kept
WHERE NOT EXISTS (SELECT FROM keymgr.partner_cert_store store
                  WHERE store.cert_id = kept.certificate_id AND store.signed_not_after IS NOT NULL);

-- Mails that remind of an end, each sent once.
CREATE TABLE IF NOT EXISTS pms.expiry_mail (
    kind varchar(36) NOT NULL,
    item_hash varchar(64) NOT NULL,
    ends_at timestamp NOT NULL,
    cr_dtimes timestamp NOT NULL,
    CONSTRAINT pk_expiry_mail PRIMARY KEY (kind, item_hash, ends_at)
);

COMMENT ON COLUMN pms.expiry_mail.item_hash IS
    'SHA-256 of what ends, in lower-case hex: an API key is a secret.';

CREATE INDEX IF NOT EXISTS ix_expiry_mail_end ON pms.expiry_mail (ends_at);

CREATE INDEX IF NOT EXISTS ix_mlic_expiry ON pms.misp_license (valid_to_date) WHERE is_active;
