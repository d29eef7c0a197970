-- Indexes for the filters of the searches of partners, mapping requests and API
-- keys: whole values ignoring case, in the order of the pages.

CREATE INDEX IF NOT EXISTS ix_part_type_age
    ON pms.partner (lower(partner_type_code), cr_dtimes, id);
CREATE INDEX IF NOT EXISTS ix_part_status_age
    ON pms.partner (lower(approval_status), cr_dtimes, id);
CREATE INDEX IF NOT EXISTS ix_part_group_age
    ON pms.partner (lower(policy_group_id), cr_dtimes, id);
CREATE INDEX IF NOT EXISTS ix_part_author_age ON pms.partner (lower(cr_by), cr_dtimes, id);
CREATE INDEX IF NOT EXISTS ix_part_updater_age ON pms.partner (lower(upd_by), cr_dtimes, id);
CREATE INDEX IF NOT EXISTS ix_part_language_age ON pms.partner (lower(lang_code), cr_dtimes, id);
CREATE INDEX IF NOT EXISTS ix_part_active_age ON pms.partner (is_active, cr_dtimes, id);
CREATE INDEX IF NOT EXISTS ix_part_alias_lower ON pms.partner (lower(certificate_alias));
CREATE INDEX IF NOT EXISTS ix_part_email_hash_lower ON pms.partner (lower(email_id_hash));

CREATE INDEX IF NOT EXISTS ix_papr_id_lower ON pms.partner_policy_request (lower(id));
CREATE INDEX IF NOT EXISTS ix_papr_policy_age
    ON pms.partner_policy_request (lower(policy_id), cr_dtimes, id);
CREATE INDEX IF NOT EXISTS ix_papr_status_age
    ON pms.partner_policy_request (lower(status_code), cr_dtimes, id);
CREATE INDEX IF NOT EXISTS ix_papr_author_age
    ON pms.partner_policy_request (lower(cr_by), cr_dtimes, id);
CREATE INDEX IF NOT EXISTS ix_papr_updater_age
    ON pms.partner_policy_request (lower(upd_by), cr_dtimes, id);

CREATE INDEX IF NOT EXISTS ix_ppol_key_lower ON pms.partner_policy (lower(policy_api_key));
CREATE INDEX IF NOT EXISTS ix_ppol_policy_age
    ON pms.partner_policy (lower(policy_id), cr_dtimes, policy_api_key);
CREATE INDEX IF NOT EXISTS ix_ppol_label_age
    ON pms.partner_policy (lower(label), cr_dtimes, policy_api_key);
CREATE INDEX IF NOT EXISTS ix_ppol_author_age
    ON pms.partner_policy (lower(cr_by), cr_dtimes, policy_api_key);
CREATE INDEX IF NOT EXISTS ix_ppol_updater_age
    ON pms.partner_policy (lower(upd_by), cr_dtimes, policy_api_key);
CREATE INDEX IF NOT EXISTS ix_ppol_active_age
    ON pms.partner_policy (is_active, cr_dtimes, policy_api_key);

-- Parts of values: with the trigram indexes, where there are any. Not of keys,
-- which are secrets that nobody guesses bit by bit.
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
            ('tx_part_user', 'partner', 'user_id'),
            ('tx_part_type', 'partner', 'partner_type_code'),
            ('tx_part_group', 'partner', 'policy_group_id'),
            ('tx_part_alias', 'partner', 'certificate_alias'),
            ('tx_papr_id', 'partner_policy_request', 'id'),
            ('tx_papr_policy', 'partner_policy_request', 'policy_id'),
            ('tx_ppol_policy', 'partner_policy', 'policy_id')
        ) AS definition (name, tab, col)
    LOOP
        EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON pms.%I USING gin (lower(%I) %I.gin_trgm_ops)',
                       wanted.name, wanted.tab, wanted.col, home);
    END LOOP;
END $$;
