-- Sub-kinds of devices (contract schema.md §4.9).
INSERT INTO pms.reg_device_sub_type
    (code, dtyp_code, name, descr, is_active, cr_by, cr_dtimes)
SELECT seed.code, seed.dtyp_code, seed.name, seed.descr, true, 'superadmin', now() AT TIME ZONE 'UTC'
FROM (VALUES
    ('Slap', 'Finger', 'Slap', 'Fingerprint Slap'),
    ('Single', 'Finger', 'Single', 'Fingerprint Single Finger'),
    ('Touchless', 'Finger', 'Touchless', 'Touch Fingerprint'),
    ('Single', 'Iris', 'Single', 'Single'),
    ('Double', 'Iris', 'Double', 'Double'),
    ('Full face', 'Face', 'Full face', 'Full Face')
) AS seed (code, dtyp_code, name, descr)
JOIN pms.reg_device_type ON reg_device_type.code = seed.dtyp_code
ON CONFLICT DO NOTHING;
