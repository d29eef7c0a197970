-- The list of API keys: by label, in the database's own order of texts, and by
-- state, newest first. It lists the keys of one type of partner, so the look at
-- each key's partner must not cost a visit to the partner's row.
CREATE INDEX IF NOT EXISTS ix_ppol_label_newest
    ON pms.partner_policy (label, cr_dtimes DESC, policy_api_key);
CREATE INDEX IF NOT EXISTS ix_ppol_active_newest
    ON pms.partner_policy (is_active, cr_dtimes DESC, policy_api_key) INCLUDE (part_id, policy_id);
CREATE INDEX IF NOT EXISTS ix_part_id_type ON pms.partner (id, partner_type_code);
