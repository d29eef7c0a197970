-- Expiry and revocation of the certificates that the embedded key manager
-- issues. All of it is ours: the reference's key manager knows neither.

-- Facts of the issued certificate; NULL for rows that are not yet filled.
ALTER TABLE keymgr.partner_cert_store
    ADD COLUMN IF NOT EXISTS signed_subject varchar(2000),
    ADD COLUMN IF NOT EXISTS signed_issuer varchar(2000),
    ADD COLUMN IF NOT EXISTS signed_not_before timestamp,
    ADD COLUMN IF NOT EXISTS signed_not_after timestamp,
    ADD COLUMN IF NOT EXISTS signed_serial_no varchar(64),
    ADD COLUMN IF NOT EXISTS signed_thumbprint varchar(100),
    ADD COLUMN IF NOT EXISTS signed_sha256 varchar(64),
    ADD COLUMN IF NOT EXISTS public_key_sha256 varchar(64);

CREATE INDEX IF NOT EXISTS ix_partner_cert_store_signed_end
    ON keymgr.partner_cert_store (signed_not_after);
CREATE INDEX IF NOT EXISTS ix_partner_cert_store_signed_sha256
    ON keymgr.partner_cert_store (signed_sha256);
CREATE INDEX IF NOT EXISTS ix_partner_cert_store_public_key
    ON keymgr.partner_cert_store (public_key_sha256);
CREATE INDEX IF NOT EXISTS ix_partner_cert_store_unfilled
    ON keymgr.partner_cert_store (cert_id) WHERE signed_sha256 IS NULL;

CREATE TABLE IF NOT EXISTS keymgr.revoked_certificate (
    cert_id varchar(36) NOT NULL,
    key_id varchar(64),
    serial bytea NOT NULL,
    cert_sha256 varchar(64) NOT NULL,
    public_key_sha256 varchar(64) NOT NULL,
    cert_not_after timestamp NOT NULL,
    partner_id varchar(36),
    reason varchar(32) NOT NULL,
    key_compromised boolean NOT NULL,
    revoked_by varchar(256) NOT NULL,
    revoked_dtimes timestamp NOT NULL,
    CONSTRAINT pk_revoked_certificate PRIMARY KEY (cert_id)
);

CREATE INDEX IF NOT EXISTS ix_revoked_certificate_key
    ON keymgr.revoked_certificate (key_id, cert_not_after);
CREATE INDEX IF NOT EXISTS ix_revoked_certificate_sha256
    ON keymgr.revoked_certificate (cert_sha256);
CREATE INDEX IF NOT EXISTS ix_revoked_certificate_compromised
    ON keymgr.revoked_certificate (public_key_sha256) WHERE key_compromised;
CREATE INDEX IF NOT EXISTS ix_revoked_certificate_age
    ON keymgr.revoked_certificate (revoked_dtimes DESC, cert_id);

-- The current list of revoked certificates of each issuing key.
CREATE TABLE IF NOT EXISTS keymgr.crl (
    key_id varchar(64) NOT NULL,
    crl_number bigint NOT NULL,
    this_update timestamp NOT NULL,
    next_update timestamp NOT NULL,
    crl_data bytea NOT NULL,
    CONSTRAINT pk_crl PRIMARY KEY (key_id)
);

-- Every certificate whose end somebody must watch: of authorities, of partners
-- as uploaded, and as issued. What is in the store of authorities only because
-- it was issued to a partner, or is the certificate of an FTM partner, is
-- there once, as the partner's.
CREATE OR REPLACE VIEW keymgr.certificate_validity AS
SELECT 'CA'::text AS kind, ca.cert_id::text AS certificate_id,
       ca.partner_domain::text AS partner_domain, NULL::text AS organization_name,
       ca.cert_subject::text AS subject, ca.cert_issuer::text AS issuer,
       ca.cert_thumbprint::text AS thumbprint, ca.cert_serial_no::text AS serial_no,
       ca.cert_not_before AS valid_from, ca.cert_not_after AS valid_till, false AS revoked
FROM keymgr.ca_cert_store ca
WHERE ca.is_deleted IS DISTINCT FROM true
  AND NOT EXISTS (SELECT FROM keymgr.partner_cert_store issued
                  WHERE issued.signed_sha256 = ca.cert_sha256)
  AND NOT EXISTS (SELECT FROM keymgr.partner_cert_store uploaded
                  WHERE uploaded.cert_sha256 = ca.cert_sha256
                    AND uploaded.partner_domain = ca.partner_domain)
UNION ALL
SELECT 'PARTNER', store.cert_id::text, store.partner_domain::text,
       store.organization_name::text, store.cert_subject::text, store.cert_issuer::text,
       store.cert_thumbprint::text, store.cert_serial_no::text,
       store.cert_not_before, store.cert_not_after, revoked.cert_id IS NOT NULL
FROM keymgr.partner_cert_store store
LEFT JOIN keymgr.revoked_certificate revoked ON revoked.cert_id = store.cert_id
UNION ALL
SELECT 'SIGNED', store.cert_id::text, store.partner_domain::text,
       store.organization_name::text, store.signed_subject::text, store.signed_issuer::text,
       store.signed_thumbprint::text, store.signed_serial_no::text,
       store.signed_not_before, store.signed_not_after, revoked.cert_id IS NOT NULL
FROM keymgr.partner_cert_store store
LEFT JOIN keymgr.revoked_certificate revoked ON revoked.cert_id = store.cert_id
WHERE store.signed_not_after IS NOT NULL;

-- Partners by their certificate.
CREATE INDEX IF NOT EXISTS ix_part_certificate ON pms.partner (certificate_alias);
