-- Kinds of partners (contract schema.md §4.1).
INSERT INTO pms.partner_type
    (code, partner_description, is_policy_required, is_active, cr_by, cr_dtimes)
SELECT code, description, policy_required, true, 'superadmin', now() AT TIME ZONE 'UTC'
FROM (VALUES
    ('Auth_Partner', 'Auth Partner', true),
    ('Device_Provider', 'Device Provider', false),
    ('Credential_Partner', 'Credential Partner', true),
    ('Partner_Admin', 'Partner Admin', false),
    ('FTM_Provider', 'FTM Provider', false),
    ('Online_Verification_Partner', 'Online_Verification_Partner', true),
    ('ABIS_Partner', 'ABIS Partner', true),
    ('Manual_Adjudication', 'Manual Adjudication', true),
    ('MISP_Partner', 'MISP_Partner', false),
    ('Internal_Partner', 'Used internally to share certs', true),
    ('SDK_Partner', 'SDK Partner', false),
    ('Print_Partner', 'Print Partner', true),
    ('Binding_Partner', 'Binding Partner', true)
) AS seed (code, description, policy_required)
ON CONFLICT DO NOTHING;
