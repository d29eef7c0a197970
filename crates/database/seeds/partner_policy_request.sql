-- Default mapping requests (contract schema.md §4.6). `is_deleted` stays NULL there.
INSERT INTO pms.partner_policy_request
    (id, part_id, policy_id, status_code, request_detail, request_datetimes,
     cr_by, cr_dtimes, upd_by, upd_dtimes)
SELECT seed.id, seed.part_id, seed.policy_id, seed.status_code, seed.policy_id,
       now() AT TIME ZONE 'UTC', 'admin', now() AT TIME ZONE 'UTC', 'admin', now() AT TIME ZONE 'UTC'
FROM (VALUES
    ('mpartner_policy_auth_req', 'mpartner-default-auth', 'mpolicy-default-auth', 'approved'),
    ('mpartner_policy_abis_req', 'mpartner-default-abis', 'mpolicy-default-abis', 'approved'),
    ('mpartner_policy_qrcode_req', 'mpartner-default-print', 'mpolicy-default-qrcode', 'approved'),
    ('mpartner_policy_euin_req', 'mpartner-default-print', 'mpolicy-default-euin', 'approved'),
    ('mpartner_policy_reprint_req', 'mpartner-default-print', 'mpolicy-default-reprint', 'approved'),
    ('mpartner_policy_resident_req', 'mpartner-default-resident', 'mpolicy-default-resident', 'approved'),
    ('mpartner_policy_ajudica_req', 'mpartner-default-adjudication', 'mpolicy-default-adjudication', 'approved'),
    ('mpartner_policy_cert_req', 'mpartner-default-cert', 'mpolicy-default-cert', 'approved'),
    ('mpartner_policy_eUIN_with_QR_req', 'mpartner-default-print', 'mpolicy-default-eUIN_with_QR', 'approved'),
    ('mpartner_policy_eUIN_with_faceQR_req', 'mpartner-default-print', 'mpolicy-default-eUIN_with_faceQR', 'approved'),
    ('mpartner_policy_PDFCard_req', 'mpartner-default-digitalcard', 'mpolicy-default-PDFCard', 'Approved'),
    ('mpartner_policy_digitalcard_req', 'mpartner-default-digitalcard', 'mpolicy-default-digitalcard', 'Approved'),
    ('mpartner_policy_mobile_req', 'mpartner-default-mobile', 'mpolicy-default-mobile', 'approved')
) AS seed (id, part_id, policy_id, status_code)
JOIN pms.partner ON partner.id = seed.part_id
ON CONFLICT DO NOTHING;
