-- The state of the device registry: which devices, SBIs and FTM chips may be used.
-- Every change of what the registry shows adds a row, in its own transaction and
-- without waiting for others; the sum of `changes` that a snapshot sees names the
-- state that it sees. Now and then rows are put together, which leaves the sum.
-- Triggers do it, so that changes by other tools count too.

CREATE TABLE IF NOT EXISTS pms.device_registry_change (
    id bigint GENERATED ALWAYS AS IDENTITY,
    changes bigint NOT NULL,
    CONSTRAINT pk_device_registry_change PRIMARY KEY (id)
);

-- With an argument: the condition on a row, named `one`, that the registry depends
-- on. The function writes as its owner, since the writers of the tables may know
-- nothing of ours.
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

DO $$
DECLARE
    wanted record;
BEGIN
    FOR wanted IN
        SELECT * FROM (VALUES
            ('device_detail', 'one.approval_status = ''approved'' AND one.is_active'),
            ('secure_biometric_interface', 'one.approval_status = ''approved'' AND one.is_active'),
            ('ftp_chip_detail', 'one.approval_status = ''approved'' AND one.is_active'),
            ('device_detail_sbi',
             'EXISTS (SELECT FROM pms.device_detail AS device WHERE device.id = one.device_detail_id '
             'AND device.approval_status = ''approved'' AND device.is_active)'),
            ('ftm_certificate',
             'EXISTS (SELECT FROM pms.ftp_chip_detail AS chip '
             'WHERE chip.certificate_alias = one.certificate_id '
             'AND chip.approval_status = ''approved'' AND chip.is_active)')
        ) AS definition (name, condition)
    LOOP
        EXECUTE format('CREATE TRIGGER tg_device_registry_insert AFTER INSERT ON pms.%I '
                       'REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT '
                       'EXECUTE FUNCTION pms.note_device_registry_change(%L)',
                       wanted.name, wanted.condition);
        EXECUTE format('CREATE TRIGGER tg_device_registry_update AFTER UPDATE ON pms.%I '
                       'REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT '
                       'EXECUTE FUNCTION pms.note_device_registry_change(%L)',
                       wanted.name, wanted.condition);
        EXECUTE format('CREATE TRIGGER tg_device_registry_delete AFTER DELETE ON pms.%I '
                       'REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT '
                       'EXECUTE FUNCTION pms.note_device_registry_change(%L)',
                       wanted.name, wanted.condition);
        EXECUTE format('CREATE TRIGGER tg_device_registry_truncate AFTER TRUNCATE ON pms.%I '
                       'FOR EACH STATEMENT EXECUTE FUNCTION pms.note_device_registry_change()',
                       wanted.name);
    END LOOP;
    -- A provider counts while it has something, and when it is switched on or off.
    FOR wanted IN
        SELECT * FROM (VALUES
            ('INSERT', 'NEW TABLE AS new_rows'),
            ('DELETE', 'OLD TABLE AS old_rows')
        ) AS definition (operation, reference)
    LOOP
        EXECUTE format('CREATE TRIGGER %I AFTER %s ON pms.partner '
                       'REFERENCING %s FOR EACH STATEMENT '
                       'EXECUTE FUNCTION pms.note_device_registry_change(%L)',
                       'tg_device_registry_' || lower(wanted.operation), wanted.operation,
                       wanted.reference,
                       'EXISTS (SELECT FROM pms.secure_biometric_interface AS sbi '
                       'WHERE sbi.provider_id = one.id) '
                       'OR EXISTS (SELECT FROM pms.ftp_chip_detail AS chip '
                       'WHERE chip.foundational_trust_provider_id = one.id)');
    END LOOP;
END $$;

CREATE TRIGGER tg_device_registry_update AFTER UPDATE OF is_active, is_deleted ON pms.partner
    FOR EACH ROW
    WHEN (OLD.is_active IS DISTINCT FROM NEW.is_active
          OR OLD.is_deleted IS DISTINCT FROM NEW.is_deleted)
    EXECUTE FUNCTION pms.note_device_registry_change();

-- The registry in its order, and what ended last.
CREATE INDEX IF NOT EXISTS ix_sbi_registry ON pms.secure_biometric_interface (id)
    WHERE approval_status = 'approved' AND is_active;
CREATE INDEX IF NOT EXISTS ix_sbi_registry_end
    ON pms.secure_biometric_interface (sw_expiry_dtimes)
    WHERE approval_status = 'approved' AND is_active;
CREATE INDEX IF NOT EXISTS ix_ddsbi_registry ON pms.device_detail_sbi (sbi_id, device_detail_id);
CREATE INDEX IF NOT EXISTS ix_fcdtl_registry ON pms.ftp_chip_detail (id)
    WHERE approval_status = 'approved' AND is_active;
