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

-- The searches: whole values ignoring case, in the order of their making.
CREATE INDEX IF NOT EXISTS ix_fcdtl_provider_lower_age
    ON pms.ftp_chip_detail (lower(foundational_trust_provider_id), cr_dtimes, id);
CREATE INDEX IF NOT EXISTS ix_fcdtl_status_age
    ON pms.ftp_chip_detail (lower(approval_status), cr_dtimes, id);
CREATE INDEX IF NOT EXISTS ix_fcdtl_author_age
    ON pms.ftp_chip_detail (lower(cr_by), cr_dtimes, id);
CREATE INDEX IF NOT EXISTS ix_fcdtl_make_age ON pms.ftp_chip_detail (lower(make), cr_dtimes, id);
CREATE INDEX IF NOT EXISTS ix_fcdtl_model_age ON pms.ftp_chip_detail (lower(model), cr_dtimes, id);
CREATE INDEX IF NOT EXISTS ix_fcdtl_id_lower ON pms.ftp_chip_detail (lower(id));

-- Parts of values, where there are trigram indexes.
DO $$
DECLARE
    home text;
    wanted record;
BEGIN
    SELECT n.nspname INTO home
    FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
    WHERE e.extname = 'pg_trgm';
    IF home IS NULL THEN
        RETURN;
    END IF;
    FOR wanted IN
        SELECT * FROM (VALUES
            ('tx_fcdtl_id', 'ftp_chip_detail', 'id'),
            ('tx_fcdtl_provider', 'ftp_chip_detail', 'foundational_trust_provider_id'),
            ('tx_fcdtl_org', 'ftp_chip_detail', 'partner_org_name')
        ) AS definition (name, tab, col)
    LOOP
        EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON pms.%I USING gin (lower(%I) %I.gin_trgm_ops)',
                       wanted.name, wanted.tab, wanted.col, home);
    END LOOP;
END $$;
