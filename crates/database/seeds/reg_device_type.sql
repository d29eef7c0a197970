-- Kinds of devices (contract schema.md §4.9).
INSERT INTO pms.reg_device_type (code, name, descr, is_active, cr_by, cr_dtimes)
SELECT code, name, descr, true, 'superadmin', now() AT TIME ZONE 'UTC'
FROM (VALUES
    ('Finger', 'Finger', 'Fingerprint Biometric'),
    ('Face', 'Face', 'Face Biometric'),
    ('Iris', 'Iris', 'Iris Biomertric')
) AS seed (code, name, descr)
ON CONFLICT DO NOTHING;
