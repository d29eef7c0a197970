-- Default policy groups (contract schema.md §4.2). The doubled m and the blank are theirs.
INSERT INTO pms.policy_group
    (id, name, descr, user_id, is_active, cr_by, cr_dtimes, upd_by, upd_dtimes)
SELECT id, name, descr, 'superadmin', true, 'superadmin', now() AT TIME ZONE 'UTC',
       'superadmin', now() AT TIME ZONE 'UTC'
FROM (VALUES
    ('mpolicygroup-default-auth', 'mpolicygroup-default-auth', 'mpolicygroup-default-auth'),
    ('mpolicygroup-default-abis', 'mpolicygroup-default-abis', 'mpolicygroup-default-abis'),
    ('mpolicygroup-default-print', 'mpolicygroup-default-print', 'mpolicygroup-default-print'),
    ('mpolicygroup-default-mockdevice', 'mmpolicygroup-default-mockdevice', 'mpolicygroup-default-mockdevice'),
    ('mpolicygroup-default-resident', 'mpolicygroup-default-resident', 'mpolicygroup-default-resident'),
    ('mpolicygroup-default-adjudication', 'mpolicygroup-default-adjudication', ' mpolicygroup-default-adjudication'),
    ('mpolicygroup-default-cert', 'mpolicygroup-default-cert', 'mpolicygroup-default-cert'),
    ('mpolicygroup-default-digitalcard', 'mpolicygroup-default-digitalcard', 'mpolicygroup-default-digitalcard'),
    ('mpolicygroup-default-mobile', 'mpolicygroup-default-mobile', 'mpolicygroup-default-mobile')
) AS seed (id, name, descr)
ON CONFLICT DO NOTHING;
