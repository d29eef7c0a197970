-- First history rows of the default partners (contract schema.md §4.3).
INSERT INTO pms.partner_h
    (id, eff_dtimes, policy_group_id, name, address, contact_no, email_id, user_id,
     partner_type_code, approval_status, is_active, cr_by, cr_dtimes, upd_by, upd_dtimes)
SELECT seed.id, now() AT TIME ZONE 'UTC', seed.policy_group_id, seed.name, seed.address,
       seed.contact_no, seed.email_id, seed.id, seed.partner_type_code, seed.approval_status,
       true, 'superadmin', now() AT TIME ZONE 'UTC', 'superadmin', now() AT TIME ZONE 'UTC'
FROM (VALUES
    ('mpartner-default-auth', 'mpolicygroup-default-auth', 'mpartner-default-auth', 'mpartner-default-auth', '9232121212', 'info@mosip.io', 'Online_Verification_Partner', 'approved'),
    ('mpartner-default-abis', 'mpolicygroup-default-abis', 'mpartner-default-abis', 'mpartner-default-abis', '9232121212', 'absi@mosip.io', 'ABIS_Partner', 'approved'),
    ('mpartner-default-print', 'mpolicygroup-default-print', 'mpartner-default-print', 'mpartner-default-print', '9232121212', 'print@mosip.io', 'Credential_Partner', 'approved'),
    ('MOSIP.PROXY.SBI', 'mpolicygroup-default-mockdevice', 'MOSIP', 'headoffice9', '9988776655', 'abc@mock.co.in', 'Device_Provider', 'approved'),
    ('mpartner-default-resident', 'mpolicygroup-default-resident', 'mpartner-default-resident', 'mpartner-default-resident', '9232121212', 'resident@mosip.io', 'Credential_Partner', 'approved'),
    ('mpartner-default-adjudication', 'mpolicygroup-default-adjudication', 'mpartner-default-adjudication', 'mpartner-default-adjudication', '9232121212', 'adjudication@mosip.io', 'Manual_Adjudication', 'approved'),
    ('mpartner-default-cert', 'mpolicygroup-default-cert', 'mpartner-default-cert', 'mpartner-default-cert', '9232121212', 'info@mosip.io', 'Internal_Partner', 'approved'),
    ('mpartner-default-digitalcard', 'mpolicygroup-default-digitalcard', 'mpartner-default-digitalcard', 'mpartner-default-digitalcard', '9232121212', 'digitalcard@mosip.io', 'Credential_Partner', 'Activated'),
    ('mpartner-default-mobile', 'mpolicygroup-default-mobile', 'residentapp-partner', 'mpartner-default-mobile', '9232121212', 'info@mosip.io', 'Internal_Partner', 'approved')
) AS seed (id, policy_group_id, name, address, contact_no, email_id, partner_type_code,
           approval_status)
WHERE NOT EXISTS (SELECT FROM pms.partner_h h WHERE h.id = seed.id)
ON CONFLICT DO NOTHING;
