-- Begins of names: a trigram index reads every name that shares common trigrams
-- with a long begin, this one only those that begin so.

CREATE INDEX IF NOT EXISTS ix_part_name_begin
    ON pms.partner (lower(name) text_pattern_ops);
CREATE INDEX IF NOT EXISTS ix_part_id_begin
    ON pms.partner (lower(id) text_pattern_ops);
CREATE INDEX IF NOT EXISTS ix_apol_name_begin
    ON pms.auth_policy (lower(name) text_pattern_ops);
