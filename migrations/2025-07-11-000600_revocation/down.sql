-- A revocation must never be forgotten, and numbers of lists never go back.
DO $$
BEGIN
    IF EXISTS (SELECT FROM keymgr.revoked_certificate) OR EXISTS (SELECT FROM keymgr.crl) THEN
        RAISE EXCEPTION 'certificates were revoked or lists published; this is not reverted';
    END IF;
END $$;

DROP INDEX IF EXISTS pms.ix_part_certificate;
DROP VIEW keymgr.certificate_validity;
DROP TABLE keymgr.crl;
DROP TABLE keymgr.revoked_certificate;

ALTER TABLE keymgr.partner_cert_store
    DROP COLUMN signed_subject,
    DROP COLUMN signed_issuer,
    DROP COLUMN signed_not_before,
    DROP COLUMN signed_not_after,
    DROP COLUMN signed_serial_no,
    DROP COLUMN signed_thumbprint,
    DROP COLUMN signed_sha256,
    DROP COLUMN public_key_sha256;
