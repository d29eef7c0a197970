-- :rows devices of 2,000 providers, 20,000 SBIs and :pairs mappings; see million.sh.
-- The dates are spread like those of tables that grew.
SET search_path = pms, public;
SET synchronous_commit = off;
SET maintenance_work_mem = '512MB';
CREATE TEMP TABLE kept AS
SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition
FROM pg_index i
WHERE i.indrelid IN ('device_detail'::regclass, 'secure_biometric_interface'::regclass,
                     'device_detail_sbi'::regclass)
  AND NOT i.indisunique;
SELECT 'DROP INDEX ' || name FROM kept \gexec

INSERT INTO partner (id, name, address, contact_no, email_id, user_id, partner_type_code,
                     approval_status, is_active, lang_code, addl_info, cr_by, cr_dtimes, is_deleted)
SELECT 'md' || t, 'Million device provider ' || t, t || ' Main Street', '98765' || t,
       'device' || t || '@example.org',
       CASE WHEN t < 4 THEN 'device-partner' ELSE 'user' || t END, 'Device_Provider',
       'approved', true, 'eng', '[]', 'author' || t % 500, now() - t * interval '1 second', false
FROM generate_series(1, 2000) t;

INSERT INTO device_detail (id, dprovider_id, dtype_code, dstype_code, make, model,
                           partner_org_name, approval_status, is_active, cr_by, cr_dtimes,
                           is_deleted)
SELECT (100000000000000000 + n)::text, 'md' || 1 + n % 2000,
       CASE WHEN n % 250 = 0 THEN 'Iris' ELSE 'Finger' END,
       CASE WHEN n % 250 = 0 THEN 'Double' ELSE 'Slap' END,
       'make ' || n % 50000, 'model ' || n, 'Million device provider ' || 1 + n % 2000,
       CASE WHEN n % 200 = 0 THEN 'pending_approval' WHEN n % 300 = 0 THEN 'rejected'
            ELSE 'approved' END,
       n % 200 <> 0 AND n % 300 <> 0 AND n % 500 <> 1, 'user' || 1 + n % 2000,
       now() - n * interval '1 second', false
FROM generate_series(1, :rows) n;

INSERT INTO secure_biometric_interface (id, sw_binary_hash, sw_version, sw_cr_dtimes,
                                        sw_expiry_dtimes, approval_status, is_active,
                                        provider_id, partner_org_name, cr_by, cr_dtimes,
                                        is_deleted)
SELECT 'sbi-' || n, 'hash', 'version ' || n, now() - interval '1 year',
       now() + interval '1 year', CASE WHEN n % 100 = 0 THEN 'pending_approval' ELSE 'approved' END,
       n % 100 <> 0, 'md' || 1 + (n - 1) % 2000, 'Million device provider ' || 1 + (n - 1) % 2000,
       'user' || 1 + (n - 1) % 2000, now() - n * interval '1 second', false
FROM generate_series(1, 20000) n;

INSERT INTO device_detail_sbi (dprovider_id, partner_org_name, device_detail_id, sbi_id,
                               is_active, cr_by, cr_dtimes, is_deleted)
SELECT 'md' || 1 + n % 2000, 'Million device provider ' || 1 + n % 2000,
       (100000000000000000 + n)::text, 'sbi-' || 1 + n % 20000, true, 'user' || 1 + n % 2000,
       now() - n * interval '1 second', false
FROM generate_series(1, :pairs) n;

SELECT definition FROM kept \gexec
VACUUM ANALYZE partner;
VACUUM ANALYZE device_detail;
VACUUM ANALYZE secure_biometric_interface;
VACUUM ANALYZE device_detail_sbi;
