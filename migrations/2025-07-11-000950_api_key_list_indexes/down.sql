DROP INDEX IF EXISTS pms.ix_part_id_type;
DROP INDEX IF EXISTS pms.ix_ppol_active_newest;
DROP INDEX IF EXISTS pms.ix_ppol_label_newest;
