-- :rows partners, and for each of them two mapping requests and two API keys
-- (:pairs of each), a credential type's policy and a bio extractor; see
-- million.sh. Personal data is in the clear, so that no read costs a key manager
-- call. The dates are spread like those of a table that grew.
SET search_path = pms, public;
SET synchronous_commit = off;
SET maintenance_work_mem = '512MB';
CREATE TEMP TABLE kept AS
SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition
FROM pg_index i
WHERE i.indrelid IN ('partner'::regclass, 'partner_policy_request'::regclass,
                     'partner_policy'::regclass)
  AND NOT i.indisunique;
SELECT 'DROP INDEX ' || name FROM kept \gexec

INSERT INTO partner (id, policy_group_id, name, address, contact_no, email_id, user_id,
                     partner_type_code, approval_status, certificate_alias, is_active, lang_code,
                     addl_info, cr_by, cr_dtimes, is_deleted)
SELECT 'mt' || t, 'mg' || t % 1000, 'Million partner ' || t, t || ' Main Street', '98765' || t,
       'million' || t || '@example.org',
       CASE WHEN t < 4 THEN 'auth-partner' ELSE 'user' || t END,
       CASE WHEN t % 125 = 0 THEN 'MISP_Partner' ELSE 'Auth_Partner' END,
       CASE WHEN t % 150 = 0 THEN 'InProgress' ELSE 'approved' END,
       md5(t::text), t % 200 <> 1, 'eng', '[]', 'author' || t % 500,
       now() - t * interval '1 second', false
FROM generate_series(1, :rows) t;

INSERT INTO partner_policy_request (id, part_id, policy_id, request_datetimes, request_detail,
                                    status_code, cr_by, cr_dtimes, is_deleted)
SELECT 'mr' || n, 'mt' || (n + 1) / 2, 'mp' || 1 + n % :policies, now(), 'reason ' || n,
       CASE WHEN n % 250 = 0 THEN 'InProgress' ELSE 'approved' END, 'user' || (n + 1) / 2,
       now() - n * interval '1 second', false
FROM generate_series(1, :pairs) n;

INSERT INTO partner_policy (policy_api_key, part_id, policy_id, valid_from_datetime,
                            valid_to_datetime, is_active, label, cr_by, cr_dtimes, is_deleted)
SELECT 'mk' || n, 'mt' || (n + 1) / 2, 'mp' || 1 + n % :policies, now(),
       now() + interval '200 years', n % 300 <> 0, 'label ' || n, 'user' || (n + 1) / 2,
       now() - n * interval '1 second', false
FROM generate_series(1, :pairs) n;

INSERT INTO partner_policy_credential_type (part_id, policy_id, credential_type, is_active, cr_by,
                                            cr_dtimes, is_deleted)
SELECT 'mt' || t, 'mp' || 1 + t % :policies, 'qrcode', true, 'author', now(), false
FROM generate_series(1, :rows) t;

INSERT INTO partner_policy_bioextract (id, part_id, policy_id, attribute_name, extractor_provider,
                                       extractor_provider_version, biometric_modality, cr_by,
                                       cr_dtimes, is_deleted)
SELECT 'mb' || t, 'mt' || t, 'mp1', 'photo', 'provider', '1.1', 'face', 'author', now(), false
FROM generate_series(1, :rows) t;

SELECT definition FROM kept \gexec
VACUUM ANALYZE partner;
VACUUM ANALYZE partner_policy_request;
VACUUM ANALYZE partner_policy;
VACUUM ANALYZE partner_policy_credential_type;
VACUUM ANALYZE partner_policy_bioextract;
