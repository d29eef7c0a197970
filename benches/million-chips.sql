-- :rows FTM chips of 1,000 providers, each with its certificate; see million.sh. The
-- dates are spread like those of tables that grew.
SET search_path = pms, public;
SET synchronous_commit = off;

INSERT INTO partner (id, name, address, contact_no, email_id, user_id, partner_type_code,
                     approval_status, is_active, lang_code, addl_info, cr_by, cr_dtimes, is_deleted)
SELECT 'mf' || t, 'Million FTM provider ' || t, t || ' Main Street', '98765' || t,
       'ftm' || t || '@example.org', 'user' || t, 'FTM_Provider', 'approved', t % 50 <> 49, 'eng',
       '[]', 'author' || t % 500, now() - t * interval '1 second', false
FROM generate_series(1, 1000) t;

INSERT INTO ftp_chip_detail (id, foundational_trust_provider_id, make, model, certificate_alias,
                             partner_org_name, is_active, approval_status, cr_by, cr_dtimes,
                             is_deleted)
SELECT (200000000000000000 + n)::text, 'mf' || 1 + n % 1000, 'make ' || n % 5000, 'model ' || n,
       'mc' || n, 'Million FTM provider ' || 1 + n % 1000, n % 10 < 6,
       CASE WHEN n % 10 < 7 THEN 'approved' WHEN n % 10 < 9 THEN 'pending_approval'
            ELSE 'pending_cert_upload' END,
       'user' || 1 + n % 1000, now() - n * interval '1 second', false
FROM generate_series(1, :rows) n;

INSERT INTO ftm_certificate (certificate_id, uploaded_not_after, issued_not_before)
SELECT 'mc' || n, now() + (n % 2000 - 300) * interval '1 day', now() - interval '1 year'
FROM generate_series(1, :rows) n;

VACUUM ANALYZE partner;
VACUUM ANALYZE ftp_chip_detail;
VACUUM ANALYZE ftm_certificate;
