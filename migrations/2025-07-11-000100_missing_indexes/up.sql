-- Indexes for the queries that the services make (schema contract §3.3). The
-- reference reads every row for them. `…_age` serves the default order of lists.
-- The clear e-mail has a hash index: addresses may exceed a B-tree's entry.

CREATE INDEX IF NOT EXISTS ix_part_user ON pms.partner (user_id);
CREATE INDEX IF NOT EXISTS ix_part_user_lower ON pms.partner (lower(user_id));
CREATE INDEX IF NOT EXISTS ix_part_id_lower ON pms.partner (lower(id));
CREATE INDEX IF NOT EXISTS ix_part_email_hash ON pms.partner (email_id_hash);
CREATE INDEX IF NOT EXISTS ix_part_email_clear
    ON pms.partner USING hash (email_id) WHERE email_id_hash IS NULL;
CREATE INDEX IF NOT EXISTS ix_part_type ON pms.partner (partner_type_code);
CREATE INDEX IF NOT EXISTS ix_part_group ON pms.partner (policy_group_id);
CREATE INDEX IF NOT EXISTS ix_part_name ON pms.partner (name);
CREATE INDEX IF NOT EXISTS ix_part_name_lower ON pms.partner (lower(name));
CREATE INDEX IF NOT EXISTS ix_part_age ON pms.partner (cr_dtimes, id);

CREATE INDEX IF NOT EXISTS ix_partcnt_email_hash ON pms.partner_contact (partner_id, email_id_hash);

CREATE INDEX IF NOT EXISTS ix_polg_name_lower ON pms.policy_group (lower(name));
CREATE INDEX IF NOT EXISTS ix_polg_age ON pms.policy_group (cr_dtimes, id);

CREATE INDEX IF NOT EXISTS ix_apol_name ON pms.auth_policy (name);
CREATE INDEX IF NOT EXISTS ix_apol_name_lower ON pms.auth_policy (lower(name));
CREATE INDEX IF NOT EXISTS ix_apol_id_lower ON pms.auth_policy (lower(id));
CREATE INDEX IF NOT EXISTS ix_apol_age ON pms.auth_policy (cr_dtimes, id);

CREATE INDEX IF NOT EXISTS ix_ppol_policy_active ON pms.partner_policy (policy_id) WHERE is_active;
CREATE INDEX IF NOT EXISTS ix_ppol_policy ON pms.partner_policy (policy_id);
CREATE INDEX IF NOT EXISTS ix_ppol_expiry ON pms.partner_policy (valid_to_datetime) WHERE is_active;
CREATE INDEX IF NOT EXISTS ix_ppol_age ON pms.partner_policy (cr_dtimes, policy_api_key);

CREATE INDEX IF NOT EXISTS ix_papr_part_policy
    ON pms.partner_policy_request (part_id, policy_id, status_code);
CREATE INDEX IF NOT EXISTS ix_papr_policy ON pms.partner_policy_request (policy_id, status_code);
CREATE INDEX IF NOT EXISTS ix_papr_age ON pms.partner_policy_request (cr_dtimes, id);

CREATE INDEX IF NOT EXISTS ix_ppbe_part_policy
    ON pms.partner_policy_bioextract (part_id, policy_id, attribute_name);
CREATE INDEX IF NOT EXISTS ix_ppbe_policy ON pms.partner_policy_bioextract (policy_id);

CREATE INDEX IF NOT EXISTS ix_ppctyp_type
    ON pms.partner_policy_credential_type (part_id, credential_type);
CREATE INDEX IF NOT EXISTS ix_ppctyp_policy ON pms.partner_policy_credential_type (policy_id);

CREATE INDEX IF NOT EXISTS ix_devdtl_provider ON pms.device_detail (dprovider_id);
CREATE INDEX IF NOT EXISTS ix_devdtl_type ON pms.device_detail (dtype_code, dstype_code);
CREATE INDEX IF NOT EXISTS ix_devdtl_age ON pms.device_detail (cr_dtimes, id);

CREATE INDEX IF NOT EXISTS ix_ddsbi_sbi ON pms.device_detail_sbi (sbi_id);
CREATE INDEX IF NOT EXISTS ix_ddsbi_provider ON pms.device_detail_sbi (dprovider_id, sbi_id);

CREATE INDEX IF NOT EXISTS ix_sbi_provider
    ON pms.secure_biometric_interface (provider_id, sw_version);
CREATE INDEX IF NOT EXISTS ix_sbi_age ON pms.secure_biometric_interface (cr_dtimes, id);

CREATE INDEX IF NOT EXISTS ix_fcdtl_provider
    ON pms.ftp_chip_detail (foundational_trust_provider_id);
CREATE INDEX IF NOT EXISTS ix_fcdtl_age ON pms.ftp_chip_detail (cr_dtimes, id);

CREATE INDEX IF NOT EXISTS ix_mlic_key ON pms.misp_license (license_key);

CREATE INDEX IF NOT EXISTS ix_oidc_partner ON pms.oidc_client (rp_id);
CREATE INDEX IF NOT EXISTS ix_oidc_policy ON pms.oidc_client (policy_id);
CREATE INDEX IF NOT EXISTS ix_oidc_name ON pms.oidc_client (name);
CREATE INDEX IF NOT EXISTS ix_oidc_age ON pms.oidc_client (cr_dtimes, id);

CREATE INDEX IF NOT EXISTS ix_notif_partner
    ON pms.notifications (partner_id, notification_type, cr_dtimes DESC);
CREATE INDEX IF NOT EXISTS ix_notif_age ON pms.notifications (cr_dtimes);
