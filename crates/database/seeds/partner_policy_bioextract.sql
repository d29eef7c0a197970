-- Extractors of the default partners (contract schema.md §4.7).
INSERT INTO pms.partner_policy_bioextract
    (id, part_id, policy_id, attribute_name, extractor_provider, extractor_provider_version,
     biometric_modality, cr_by, cr_dtimes, upd_by, upd_dtimes)
SELECT seed.id, seed.part_id, seed.policy_id, 'individualBiometrics', 'mock', '1.1',
       seed.modality, 'admin', now() AT TIME ZONE 'UTC', 'admin', now() AT TIME ZONE 'UTC'
FROM (VALUES
    ('146098', 'mpartner-default-auth', 'mpolicy-default-auth', 'face'),
    ('146099', 'mpartner-default-auth', 'mpolicy-default-auth', 'iris'),
    ('146100', 'mpartner-default-auth', 'mpolicy-default-auth', 'finger'),
    ('146101', 'mpartner-default-print', 'mpolicy-default-qrcode', 'face'),
    ('146102', 'mpartner-default-print', 'mpolicy-default-qrcode', 'iris'),
    ('146103', 'mpartner-default-print', 'mpolicy-default-qrcode', 'finger'),
    ('146104', 'mpartner-default-print', 'mpolicy-default-euin', 'face'),
    ('146105', 'mpartner-default-print', 'mpolicy-default-euin', 'iris'),
    ('146106', 'mpartner-default-print', 'mpolicy-default-euin', 'finger'),
    ('146107', 'mpartner-default-print', 'mpolicy-default-reprint', 'face'),
    ('146108', 'mpartner-default-print', 'mpolicy-default-reprint', 'iris'),
    ('146109', 'mpartner-default-print', 'mpolicy-default-reprint', 'finger'),
    ('146110', 'mpartner-default-print', 'mpolicy-default-eUIN_with_QR', 'face'),
    ('146111', 'mpartner-default-print', 'mpolicy-default-eUIN_with_QR', 'iris'),
    ('146112', 'mpartner-default-print', 'mpolicy-default-eUIN_with_QR', 'finger'),
    ('146113', 'mpartner-default-print', 'mpolicy-default-eUIN_with_faceQR', 'face'),
    ('146114', 'mpartner-default-print', 'mpolicy-default-eUIN_with_faceQR', 'iris'),
    ('146115', 'mpartner-default-print', 'mpolicy-default-eUIN_with_faceQR', 'finger'),
    ('146116', 'mpartner-default-digitalcard', 'mpolicy-default-PDFCard', 'face'),
    ('146117', 'mpartner-default-digitalcard', 'mpolicy-default-PDFCard', 'iris'),
    ('146118', 'mpartner-default-digitalcard', 'mpolicy-default-PDFCard', 'finger')
) AS seed (id, part_id, policy_id, modality)
JOIN pms.partner ON partner.id = seed.part_id
JOIN pms.auth_policy ON auth_policy.id = seed.policy_id
ON CONFLICT DO NOTHING;
