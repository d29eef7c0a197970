-- The roles that write partners (that of the reference's services, if there is
-- one, and the one the operator gave ours) may use the tables we added.
DO $$
DECLARE
    service text;
    owned record;
BEGIN
    FOR service IN
        SELECT rolname FROM pg_roles WHERE rolname = 'pmsuser'
        UNION
        SELECT grantee FROM information_schema.role_table_grants
        WHERE table_schema = 'pms' AND table_name = 'partner' AND privilege_type = 'INSERT'
          AND grantee NOT IN ('PUBLIC', current_user)
    LOOP
        EXECUTE format('GRANT USAGE ON SCHEMA pms, keymgr TO %I', service);
        EXECUTE format('GRANT SELECT ON public.__diesel_schema_migrations TO %I', service);
        FOR owned IN
            SELECT schemaname, tablename FROM pg_tables
            WHERE schemaname IN ('pms', 'keymgr') AND pg_has_role(tableowner, 'USAGE')
            UNION ALL
            SELECT schemaname, viewname FROM pg_views
            WHERE schemaname IN ('pms', 'keymgr') AND pg_has_role(viewowner, 'USAGE')
        LOOP
            EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES '
                           'ON %I.%I TO %I', owned.schemaname, owned.tablename, service);
        END LOOP;
        EXECUTE format('GRANT USAGE, SELECT ON SEQUENCE pms.outbox_seq_seq TO %I', service);
    END LOOP;
END $$;
