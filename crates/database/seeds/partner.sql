-- Default partners (contract schema.md §4.3), with clear-text contact data.
INSERT INTO pms.partner
    (id, policy_group_id, name, address, contact_no, email_id, user_id, partner_type_code,
     approval_status, is_active, cr_by, cr_dtimes, upd_by, upd_dtimes)
SELECT seed.id, seed.policy_group_id, seed.name, seed.address, seed.contact_no, seed.email_id,
       seed.id, seed.partner_type_code, seed.approval_status, true,
       'superadmin', now() AT TIME ZONE 'UTC', 'superadmin', now() AT TIME ZONE 'UTC'
FROM (VALUES
    ('mpartner-default-auth', 'mpolicygroup-default-auth', 'IITB', 'mpartner-default-auth', '9232121212', 'info@mosip.io', 'Online_Verification_Partner', 'approved'),
    ('mpartner-default-abis', 'mpolicygroup-default-abis', 'mpartner-default-abis', 'mpartner-default-abis', '9232121212', 'absi@mosip.io', 'ABIS_Partner', 'approved'),
    ('mpartner-default-print', 'mpolicygroup-default-print', 'IIITB', 'mpartner-default-print', '9232121212', 'print@mosip.io', 'Credential_Partner', 'approved'),
    ('MOSIP.PROXY.SBI', 'mpolicygroup-default-mockdevice', 'MOSIP', 'headoffice9', '9988776655', 'abc@mock.co.in', 'Device_Provider', 'approved'),
    ('mpartner-default-resident', 'mpolicygroup-default-resident', 'IITB', 'mpartner-default-resident', '9232121212', 'resident@mosip.io', 'Credential_Partner', 'approved'),
    ('mpartner-default-adjudication', 'mpolicygroup-default-adjudication', 'mpartner-default-adjudication', 'mpartner-default-adjudication', '9232121212', 'adjudication@mosip.io', 'Manual_Adjudication', 'approved'),
    ('mpartner-default-cert', 'mpolicygroup-default-cert', 'mpartner-default-cert', 'mpartner-default-cert', '9232121212', 'info@mosip.io', 'Internal_Partner', 'approved'),
    ('mpartner-default-digitalcard', 'mpolicygroup-default-digitalcard', 'IITB', 'mpartner-default-digitalcard', '9232121212', 'digitalcard@mosip.io', 'Credential_Partner', 'Activated'),
    ('mpartner-default-mobile', 'mpolicygroup-default-mobile', 'residentapp-partner', 'mpartner-default-mobile', '9232121212', 'info@mosip.io', 'Credential_Partner', 'approved')
) AS seed (id, policy_group_id, name, address, contact_no, email_id, partner_type_code,
           approval_status)
JOIN pms.partner_type ON partner_type.code = seed.partner_type_code
ON CONFLICT DO NOTHING;
