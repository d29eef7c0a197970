DROP FUNCTION IF EXISTS pms.owner_key(text, text);
