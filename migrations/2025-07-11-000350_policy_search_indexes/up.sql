-- Indexes for the filters of the policy searches and lists that the trigram
-- indexes do not serve: type and author are compared as a whole, a state is a
-- condition. `cr_dtimes, id` is the order of the lists.

CREATE INDEX IF NOT EXISTS ix_apol_type_age
    ON pms.auth_policy (lower(policy_type), cr_dtimes, id);
CREATE INDEX IF NOT EXISTS ix_apol_author_age
    ON pms.auth_policy (lower(cr_by), cr_dtimes, id);
CREATE INDEX IF NOT EXISTS ix_apol_draft_age
    ON pms.auth_policy (cr_dtimes, id) WHERE policy_schema IS NULL;
CREATE INDEX IF NOT EXISTS ix_apol_deactivated_age
    ON pms.auth_policy (cr_dtimes, id) WHERE policy_schema IS NOT NULL AND NOT is_active;

-- A part of the type: with the trigram indexes, where there are any.
DO $$
DECLARE
    home text;
BEGIN
    SELECT n.nspname INTO home
    FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
    WHERE e.extname = 'pg_trgm';
    IF home IS NOT NULL THEN
        EXECUTE format('CREATE INDEX IF NOT EXISTS tx_apol_type ON pms.auth_policy '
                       'USING gin (lower(policy_type) %I.gin_trgm_ops)', home);
    END IF;
END $$;
