-- Indexes for the lists of partners, mapping requests and API keys. `…_newest` is
-- the order of the lists: newest first, then the key. Lists without pages go the
-- other way, within a type.

CREATE INDEX IF NOT EXISTS ix_part_newest ON pms.partner (cr_dtimes DESC, id);
CREATE INDEX IF NOT EXISTS ix_part_exact_type_age
    ON pms.partner (partner_type_code, cr_dtimes, id);
CREATE INDEX IF NOT EXISTS ix_part_certified_newest
    ON pms.partner (cr_dtimes DESC, id) WHERE certificate_alias IS NOT NULL;
CREATE INDEX IF NOT EXISTS ix_part_uncertified_newest
    ON pms.partner (cr_dtimes DESC, id) WHERE certificate_alias IS NULL;
-- Addresses may exceed a B-tree's entry.
CREATE INDEX IF NOT EXISTS ix_part_email_lower ON pms.partner USING hash (lower(email_id));

CREATE INDEX IF NOT EXISTS ix_papr_newest ON pms.partner_policy_request (cr_dtimes DESC, id);
CREATE INDEX IF NOT EXISTS ix_papr_exact_status_newest
    ON pms.partner_policy_request (status_code, cr_dtimes DESC, id);

CREATE INDEX IF NOT EXISTS ix_ppol_newest
    ON pms.partner_policy (cr_dtimes DESC, policy_api_key);

-- Parts of partner ids: with the trigram indexes, where there are any.
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
            ('tx_papr_part', 'partner_policy_request', 'part_id'),
            ('tx_ppol_part', 'partner_policy', 'part_id')
        ) AS definition (name, tab, col)
    LOOP
        EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON pms.%I USING gin (lower(%I) %I.gin_trgm_ops)',
                       wanted.name, wanted.tab, wanted.col, home);
    END LOOP;
END $$;
