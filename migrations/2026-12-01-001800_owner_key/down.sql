DROP INDEX IF EXISTS pms.ix_part_owner_key;
DROP FUNCTION IF EXISTS pms.owner_key(text, text);
