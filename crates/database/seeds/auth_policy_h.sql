-- First history rows of the default policies (contract schema.md §4.4).
INSERT INTO pms.auth_policy_h
    (id, eff_dtimes, policy_group_id, name, descr, policy_file_id, policy_type, version,
     policy_schema, valid_from_date, valid_to_date, is_active, cr_by, cr_dtimes, upd_by,
     upd_dtimes, is_deleted)
SELECT p.id, p.cr_dtimes, p.policy_group_id, p.name, p.descr, p.policy_file_id, p.policy_type,
       p.version, p.policy_schema, p.valid_from_date, p.valid_to_date, p.is_active, p.cr_by,
       p.cr_dtimes, p.upd_by, p.upd_dtimes, p.is_deleted
FROM pms.auth_policy p
WHERE p.id LIKE 'mpolicy-default-%'
  AND NOT EXISTS (SELECT FROM pms.auth_policy_h h WHERE h.id = p.id)
ON CONFLICT DO NOTHING;
