DROP INDEX IF EXISTS pms.ix_apol_name_begin;
DROP INDEX IF EXISTS pms.ix_part_id_begin;
DROP INDEX IF EXISTS pms.ix_part_name_begin;
