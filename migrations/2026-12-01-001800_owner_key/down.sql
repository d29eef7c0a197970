DROP INDEX IF EXISTS pms.ix_part_owner_key;
