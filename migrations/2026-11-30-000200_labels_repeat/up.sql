-- A key that is moved to another policy keeps its label, whatever labels the keys
-- there have. Generation keeps labels apart by an advisory lock.
CREATE INDEX IF NOT EXISTS ix_ppol_label ON pms.partner_policy (part_id, policy_id, label);
DROP INDEX IF EXISTS pms.uk_ppol_label;
