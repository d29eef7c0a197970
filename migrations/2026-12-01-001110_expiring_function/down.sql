CREATE OR REPLACE VIEW pms.expiring AS
SELECT 'ca-certificate'::text AS kind, ca.certificate_id AS item_id, ca.subject AS item_name,
       NULL::text AS partner_id, NULL::text AS partner_name, ca.partner_domain AS partner_domain,
       NULL::text AS policy_name, ca.valid_till AS ends_at, ca.certificate_id AS row_key
FROM keymgr.certificate_validity ca
WHERE ca.kind = 'CA'
UNION ALL
SELECT 'partner-certificate', certificate.certificate_id, certificate.subject,
       owner.id::text, owner.name::text, NULL, NULL, certificate.not_after, owner.id::text
FROM pms.partner owner
JOIN pms.partner_certificate_end certificate ON certificate.certificate_id = owner.certificate_alias
WHERE owner.is_active AND owner.is_deleted IS DISTINCT FROM true
UNION ALL
SELECT 'ftm-chip-certificate', chip.id::text, concat_ws(' ', chip.make, chip.model),
       owner.id::text, owner.name::text, 'FTM', NULL, certificate.uploaded_not_after, chip.id::text
FROM pms.ftp_chip_detail chip
JOIN pms.ftm_certificate certificate ON certificate.certificate_id = chip.certificate_alias
JOIN pms.partner owner ON owner.id = chip.foundational_trust_provider_id
WHERE chip.approval_status = 'approved' AND chip.is_active
  AND chip.is_deleted IS DISTINCT FROM true
  AND owner.is_active AND owner.is_deleted IS DISTINCT FROM true
UNION ALL
SELECT 'sbi', interface.id::text, interface.sw_version::text,
       owner.id::text, owner.name::text, NULL, NULL, interface.sw_expiry_dtimes, interface.id::text
FROM pms.secure_biometric_interface interface
JOIN pms.partner owner ON owner.id = interface.provider_id
WHERE interface.approval_status = 'approved' AND interface.is_active
  AND interface.is_deleted IS DISTINCT FROM true
  AND owner.is_active AND owner.is_deleted IS DISTINCT FROM true
UNION ALL
SELECT 'api-key', NULL, key.label::text, owner.id::text, owner.name::text, NULL,
       policy.name::text, key.valid_to_datetime, md5(key.policy_api_key)
FROM pms.partner_policy key
JOIN pms.partner owner ON owner.id = key.part_id
LEFT JOIN pms.auth_policy policy ON policy.id = key.policy_id
WHERE key.is_active AND key.is_deleted IS DISTINCT FROM true
  AND owner.is_active AND owner.is_deleted IS DISTINCT FROM true
UNION ALL
SELECT 'misp-licence', NULL, '****' || right(licence.license_key, 4),
       owner.id::text, owner.name::text, NULL, policy.name::text, licence.valid_to_date,
       md5(licence.license_key)
FROM pms.misp_license licence
JOIN pms.partner owner ON owner.id = licence.misp_id
LEFT JOIN pms.auth_policy policy ON policy.id = licence.policy_id
WHERE licence.is_active AND licence.is_deleted IS DISTINCT FROM true
  AND owner.is_active AND owner.is_deleted IS DISTINCT FROM true;

DROP FUNCTION IF EXISTS pms.expiring_things();
