-- Partners of benches/encrypted.sh: the set `name` (a psql variable) of the type `type`, with the
-- columns that stand in the table bench_rows, in an order that is not that of the ids.
SET search_path = pms, public;
SET synchronous_commit = off;

INSERT INTO partner (id, name, address, contact_no, email_id, email_id_hash, user_id,
                     partner_type_code, approval_status, is_active, lang_code, addl_info, cr_by, cr_dtimes)
SELECT id, 'Bench partner ' || id, address, contact_no, email_id,
       CASE WHEN :'name' = 'plain' THEN NULL ELSE md5(id) END, id,
       :'type', 'approved', true, 'eng', '[]', 'bench', now()
FROM bench_rows ORDER BY md5(id);

DROP TABLE bench_rows;
VACUUM ANALYZE partner;
