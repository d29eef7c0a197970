-- Default SBIs, without provider (contract schema.md §4.9).
INSERT INTO pms.secure_biometric_interface
    (id, sw_binary_hash, sw_version, sw_cr_dtimes, sw_expiry_dtimes, approval_status, is_active,
     cr_by, cr_dtimes, upd_by, upd_dtimes)
SELECT id, convert_to('binary data', 'UTF8'), '0.9.5', now() AT TIME ZONE 'UTC',
       timestamp '2021-10-01 12:03', 'Activated', true,
       'superadmin', now() AT TIME ZONE 'UTC', 'superadmin', now() AT TIME ZONE 'UTC'
FROM (VALUES
    ('618856c8-43fc-4e01-9d9b-67d20a07b352'),
    ('5fbe45ac-b4dc-4523-b368-c38f46633662'),
    ('d2479cf1-4c63-420e-9480-105e744caa99')
) AS seed (id)
ON CONFLICT DO NOTHING;
