-- Default API keys (contract schema.md §4.5).
INSERT INTO pms.partner_policy
    (policy_api_key, label, part_id, policy_id, valid_from_datetime, valid_to_datetime, is_active,
     cr_by, cr_dtimes, upd_by, upd_dtimes)
SELECT seed.policy_api_key, seed.label, seed.part_id, seed.policy_id,
       now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC' + interval '200 years', true,
       'admin', now() AT TIME ZONE 'UTC', 'admin', now() AT TIME ZONE 'UTC'
FROM (VALUES
    ('mpolicy_part_auth_api', 'mpolicy_part_auth_api', 'mpartner-default-auth', 'mpolicy-default-auth'),
    ('mpolicy_part_abis_api', 'mpolicy_part_abis_api', 'mpartner-default-abis', 'mpolicy-default-abis'),
    ('mpolicy_part_qrcode_api', 'mpolicy_part_qrcode_api', 'mpartner-default-print', 'mpolicy-default-qrcode'),
    ('mpolicy_part_euin_api', 'mpolicy_part_euin_api', 'mpartner-default-print', 'mpolicy-default-euin'),
    ('mpolicy_part_reprint_api', 'mpolicy_part_reprint_api', 'mpartner-default-print', 'mpolicy-default-reprint'),
    ('mpolicy_part_resident_api', 'mpolicy_part_resident_api', 'mpartner-default-resident', 'mpolicy-default-resident'),
    ('mpolicy_part_adjudica_api', 'mpolicy_part_adjudica_api', 'mpartner-default-adjudication', 'mpolicy-default-adjudication'),
    ('mpolicy_part_cert_api', 'mpolicy_part_cert_api', 'mpartner-default-cert', 'mpolicy-default-cert'),
    ('mpolicy_part_eUIN_with_QR_api', 'mpolicy_part_eUIN_with_QR_api', 'mpartner-default-print', 'mpolicy-default-eUIN_with_QR'),
    ('mpolicy_part_eUIN_with_faceQR_api', 'mpolicy_part_eUIN_with_faceQR_api', 'mpartner-default-print', 'mpolicy-default-eUIN_with_faceQR'),
    ('mpolicy_part_PDFCard_api', 'mpolicy_part_PDFCard_api', 'mpartner-default-digitalcard', 'mpolicy-default-PDFCard'),
    ('mpolicy_part_digitalcard_api', 'mpolicy_part_PDFCard_api', 'mpartner-default-digitalcard', 'mpolicy-default-digitalcard'),
    ('mpolicy_part_mobile_api', 'mpolicy_part_mobile_api', 'mpartner-default-mobile', 'mpolicy-default-mobile')
) AS seed (policy_api_key, label, part_id, policy_id)
JOIN pms.partner ON partner.id = seed.part_id
JOIN pms.auth_policy ON auth_policy.id = seed.policy_id
ON CONFLICT DO NOTHING;
