-- Credential types of the default partners (contract schema.md §4.8).
INSERT INTO pms.partner_policy_credential_type
    (part_id, policy_id, credential_type, is_active, cr_by, cr_dtimes)
SELECT seed.part_id, seed.policy_id, seed.credential_type, true,
       'system', timestamp '2020-12-01 05:31'
FROM (VALUES
    ('mpartner-default-print', 'mpolicy-default-qrcode', 'qrcode'),
    ('mpartner-default-print', 'mpolicy-default-euin', 'euin'),
    ('mpartner-default-print', 'mpolicy-default-reprint', 'reprint'),
    ('mpartner-default-auth', 'mpolicy-default-auth', 'auth'),
    ('mpartner-default-print', 'mpolicy-default-eUIN_with_faceQR', 'eUIN_with_faceQR'),
    ('mpartner-default-print', 'mpolicy-default-eUIN_with_QR', 'eUIN_with_QR'),
    ('mpartner-default-digitalcard', 'mpolicy-default-PDFCard', 'PDFCard'),
    ('mpartner-default-mobile', 'mpolicy-default-mobile', 'vercred')
) AS seed (part_id, policy_id, credential_type)
JOIN pms.partner ON partner.id = seed.part_id
JOIN pms.auth_policy ON auth_policy.id = seed.policy_id
ON CONFLICT DO NOTHING;
