-- Indexes whose first columns another index has too: every write of a row paid for
-- both, and none was used over a million rows (docs/performance.md, "Indexes").
-- `text_pattern_ops` compares for equality as the default does.

DROP INDEX IF EXISTS pms.ix_part_id_lower;    -- ix_part_id_begin
DROP INDEX IF EXISTS pms.ix_part_name_lower;  -- ix_part_name_begin
DROP INDEX IF EXISTS pms.ix_part_type;        -- ix_part_exact_type_age
DROP INDEX IF EXISTS pms.ix_apol_name_lower;  -- ix_apol_name_begin
DROP INDEX IF EXISTS pms.ix_devdtl_provider;  -- ix_devdtl_provider_age
DROP INDEX IF EXISTS pms.ix_ddsbi_sbi;        -- ix_ddsbi_registry
DROP INDEX IF EXISTS pms.ix_fcdtl_provider;   -- ix_fcdtl_provider_age
