-- The benchmark's partners :from to :to - 1, each with two mapping requests and API
-- keys; 1,000 policy groups and 10,000 policies with the first of them. Personal
-- data is in the clear, so that no read costs a key manager call. On a seeded
-- database, once per range.
SET search_path = pms, public;
SET synchronous_commit = off;

INSERT INTO policy_group (id, name, descr, user_id, is_active, cr_by, cr_dtimes)
SELECT 'bg' || g, 'bench group ' || g, 'bench', 'bench', true, 'bench', now()
FROM generate_series(0, 999) g
ON CONFLICT DO NOTHING;

INSERT INTO auth_policy (id, policy_group_id, name, descr, policy_file_id, policy_type, version,
                         policy_schema, valid_from_date, valid_to_date, is_active, cr_by, cr_dtimes)
SELECT 'bp' || p, 'bg' || p % 1000, 'bench policy ' || p, 'bench',
       (SELECT policy_file_id FROM auth_policy WHERE id = 'mpolicy-default-auth'),
       'DataShare', '1', 'https://schemas.mosip.io/v1/auth-policy', now(), now() + interval '200 years',
       true, 'bench', now()
FROM generate_series(0, 9999) p
ON CONFLICT DO NOTHING;

INSERT INTO partner (id, policy_group_id, name, address, contact_no, email_id, user_id,
                     partner_type_code, approval_status, is_active, lang_code, addl_info, cr_by, cr_dtimes)
SELECT 'bt' || t, 'bg' || t % 1000, 'Bench partner ' || t, t || ' Main Street', '98765' || t,
       'bench' || t || '@example.org', 'bt' || t, 'Auth_Partner', 'approved', true, 'eng', '[]', 'bench', now()
FROM generate_series(:from, :to - 1) t;

-- Partner t maps the policies t % 10000 and (t + 1000) % 10000 of its group.
INSERT INTO partner_policy_request (id, part_id, policy_id, request_datetimes, request_detail,
                                    status_code, cr_by, cr_dtimes, is_deleted)
SELECT 'br' || n, 'bt' || n / 2, 'bp' || ((n / 2) % 10000 + n % 2 * 1000) % 10000, now(), 'bench',
       'approved', 'bench', now(), false
FROM generate_series(2 * :from, 2 * :to - 1) n;

INSERT INTO partner_policy (policy_api_key, part_id, policy_id, valid_from_datetime, valid_to_datetime,
                            is_active, label, cr_by, cr_dtimes)
SELECT 'bk' || n, 'bt' || n / 2, 'bp' || ((n / 2) % 10000 + n % 2 * 1000) % 10000, now(),
       now() + interval '200 years', true, 'bench ' || n, 'bench', now()
FROM generate_series(2 * :from, 2 * :to - 1) n;

VACUUM ANALYZE;
