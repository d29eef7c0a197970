-- A default policy (contract schema.md §4.4): $1 its id, $2 its group, $3 its document.
INSERT INTO pms.auth_policy
    (id, policy_group_id, name, descr, policy_file_id, policy_type, version, policy_schema,
     valid_from_date, valid_to_date, is_active, cr_by, cr_dtimes, upd_by, upd_dtimes)
SELECT $1, g.id, $1, $1, $3, 'DataShare', '1', 'https://schemas.mosip.io/v1/auth-policy',
       now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC' + interval '200 years', true,
       'admin', now() AT TIME ZONE 'UTC', 'admin', now() AT TIME ZONE 'UTC'
FROM pms.policy_group g
WHERE g.id = $2
ON CONFLICT DO NOTHING;
