-- Trigram indexes make substring filters fast. They need the extension pg_trgm,
-- which may be neither installed nor allowed: then lists work without them.

DO $$
DECLARE
    home text;
    wanted record;
BEGIN
    BEGIN
        CREATE EXTENSION IF NOT EXISTS pg_trgm;
    EXCEPTION
        WHEN OTHERS THEN
            RAISE NOTICE 'no trigram indexes: %', SQLERRM;
    END;
    SELECT n.nspname INTO home
    FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
    WHERE e.extname = 'pg_trgm';
    IF home IS NULL THEN
        RETURN;
    END IF;

    FOR wanted IN
        SELECT * FROM (VALUES
            ('tx_part_id', 'partner', 'id'),
            ('tx_part_name', 'partner', 'name'),
            ('tx_polg_name', 'policy_group', 'name'),
            ('tx_apol_id', 'auth_policy', 'id'),
            ('tx_apol_name', 'auth_policy', 'name'),
            ('tx_apol_descr', 'auth_policy', 'descr'),
            ('tx_ppol_label', 'partner_policy', 'label'),
            ('tx_papr_request_detail', 'partner_policy_request', 'request_detail'),
            ('tx_oidc_name', 'oidc_client', 'name'),
            ('tx_devdtl_make', 'device_detail', 'make'),
            ('tx_devdtl_model', 'device_detail', 'model'),
            ('tx_fcdtl_make', 'ftp_chip_detail', 'make'),
            ('tx_fcdtl_model', 'ftp_chip_detail', 'model'),
            ('tx_sbi_sw_version', 'secure_biometric_interface', 'sw_version')
        ) AS definition (name, tab, col)
    LOOP
        EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON pms.%I USING gin (lower(%I) %I.gin_trgm_ops)',
                       wanted.name, wanted.tab, wanted.col, home);
    END LOOP;
EXCEPTION
    WHEN OTHERS THEN
        RAISE NOTICE 'no trigram indexes: %', SQLERRM;
END $$;
