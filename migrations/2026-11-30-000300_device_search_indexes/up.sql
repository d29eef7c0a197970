-- Indexes for the lists and searches of devices, SBIs and their mappings: whole
-- values ignoring case and the rows of a provider, in the order of the pages.

CREATE INDEX IF NOT EXISTS ix_devdtl_provider_age
    ON pms.device_detail (dprovider_id, cr_dtimes, id);
CREATE INDEX IF NOT EXISTS ix_devdtl_provider_lower_age
    ON pms.device_detail (lower(dprovider_id), cr_dtimes, id);
CREATE INDEX IF NOT EXISTS ix_devdtl_status_age
    ON pms.device_detail (lower(approval_status), cr_dtimes, id);
CREATE INDEX IF NOT EXISTS ix_devdtl_type_age
    ON pms.device_detail (lower(dtype_code), cr_dtimes, id);
CREATE INDEX IF NOT EXISTS ix_devdtl_sub_type_age
    ON pms.device_detail (lower(dstype_code), cr_dtimes, id);
CREATE INDEX IF NOT EXISTS ix_devdtl_active_age
    ON pms.device_detail (is_active, cr_dtimes, id);
CREATE INDEX IF NOT EXISTS ix_devdtl_author_age
    ON pms.device_detail (lower(cr_by), cr_dtimes, id);
CREATE INDEX IF NOT EXISTS ix_devdtl_make_age
    ON pms.device_detail (lower(make), cr_dtimes, id);
CREATE INDEX IF NOT EXISTS ix_devdtl_model_age
    ON pms.device_detail (lower(model), cr_dtimes, id);
CREATE INDEX IF NOT EXISTS ix_devdtl_id_lower ON pms.device_detail (lower(id));

CREATE INDEX IF NOT EXISTS ix_sbi_provider_age
    ON pms.secure_biometric_interface (provider_id, cr_dtimes, id);
CREATE INDEX IF NOT EXISTS ix_sbi_provider_lower_age
    ON pms.secure_biometric_interface (lower(provider_id), cr_dtimes, id);
CREATE INDEX IF NOT EXISTS ix_sbi_status_age
    ON pms.secure_biometric_interface (lower(approval_status), cr_dtimes, id);
CREATE INDEX IF NOT EXISTS ix_sbi_id_lower ON pms.secure_biometric_interface (lower(id));

CREATE INDEX IF NOT EXISTS ix_ddsbi_age
    ON pms.device_detail_sbi (cr_dtimes, device_detail_id, sbi_id);
CREATE INDEX IF NOT EXISTS ix_ddsbi_provider_age
    ON pms.device_detail_sbi (dprovider_id, cr_dtimes, device_detail_id, sbi_id);
CREATE INDEX IF NOT EXISTS ix_ddsbi_provider_lower_age
    ON pms.device_detail_sbi (lower(dprovider_id), cr_dtimes, device_detail_id, sbi_id);

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
            ('tx_devdtl_id', 'device_detail', 'id'),
            ('tx_devdtl_provider', 'device_detail', 'dprovider_id'),
            ('tx_devdtl_org', 'device_detail', 'partner_org_name'),
            ('tx_sbi_id', 'secure_biometric_interface', 'id'),
            ('tx_sbi_provider', 'secure_biometric_interface', 'provider_id'),
            ('tx_sbi_org', 'secure_biometric_interface', 'partner_org_name')
        ) AS definition (name, tab, col)
    LOOP
        EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON pms.%I USING gin (lower(%I) %I.gin_trgm_ops)',
                       wanted.name, wanted.tab, wanted.col, home);
    END LOOP;
END $$;
