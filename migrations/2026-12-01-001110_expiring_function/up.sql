-- A later line of the reference may change the type of a column of its tables, which
-- PostgreSQL refuses while a view lies on the column. The text of a function is read
-- when it runs, so the view lies on a function. The planner puts the text in place of
-- the call, and uses the indexes as before: for that, no SET, no SECURITY DEFINER.
CREATE OR REPLACE FUNCTION pms.expiring_things()
RETURNS TABLE (kind text, item_id text, item_name text, partner_id text, partner_name text,
               partner_domain text, policy_name text, ends_at timestamp, row_key text)
LANGUAGE sql STABLE AS $body$
SELECT 'ca-certificate'::text AS kind, ca.certificate_id::text AS item_id, ca.subject::text AS item_name,
       NULL::text AS partner_id, NULL::text AS partner_name, ca.partner_domain::text AS partner_domain,
       NULL::text AS policy_name, ca.valid_till::timestamp AS ends_at, ca.certificate_id::text AS row_key
FROM keymgr.certificate_validity ca
WHERE ca.kind = 'CA'
UNION ALL
SELECT 'partner-certificate'::text, certificate.certificate_id::text, certificate.subject::text,
       owner.id::text, owner.name::text, NULL::text, NULL::text, certificate.not_after::timestamp,
       owner.id::text
FROM pms.partner owner
JOIN pms.partner_certificate_end certificate ON certificate.certificate_id = owner.certificate_alias
WHERE owner.is_active AND owner.is_deleted IS DISTINCT FROM true
UNION ALL
SELECT 'ftm-chip-certificate'::text, chip.id::text, concat_ws(' ', chip.make, chip.model),
       owner.id::text, owner.name::text, 'FTM'::text, NULL::text,
       certificate.uploaded_not_after::timestamp, chip.id::text
FROM pms.ftp_chip_detail chip
JOIN pms.ftm_certificate certificate ON certificate.certificate_id = chip.certificate_alias
JOIN pms.partner owner ON owner.id = chip.foundational_trust_provider_id
WHERE chip.approval_status = 'approved' AND chip.is_active
  AND chip.is_deleted IS DISTINCT FROM true
  AND owner.is_active AND owner.is_deleted IS DISTINCT FROM true
UNION ALL
SELECT 'sbi'::text, interface.id::text, interface.sw_version::text,
       owner.id::text, owner.name::text, NULL::text, NULL::text,
       interface.sw_expiry_dtimes::timestamp, interface.id::text
FROM pms.secure_biometric_interface interface
JOIN pms.partner owner ON owner.id = interface.provider_id
WHERE interface.approval_status = 'approved' AND interface.is_active
  AND interface.is_deleted IS DISTINCT FROM true
  AND owner.is_active AND owner.is_deleted IS DISTINCT FROM true
UNION ALL
SELECT 'api-key'::text, NULL::text, key.label::text, owner.id::text, owner.name::text, NULL::text,
       policy.name::text, key.valid_to_datetime::timestamp, md5(key.policy_api_key)
FROM pms.partner_policy key
JOIN pms.partner owner ON owner.id = key.part_id
LEFT JOIN pms.auth_policy policy ON policy.id = key.policy_id
WHERE key.is_active AND key.is_deleted IS DISTINCT FROM true
  AND owner.is_active AND owner.is_deleted IS DISTINCT FROM true
UNION ALL
SELECT 'misp-licence'::text, NULL::text, '****' || right(licence.license_key, 4),
       owner.id::text, owner.name::text, NULL::text, policy.name::text,
       licence.valid_to_date::timestamp,
       md5(licence.license_key)
FROM pms.misp_license licence
JOIN pms.partner owner ON owner.id = licence.misp_id
LEFT JOIN pms.auth_policy policy ON policy.id = licence.policy_id
WHERE licence.is_active AND licence.is_deleted IS DISTINCT FROM true
  AND owner.is_active AND owner.is_deleted IS DISTINCT FROM true
$body$;

CREATE OR REPLACE VIEW pms.expiring AS
SELECT kind, item_id, item_name, partner_id, partner_name, partner_domain, policy_name,
       ends_at, row_key
FROM pms.expiring_things();
