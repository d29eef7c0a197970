DROP INDEX IF EXISTS pms.ix_fcdtl_registry;
DROP INDEX IF EXISTS pms.ix_ddsbi_registry;
DROP INDEX IF EXISTS pms.ix_sbi_registry_end;
DROP INDEX IF EXISTS pms.ix_sbi_registry;
DROP FUNCTION IF EXISTS pms.note_device_registry_change() CASCADE;
DROP TABLE pms.device_registry_change;
