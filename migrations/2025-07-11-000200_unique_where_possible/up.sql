-- Uniqueness that the reference checks in code alone. An adopted database may
-- hold duplicates: then the index is left out, the migration report names it,
-- and the code's advisory locks stand alone.

DO $$
DECLARE
    wanted record;
BEGIN
    FOR wanted IN
        SELECT * FROM (VALUES
            ('uk_ppol_label', 'partner_policy (part_id, policy_id, label)'),
            ('uk_ddsbi_device_sbi', 'device_detail_sbi (device_detail_id, sbi_id)'),
            ('uk_user_details_user', 'user_details (user_id)')
        ) AS definition (name, body)
    LOOP
        BEGIN
            EXECUTE format('CREATE UNIQUE INDEX IF NOT EXISTS %I ON pms.%s', wanted.name, wanted.body);
        EXCEPTION
            WHEN unique_violation THEN
                RAISE WARNING 'index % is left out: %', wanted.name, SQLERRM;
                -- Look-ups still want an index.
                EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON pms.%s',
                               replace(wanted.name, 'uk_', 'ix_'), wanted.body);
        END;
    END LOOP;
END $$;
