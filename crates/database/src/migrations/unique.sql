-- Unique constraints and indexes that rows of an adopted database may forbid: name, table,
-- columns, kind, and the indexes for look-ups that stand in for one that is left out. Those
-- that are missing are tried again, since the rows may have gone. `pms migrate` reads the
-- list too, and builds beside the writers (unique.rs).

DO $$
DECLARE
    wanted record;
    stand_in text;
BEGIN
    FOR wanted IN
        SELECT * FROM (VALUES
            ('uk_polg', 'policy_group', '(name)', 'constraint', ''),
            ('uk_apol', 'auth_policy', '(policy_group_id, name)', 'constraint', ''),
            ('uk_apolh', 'auth_policy_h', '(eff_dtimes, policy_group_id, name)', 'constraint', ''),
            ('uk_partcnt_idcnt', 'partner_contact', '(partner_id, contact_no)', 'constraint', ''),
            ('uk_partcnt_ideml', 'partner_contact', '(partner_id, email_id)', 'constraint', ''),
            ('uk_ppol', 'partner_policy', '(part_id, policy_id, valid_from_datetime)', 'constraint', ''),
            ('uk_misp', 'misp', '(name)', 'constraint', ''),
            ('uq_oidc_client_public_key', 'oidc_client', '(public_key)', 'constraint', ''),
            ('uk_devdtl_make_model_approval_status', 'device_detail', '(dprovider_id, dtype_code, dstype_code, make, model) WHERE approval_status <> ''rejected'' AND NOT (approval_status = ''approved'' AND is_active = false)', 'index', ''),
            ('uk_fcdtl_make_model_approval_status', 'ftp_chip_detail', '(foundational_trust_provider_id, make, model) WHERE approval_status <> ''rejected'' AND NOT (approval_status = ''approved'' AND is_active = false)', 'index', ''),
            ('uk_ddsbi_device_sbi', 'device_detail_sbi', '(device_detail_id, sbi_id)', 'index', 'ix_ddsbi_device_sbi ix_ddsbi_device'),
            ('uk_user_details_user', 'user_details', '(user_id)', 'index', 'ix_user_details_user')
        ) AS definition (name, place, columns, kind, stand_ins)
        WHERE to_regclass('pms.' || definition.name) IS NULL
          AND to_regclass('pms.' || definition.place) IS NOT NULL
    LOOP
        BEGIN
            EXECUTE format('CREATE UNIQUE INDEX %I ON pms.%I %s', wanted.name, wanted.place, wanted.columns);
            IF wanted.kind = 'constraint' THEN
                EXECUTE format('ALTER TABLE pms.%I ADD CONSTRAINT %I UNIQUE USING INDEX %I',
                               wanted.place, wanted.name, wanted.name);
            END IF;
            FOREACH stand_in IN ARRAY string_to_array(wanted.stand_ins, ' ') LOOP
                EXECUTE format('DROP INDEX IF EXISTS pms.%I', stand_in);
            END LOOP;
        EXCEPTION
            WHEN unique_violation THEN
                RAISE WARNING 'index % is left out: %', wanted.name, SQLERRM;
        END;
    END LOOP;
END $$;
