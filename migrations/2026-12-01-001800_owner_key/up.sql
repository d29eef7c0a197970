-- Apart from the rule, so that it is built beside the writers of a table with rows.
CREATE INDEX IF NOT EXISTS ix_part_owner_key ON pms.partner (pms.owner_key(user_id, id));
ANALYZE pms.partner;
