-- When the certificates of FTM chips begin and end, by their id at the key
-- manager: what a certificate says never changes, so it is asked for once, and
-- its end can be looked for.

CREATE TABLE IF NOT EXISTS pms.ftm_certificate (
    certificate_id varchar(36) NOT NULL,
    uploaded_not_after timestamp NOT NULL,
    issued_not_before timestamp,
    CONSTRAINT pk_ftm_certificate PRIMARY KEY (certificate_id)
);

COMMENT ON COLUMN pms.ftm_certificate.uploaded_not_after IS
    'End of the certificate that the provider uploaded.';
COMMENT ON COLUMN pms.ftm_certificate.issued_not_before IS
    'Beginning of the certificate that the key manager made of it; null until it was asked for.';

CREATE INDEX IF NOT EXISTS ix_ftm_certificate_end ON pms.ftm_certificate (uploaded_not_after);
CREATE INDEX IF NOT EXISTS ix_fcdtl_certificate ON pms.ftp_chip_detail (certificate_alias);
CREATE INDEX IF NOT EXISTS ix_fcdtl_provider_age
    ON pms.ftp_chip_detail (foundational_trust_provider_id, cr_dtimes, id);
