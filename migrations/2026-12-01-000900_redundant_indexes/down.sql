CREATE INDEX IF NOT EXISTS ix_part_id_lower ON pms.partner (lower(id));
CREATE INDEX IF NOT EXISTS ix_part_name_lower ON pms.partner (lower(name));
CREATE INDEX IF NOT EXISTS ix_part_type ON pms.partner (partner_type_code);
CREATE INDEX IF NOT EXISTS ix_apol_name_lower ON pms.auth_policy (lower(name));
CREATE INDEX IF NOT EXISTS ix_devdtl_provider ON pms.device_detail (dprovider_id);
CREATE INDEX IF NOT EXISTS ix_ddsbi_sbi ON pms.device_detail_sbi (sbi_id);
CREATE INDEX IF NOT EXISTS ix_fcdtl_provider ON pms.ftp_chip_detail (foundational_trust_provider_id);
