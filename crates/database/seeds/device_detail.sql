-- Default devices (contract schema.md §4.9).
INSERT INTO pms.device_detail
    (id, dprovider_id, dtype_code, dstype_code, make, model, partner_org_name, approval_status,
     is_active, cr_by, cr_dtimes, upd_by, upd_dtimes)
SELECT seed.id, 'MOSIP.PROXY.SBI', seed.dtype_code, seed.dstype_code, 'MOSIP', seed.model,
       'MOSIP', 'Activated', true,
       'superadmin', now() AT TIME ZONE 'UTC', 'superadmin', now() AT TIME ZONE 'UTC'
FROM (VALUES
    ('mdevice_detail_default_face', 'Face', 'Full face', 'FACE01'),
    ('mdevice_detail_default_finger', 'Finger', 'Slap', 'SLAP01'),
    ('mdevice_detail_default_iris', 'Iris', 'Double', 'IRIS01')
) AS seed (id, dtype_code, dstype_code, model)
JOIN pms.reg_device_sub_type s ON s.dtyp_code = seed.dtype_code AND s.code = seed.dstype_code
ON CONFLICT DO NOTHING;
