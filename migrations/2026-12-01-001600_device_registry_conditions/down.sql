-- The function that reads its conditions from the triggers' arguments.
CREATE OR REPLACE FUNCTION pms.note_device_registry_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    concerned boolean := true;
    noted bigint;
BEGIN
    IF TG_LEVEL = 'STATEMENT' AND TG_OP = 'INSERT' THEN
        EXECUTE format('SELECT EXISTS (SELECT FROM new_rows AS one WHERE %s)', TG_ARGV[0])
            INTO concerned;
    ELSIF TG_LEVEL = 'STATEMENT' AND TG_OP = 'DELETE' THEN
        EXECUTE format('SELECT EXISTS (SELECT FROM old_rows AS one WHERE %s)', TG_ARGV[0])
            INTO concerned;
    ELSIF TG_LEVEL = 'STATEMENT' AND TG_OP = 'UPDATE' THEN
        EXECUTE format('SELECT EXISTS (SELECT FROM new_rows AS one WHERE %1$s) '
                       'OR EXISTS (SELECT FROM old_rows AS one WHERE %1$s)', TG_ARGV[0])
            INTO concerned;
    END IF;
    IF concerned THEN
        INSERT INTO pms.device_registry_change (changes) VALUES (1) RETURNING id INTO noted;
        IF noted % 256 = 0 THEN
            WITH oldest AS (
                SELECT id FROM pms.device_registry_change
                ORDER BY id LIMIT 1024 FOR UPDATE SKIP LOCKED
            ), gone AS (
                DELETE FROM pms.device_registry_change
                WHERE id IN (SELECT id FROM oldest) RETURNING changes
            )
            INSERT INTO pms.device_registry_change (changes) SELECT sum(changes) FROM gone;
        END IF;
    END IF;
    RETURN NULL;
END $$;
