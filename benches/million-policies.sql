-- 1,000 policy groups and :rows policies; see million.sh.
SET search_path = pms, public;
SET synchronous_commit = off;
SET maintenance_work_mem = '512MB';
INSERT INTO policy_group (id, name, descr, user_id, is_active, cr_by, cr_dtimes)
SELECT 'mg' || g, 'million group ' || g, 'bench', 'bench', true, 'bench', now()
FROM generate_series(0, 999) g;
-- Indexes are quicker made than kept.
CREATE TEMP TABLE kept AS
SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition
FROM pg_index i WHERE i.indrelid = 'auth_policy'::regclass AND NOT i.indisunique;
SELECT 'DROP INDEX ' || name FROM kept \gexec
INSERT INTO auth_policy (id, policy_group_id, name, descr, policy_file_id, policy_type, version,
                         policy_schema, valid_from_date, valid_to_date, is_active, cr_by, cr_dtimes)
SELECT 'mp' || p, 'mg' || p % 1000, 'million policy ' || p, 'what number ' || p || ' allows',
       '{"authTokenType":"policy","allowedAuthTypes":[],"allowedKycAttributes":[]}',
       CASE WHEN p % 125 = 0 THEN 'MISP' WHEN p % 3 = 0 THEN 'DataShare' ELSE 'Auth' END, '1',
       CASE WHEN p % 150 <> 0 THEN 'https://schemas.mosip.io/v1/auth-policy' END,
       now(), now() + interval '200 years', p % 150 <> 0 AND p % 200 <> 1, 'author' || p % 500,
       now() - p * interval '1 second'
FROM generate_series(1, :rows) p;
SELECT definition FROM kept \gexec
VACUUM ANALYZE auth_policy;
VACUUM ANALYZE policy_group;
