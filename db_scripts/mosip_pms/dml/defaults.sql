-- Written by db_scripts/generate.py; don't change it by hand.
BEGIN;
-- Kinds of partners (contract schema.md §4.1).
INSERT INTO pms.partner_type
    (code, partner_description, is_policy_required, is_active, cr_by, cr_dtimes)
SELECT code, description, policy_required, true, 'superadmin', now() AT TIME ZONE 'UTC'
FROM (VALUES
    ('Auth_Partner', 'Auth Partner', true),
    ('Device_Provider', 'Device Provider', false),
    ('Credential_Partner', 'Credential Partner', true),
    ('Partner_Admin', 'Partner Admin', false),
    ('FTM_Provider', 'FTM Provider', false),
    ('Online_Verification_Partner', 'Online_Verification_Partner', true),
    ('ABIS_Partner', 'ABIS Partner', true),
    ('Manual_Adjudication', 'Manual Adjudication', true),
    ('MISP_Partner', 'MISP_Partner', false),
    ('Internal_Partner', 'Used internally to share certs', true),
    ('SDK_Partner', 'SDK Partner', false),
    ('Print_Partner', 'Print Partner', true),
    ('Binding_Partner', 'Binding Partner', true)
) AS seed (code, description, policy_required)
ON CONFLICT DO NOTHING;

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

-- Default partners (contract schema.md §4.3), with clear-text contact data.
INSERT INTO pms.partner
    (id, policy_group_id, name, address, contact_no, email_id, user_id, partner_type_code,
     approval_status, is_active, cr_by, cr_dtimes, upd_by, upd_dtimes)
SELECT seed.id, seed.policy_group_id, seed.name, seed.address, seed.contact_no, seed.email_id,
       seed.id, seed.partner_type_code, seed.approval_status, true,
       'superadmin', now() AT TIME ZONE 'UTC', 'superadmin', now() AT TIME ZONE 'UTC'
FROM (VALUES
    ('mpartner-default-auth', 'mpolicygroup-default-auth', 'IITB', 'mpartner-default-auth', '9232121212', 'info@mosip.io', 'Online_Verification_Partner', 'approved'),
    ('mpartner-default-abis', 'mpolicygroup-default-abis', 'mpartner-default-abis', 'mpartner-default-abis', '9232121212', 'absi@mosip.io', 'ABIS_Partner', 'approved'),
    ('mpartner-default-print', 'mpolicygroup-default-print', 'IIITB', 'mpartner-default-print', '9232121212', 'print@mosip.io', 'Credential_Partner', 'approved'),
    ('MOSIP.PROXY.SBI', 'mpolicygroup-default-mockdevice', 'MOSIP', 'headoffice9', '9988776655', 'abc@mock.co.in', 'Device_Provider', 'approved'),
    ('mpartner-default-resident', 'mpolicygroup-default-resident', 'IITB', 'mpartner-default-resident', '9232121212', 'resident@mosip.io', 'Credential_Partner', 'approved'),
    ('mpartner-default-adjudication', 'mpolicygroup-default-adjudication', 'mpartner-default-adjudication', 'mpartner-default-adjudication', '9232121212', 'adjudication@mosip.io', 'Manual_Adjudication', 'approved'),
    ('mpartner-default-cert', 'mpolicygroup-default-cert', 'mpartner-default-cert', 'mpartner-default-cert', '9232121212', 'info@mosip.io', 'Internal_Partner', 'approved'),
    ('mpartner-default-digitalcard', 'mpolicygroup-default-digitalcard', 'IITB', 'mpartner-default-digitalcard', '9232121212', 'digitalcard@mosip.io', 'Credential_Partner', 'Activated'),
    ('mpartner-default-mobile', 'mpolicygroup-default-mobile', 'residentapp-partner', 'mpartner-default-mobile', '9232121212', 'info@mosip.io', 'Credential_Partner', 'approved')
) AS seed (id, policy_group_id, name, address, contact_no, email_id, partner_type_code,
           approval_status)
JOIN pms.partner_type ON partner_type.code = seed.partner_type_code
ON CONFLICT DO NOTHING;

-- First history rows of the default partners (contract schema.md §4.3).
INSERT INTO pms.partner_h
    (id, eff_dtimes, policy_group_id, name, address, contact_no, email_id, user_id,
     partner_type_code, approval_status, is_active, cr_by, cr_dtimes, upd_by, upd_dtimes)
SELECT seed.id, now() AT TIME ZONE 'UTC', seed.policy_group_id, seed.name, seed.address,
       seed.contact_no, seed.email_id, seed.id, seed.partner_type_code, seed.approval_status,
       true, 'superadmin', now() AT TIME ZONE 'UTC', 'superadmin', now() AT TIME ZONE 'UTC'
FROM (VALUES
    ('mpartner-default-auth', 'mpolicygroup-default-auth', 'mpartner-default-auth', 'mpartner-default-auth', '9232121212', 'info@mosip.io', 'Online_Verification_Partner', 'approved'),
    ('mpartner-default-abis', 'mpolicygroup-default-abis', 'mpartner-default-abis', 'mpartner-default-abis', '9232121212', 'absi@mosip.io', 'ABIS_Partner', 'approved'),
    ('mpartner-default-print', 'mpolicygroup-default-print', 'mpartner-default-print', 'mpartner-default-print', '9232121212', 'print@mosip.io', 'Credential_Partner', 'approved'),
    ('MOSIP.PROXY.SBI', 'mpolicygroup-default-mockdevice', 'MOSIP', 'headoffice9', '9988776655', 'abc@mock.co.in', 'Device_Provider', 'approved'),
    ('mpartner-default-resident', 'mpolicygroup-default-resident', 'mpartner-default-resident', 'mpartner-default-resident', '9232121212', 'resident@mosip.io', 'Credential_Partner', 'approved'),
    ('mpartner-default-adjudication', 'mpolicygroup-default-adjudication', 'mpartner-default-adjudication', 'mpartner-default-adjudication', '9232121212', 'adjudication@mosip.io', 'Manual_Adjudication', 'approved'),
    ('mpartner-default-cert', 'mpolicygroup-default-cert', 'mpartner-default-cert', 'mpartner-default-cert', '9232121212', 'info@mosip.io', 'Internal_Partner', 'approved'),
    ('mpartner-default-digitalcard', 'mpolicygroup-default-digitalcard', 'mpartner-default-digitalcard', 'mpartner-default-digitalcard', '9232121212', 'digitalcard@mosip.io', 'Credential_Partner', 'Activated'),
    ('mpartner-default-mobile', 'mpolicygroup-default-mobile', 'residentapp-partner', 'mpartner-default-mobile', '9232121212', 'info@mosip.io', 'Internal_Partner', 'approved')
) AS seed (id, policy_group_id, name, address, contact_no, email_id, partner_type_code,
           approval_status)
WHERE NOT EXISTS (SELECT FROM pms.partner_h h WHERE h.id = seed.id)
ON CONFLICT DO NOTHING;

INSERT INTO pms.auth_policy
    (id, policy_group_id, name, descr, policy_file_id, policy_type, version, policy_schema,
     valid_from_date, valid_to_date, is_active, cr_by, cr_dtimes, upd_by, upd_dtimes)
SELECT 'mpolicy-default-auth', g.id, 'mpolicy-default-auth', 'mpolicy-default-auth', '{"shareableAttributes":[{"attributeName":"fullName","source":[{"attribute":"fullName"}],"encrypted":true},{"attributeName":"dateOfBirth","source":[{"attribute":"dateOfBirth"}],"encrypted":true},{"attributeName":"gender","source":[{"attribute":"gender"}],"encrypted":true},{"attributeName":"phone","source":[{"attribute":"phone"}],"encrypted":true},{"attributeName":"email","source":[{"attribute":"email"}],"encrypted":true},{"attributeName":"addressLine1","source":[{"attribute":"addressLine1"}],"encrypted":true},{"attributeName":"addressLine2","source":[{"attribute":"addressLine2"}],"encrypted":true},{"attributeName":"addressLine3","source":[{"attribute":"addressLine3"}],"encrypted":true},{"attributeName":"region","source":[{"attribute":"region"}],"encrypted":true},{"attributeName":"province","source":[{"attribute":"province"}],"encrypted":true},{"attributeName":"city","source":[{"attribute":"city"}],"encrypted":true},{"attributeName":"postalCode","source":[{"attribute":"postalCode"}],"encrypted":true},{"attributeName":"zone","source":[{"attribute":"zone"}],"encrypted":true},{"attributeName":"preferredLang","source":[{"attribute":"preferredLang"}],"encrypted":false},{"attributeName":"individualBiometrics","group":"CBEFF","source":[{"attribute":"individualBiometrics"}],"encrypted":true,"format":"extraction"}],"dataSharePolicies":{"typeOfShare":"Data Share","validForInMinutes":"30","transactionsAllowed":"2","encryptionType":"Partner Based","shareDomain":"datashare.datashare","source":"ID Repository"}}', 'DataShare', '1', 'https://schemas.mosip.io/v1/auth-policy',
       now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC' + interval '200 years', true,
       'admin', now() AT TIME ZONE 'UTC', 'admin', now() AT TIME ZONE 'UTC'
FROM pms.policy_group g
WHERE g.id = 'mpolicygroup-default-auth'
ON CONFLICT DO NOTHING;

INSERT INTO pms.auth_policy
    (id, policy_group_id, name, descr, policy_file_id, policy_type, version, policy_schema,
     valid_from_date, valid_to_date, is_active, cr_by, cr_dtimes, upd_by, upd_dtimes)
SELECT 'mpolicy-default-abis', g.id, 'mpolicy-default-abis', 'mpolicy-default-abis', '{"shareableAttributes":[{"attributeName":"biometrics","group":"CBEFF","source":[{"attribute":"registration-client/NEW/individualBiometrics","filter":[{"type":"Iris"}]},{"attribute":"CNIE/verification/biometrics","filter":[{"type":"Finger"}]}],"encrypted":true,"format":"extraction"}],"dataSharePolicies":{"typeOfShare":"Data Share","validForInMinutes":"30","transactionsAllowed":"2","encryptionType":"Partner Based","shareDomain":"datashare.datashare","source":"Packet Manager"}}', 'DataShare', '1', 'https://schemas.mosip.io/v1/auth-policy',
       now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC' + interval '200 years', true,
       'admin', now() AT TIME ZONE 'UTC', 'admin', now() AT TIME ZONE 'UTC'
FROM pms.policy_group g
WHERE g.id = 'mpolicygroup-default-abis'
ON CONFLICT DO NOTHING;

INSERT INTO pms.auth_policy
    (id, policy_group_id, name, descr, policy_file_id, policy_type, version, policy_schema,
     valid_from_date, valid_to_date, is_active, cr_by, cr_dtimes, upd_by, upd_dtimes)
SELECT 'mpolicy-default-qrcode', g.id, 'mpolicy-default-qrcode', 'mpolicy-default-qrcode', '{"dataSharePolicies":{"typeOfShare":"Data Share","validForInMinutes":"30","transactionsAllowed":"2","encryptionType":"Partner Based","shareDomain":"datashare.datashare","source":"ID Repository"},"shareableAttributes":[{"attributeName":"fullName","source":[{"attribute":"fullName","filter":[{"language":"eng"}]}],"encrypted":false},{"attributeName":"dateOfBirth","source":[{"attribute":"dateOfBirth"}],"encrypted":false,"format":"YYYY"},{"attributeName":"gender","source":[{"attribute":"gender","filter":[{"language":"eng"}]}],"encrypted":false},{"attributeName":"phone","source":[{"attribute":"phone"}],"encrypted":false},{"attributeName":"email","source":[{"attribute":"email"}],"encrypted":false},{"attributeName":"addressLine1","source":[{"attribute":"addressLine1","filter":[{"language":"eng"}]}],"encrypted":false},{"attributeName":"addressLine2","source":[{"attribute":"addressLine2","filter":[{"language":"eng"}]}],"encrypted":false},{"attributeName":"addressLine3","source":[{"attribute":"addressLine3","filter":[{"language":"eng"}]}],"encrypted":false},{"attributeName":"region","source":[{"attribute":"region","filter":[{"language":"eng"}]}],"encrypted":false},{"attributeName":"province","source":[{"attribute":"province","filter":[{"language":"eng"}]}],"encrypted":false},{"attributeName":"city","source":[{"attribute":"city","filter":[{"language":"eng"}]}],"encrypted":false},{"attributeName":"UIN","source":[{"attribute":"UIN"}],"encrypted":false},{"attributeName":"postalCode","source":[{"attribute":"postalCode"}],"encrypted":false},{"attributeName":"biometrics","group":"CBEFF","source":[{"attribute":"individualBiometrics","filter":[{"type":"Face"},{"type":"Finger","subType":["Left Thumb","Right Thumb"]}]}],"encrypted":true,"format":"extraction"}]}', 'DataShare', '1', 'https://schemas.mosip.io/v1/auth-policy',
       now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC' + interval '200 years', true,
       'admin', now() AT TIME ZONE 'UTC', 'admin', now() AT TIME ZONE 'UTC'
FROM pms.policy_group g
WHERE g.id = 'mpolicygroup-default-print'
ON CONFLICT DO NOTHING;

INSERT INTO pms.auth_policy
    (id, policy_group_id, name, descr, policy_file_id, policy_type, version, policy_schema,
     valid_from_date, valid_to_date, is_active, cr_by, cr_dtimes, upd_by, upd_dtimes)
SELECT 'mpolicy-default-euin', g.id, 'mpolicy-default-euin', 'mpolicy-default-euin', '{"dataSharePolicies":{"typeOfShare":"Data Share","validForInMinutes":"30","transactionsAllowed":"2","encryptionType":"Partner Based","shareDomain":"datashare.datashare","source":"ID Repository"},"shareableAttributes":[{"attributeName":"fullName","source":[{"attribute":"fullName","filter":[{"language":"eng"}]}],"encrypted":false},{"attributeName":"dateOfBirth","source":[{"attribute":"dateOfBirth"}],"encrypted":false,"format":"YYYY"},{"attributeName":"gender","source":[{"attribute":"gender","filter":[{"language":"eng"}]}],"encrypted":false},{"attributeName":"phone","source":[{"attribute":"phone"}],"encrypted":false},{"attributeName":"email","source":[{"attribute":"email"}],"encrypted":false},{"attributeName":"addressLine1","source":[{"attribute":"addressLine1","filter":[{"language":"eng"}]}],"encrypted":false},{"attributeName":"addressLine2","source":[{"attribute":"addressLine2","filter":[{"language":"eng"}]}],"encrypted":false},{"attributeName":"addressLine3","source":[{"attribute":"addressLine3","filter":[{"language":"eng"}]}],"encrypted":false},{"attributeName":"region","source":[{"attribute":"region","filter":[{"language":"eng"}]}],"encrypted":false},{"attributeName":"province","source":[{"attribute":"province","filter":[{"language":"eng"}]}],"encrypted":false},{"attributeName":"city","source":[{"attribute":"city","filter":[{"language":"eng"}]}],"encrypted":false},{"attributeName":"UIN","source":[{"attribute":"UIN"}],"encrypted":false},{"attributeName":"postalCode","source":[{"attribute":"postalCode"}],"encrypted":false},{"attributeName":"biometrics","group":"CBEFF","source":[{"attribute":"individualBiometrics","filter":[{"type":"Face"},{"type":"Finger","subType":["Left Thumb","Right Thumb"]}]}],"encrypted":true,"format":"extraction"}]}', 'DataShare', '1', 'https://schemas.mosip.io/v1/auth-policy',
       now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC' + interval '200 years', true,
       'admin', now() AT TIME ZONE 'UTC', 'admin', now() AT TIME ZONE 'UTC'
FROM pms.policy_group g
WHERE g.id = 'mpolicygroup-default-print'
ON CONFLICT DO NOTHING;

INSERT INTO pms.auth_policy
    (id, policy_group_id, name, descr, policy_file_id, policy_type, version, policy_schema,
     valid_from_date, valid_to_date, is_active, cr_by, cr_dtimes, upd_by, upd_dtimes)
SELECT 'mpolicy-default-reprint', g.id, 'mpolicy-default-reprint', 'mpolicy-default-reprint', '{"dataSharePolicies":{"typeOfShare":"Data Share","validForInMinutes":"30","transactionsAllowed":"2","encryptionType":"Partner Based","shareDomain":"datashare.datashare","source":"ID Repository"},"shareableAttributes":[{"attributeName":"fullName","source":[{"attribute":"fullName","filter":[{"language":"eng"}]}],"encrypted":false},{"attributeName":"dateOfBirth","source":[{"attribute":"dateOfBirth"}],"encrypted":false,"format":"YYYY"},{"attributeName":"gender","source":[{"attribute":"gender","filter":[{"language":"eng"}]}],"encrypted":false},{"attributeName":"phone","source":[{"attribute":"phone"}],"encrypted":false},{"attributeName":"email","source":[{"attribute":"email"}],"encrypted":false},{"attributeName":"addressLine1","source":[{"attribute":"addressLine1","filter":[{"language":"eng"}]}],"encrypted":false},{"attributeName":"addressLine2","source":[{"attribute":"addressLine2","filter":[{"language":"eng"}]}],"encrypted":false},{"attributeName":"addressLine3","source":[{"attribute":"addressLine3","filter":[{"language":"eng"}]}],"encrypted":false},{"attributeName":"region","source":[{"attribute":"region","filter":[{"language":"eng"}]}],"encrypted":false},{"attributeName":"province","source":[{"attribute":"province","filter":[{"language":"eng"}]}],"encrypted":false},{"attributeName":"city","source":[{"attribute":"city","filter":[{"language":"eng"}]}],"encrypted":false},{"attributeName":"UIN","source":[{"attribute":"UIN"}],"encrypted":false},{"attributeName":"postalCode","source":[{"attribute":"postalCode"}],"encrypted":false},{"attributeName":"biometrics","group":"CBEFF","source":[{"attribute":"individualBiometrics","filter":[{"type":"Face"}]}],"encrypted":true,"format":"extraction"}]}', 'DataShare', '1', 'https://schemas.mosip.io/v1/auth-policy',
       now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC' + interval '200 years', true,
       'admin', now() AT TIME ZONE 'UTC', 'admin', now() AT TIME ZONE 'UTC'
FROM pms.policy_group g
WHERE g.id = 'mpolicygroup-default-print'
ON CONFLICT DO NOTHING;

INSERT INTO pms.auth_policy
    (id, policy_group_id, name, descr, policy_file_id, policy_type, version, policy_schema,
     valid_from_date, valid_to_date, is_active, cr_by, cr_dtimes, upd_by, upd_dtimes)
SELECT 'mpolicy-default-resident', g.id, 'mpolicy-default-resident', 'mpolicy-default-resident', '{"dataSharePolicies":{"typeOfShare":"Data Share","validForInMinutes":"30","transactionsAllowed":"2","encryptionType":"Partner Based","shareDomain":"datashare.datashare","source":"Print"},"shareableAttributes":[]}', 'DataShare', '1', 'https://schemas.mosip.io/v1/auth-policy',
       now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC' + interval '200 years', true,
       'admin', now() AT TIME ZONE 'UTC', 'admin', now() AT TIME ZONE 'UTC'
FROM pms.policy_group g
WHERE g.id = 'mpolicygroup-default-resident'
ON CONFLICT DO NOTHING;

INSERT INTO pms.auth_policy
    (id, policy_group_id, name, descr, policy_file_id, policy_type, version, policy_schema,
     valid_from_date, valid_to_date, is_active, cr_by, cr_dtimes, upd_by, upd_dtimes)
SELECT 'mpolicy-default-adjudication', g.id, 'mpolicy-default-adjudication', 'mpolicy-default-adjudication', '{"shareableAttributes":[{"attributeName":"biometrics","group":"CBEFF","source":[{"attribute":"registration-client/NEW/individualBiometrics","filter":[{"type":"Iris"}]},{"attribute":"CNIE/verification/biometrics","filter":[{"type":"Finger"}]},{"attribute":"CNIE/verification/biometrics","filter":[{"type":"Face"}]}],"encrypted":true,"format":"extraction"},{"attributeName":"fullName","source":[{"attribute":"fullName"}],"encrypted":true},{"attributeName":"dateOfBirth","source":[{"attribute":"dateOfBirth"}],"encrypted":true},{"attributeName":"gender","source":[{"attribute":"gender"}],"encrypted":true},{"attributeName":"phone","source":[{"attribute":"phone"}],"encrypted":true},{"attributeName":"email","source":[{"attribute":"email"}],"encrypted":true},{"attributeName":"addressLine1","source":[{"attribute":"addressLine1"}],"encrypted":true},{"attributeName":"addressLine2","source":[{"attribute":"addressLine2"}],"encrypted":true},{"attributeName":"addressLine3","source":[{"attribute":"addressLine3"}],"encrypted":true},{"attributeName":"region","source":[{"attribute":"region"}],"encrypted":true},{"attributeName":"province","source":[{"attribute":"province"}],"encrypted":true},{"attributeName":"city","source":[{"attribute":"city"}],"encrypted":true},{"attributeName":"postalCode","source":[{"attribute":"postalCode"}],"encrypted":true}],"dataSharePolicies":{"typeOfShare":"Data Share","validForInMinutes":"30","transactionsAllowed":"100000","encryptionType":"none","shareDomain":"datashare.datashare","source":"Packet Manager"}}', 'DataShare', '1', 'https://schemas.mosip.io/v1/auth-policy',
       now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC' + interval '200 years', true,
       'admin', now() AT TIME ZONE 'UTC', 'admin', now() AT TIME ZONE 'UTC'
FROM pms.policy_group g
WHERE g.id = 'mpolicygroup-default-adjudication'
ON CONFLICT DO NOTHING;

INSERT INTO pms.auth_policy
    (id, policy_group_id, name, descr, policy_file_id, policy_type, version, policy_schema,
     valid_from_date, valid_to_date, is_active, cr_by, cr_dtimes, upd_by, upd_dtimes)
SELECT 'mpolicy-default-cert', g.id, 'mpolicy-default-cert', 'mpolicy-default-cert', '{"shareableAttributes":[{"attributeName":"fullName","source":[{"attribute":"fullName"}],"encrypted":true},{"attributeName":"dateOfBirth","source":[{"attribute":"dateOfBirth"}],"encrypted":true},{"attributeName":"gender","source":[{"attribute":"gender"}],"encrypted":true},{"attributeName":"phone","source":[{"attribute":"phone"}],"encrypted":true},{"attributeName":"email","source":[{"attribute":"email"}],"encrypted":true},{"attributeName":"addressLine1","source":[{"attribute":"addressLine1"}],"encrypted":true},{"attributeName":"addressLine2","source":[{"attribute":"addressLine2"}],"encrypted":true},{"attributeName":"addressLine3","source":[{"attribute":"addressLine3"}],"encrypted":true},{"attributeName":"region","source":[{"attribute":"region"}],"encrypted":true},{"attributeName":"province","source":[{"attribute":"province"}],"encrypted":true},{"attributeName":"city","source":[{"attribute":"city"}],"encrypted":true},{"attributeName":"postalCode","source":[{"attribute":"postalCode"}],"encrypted":true},{"attributeName":"individualBiometrics","group":"CBEFF","source":[{"attribute":"individualBiometrics"}],"encrypted":true,"format":"extraction"}],"dataSharePolicies":{"typeOfShare":"Data Share","validForInMinutes":"30","transactionsAllowed":"2","encryptionType":"none","shareDomain":"datashare.datashare","source":"ID Repository"}}', 'DataShare', '1', 'https://schemas.mosip.io/v1/auth-policy',
       now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC' + interval '200 years', true,
       'admin', now() AT TIME ZONE 'UTC', 'admin', now() AT TIME ZONE 'UTC'
FROM pms.policy_group g
WHERE g.id = 'mpolicygroup-default-cert'
ON CONFLICT DO NOTHING;

INSERT INTO pms.auth_policy
    (id, policy_group_id, name, descr, policy_file_id, policy_type, version, policy_schema,
     valid_from_date, valid_to_date, is_active, cr_by, cr_dtimes, upd_by, upd_dtimes)
SELECT 'mpolicy-default-eUIN_with_QR', g.id, 'mpolicy-default-eUIN_with_QR', 'mpolicy-default-eUIN_with_QR', '{"dataSharePolicies":{"typeOfShare":"direct","validForInMinutes":"30","transactionsAllowed":"2","encryptionType":"Partner Based","shareDomain":"datashare.datashare","source":"ID Repository"},"shareableAttributes":[{"attributeName":"fullName","source":[{"attribute":"fullName","filter":[{"language":"eng"}]}],"encrypted":false},{"attributeName":"dateOfBirth","source":[{"attribute":"dateOfBirth"}],"encrypted":false,"format":"YYYY"},{"attributeName":"gender","source":[{"attribute":"gender"}],"encrypted":false},{"attributeName":"phone","source":[{"attribute":"phone"}],"encrypted":false},{"attributeName":"email","source":[{"attribute":"email"}],"encrypted":false},{"attributeName":"addressLine1","source":[{"attribute":"addressLine1"}],"encrypted":false},{"attributeName":"addressLine2","source":[{"attribute":"addressLine2"}],"encrypted":false},{"attributeName":"addressLine3","source":[{"attribute":"addressLine3"}],"encrypted":false},{"attributeName":"region","source":[{"attribute":"region"}],"encrypted":false},{"attributeName":"province","source":[{"attribute":"province"}],"encrypted":false},{"attributeName":"city","source":[{"attribute":"city"}],"encrypted":false},{"attributeName":"UIN","source":[{"attribute":"UIN"}],"encrypted":false},{"attributeName":"postalCode","source":[{"attribute":"postalCode"}],"encrypted":false},{"attributeName":"biometrics","group":"CBEFF","source":[{"attribute":"individualBiometrics","filter":[{"type":"Face"},{"type":"Finger","subType":["Left Thumb","Right Thumb"]}]}],"encrypted":true,"format":"extraction"}]}', 'DataShare', '1', 'https://schemas.mosip.io/v1/auth-policy',
       now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC' + interval '200 years', true,
       'admin', now() AT TIME ZONE 'UTC', 'admin', now() AT TIME ZONE 'UTC'
FROM pms.policy_group g
WHERE g.id = 'mpolicygroup-default-print'
ON CONFLICT DO NOTHING;

INSERT INTO pms.auth_policy
    (id, policy_group_id, name, descr, policy_file_id, policy_type, version, policy_schema,
     valid_from_date, valid_to_date, is_active, cr_by, cr_dtimes, upd_by, upd_dtimes)
SELECT 'mpolicy-default-eUIN_with_faceQR', g.id, 'mpolicy-default-eUIN_with_faceQR', 'mpolicy-default-eUIN_with_faceQR', '{"dataSharePolicies":{"typeOfShare":"direct","validForInMinutes":"30","transactionsAllowed":"2","encryptionType":"Partner Based","shareDomain":"datashare.datashare","source":"ID Repository"},"shareableAttributes":[{"attributeName":"fullName","source":[{"attribute":"fullName","filter":[{"language":"eng"}]}],"encrypted":false},{"attributeName":"dateOfBirth","source":[{"attribute":"dateOfBirth"}],"encrypted":false,"format":"YYYY"},{"attributeName":"gender","source":[{"attribute":"gender"}],"encrypted":false},{"attributeName":"phone","source":[{"attribute":"phone"}],"encrypted":false},{"attributeName":"email","source":[{"attribute":"email"}],"encrypted":false},{"attributeName":"addressLine1","source":[{"attribute":"addressLine1"}],"encrypted":false},{"attributeName":"addressLine2","source":[{"attribute":"addressLine2"}],"encrypted":false},{"attributeName":"addressLine3","source":[{"attribute":"addressLine3"}],"encrypted":false},{"attributeName":"region","source":[{"attribute":"region"}],"encrypted":false},{"attributeName":"province","source":[{"attribute":"province"}],"encrypted":false},{"attributeName":"city","source":[{"attribute":"city"}],"encrypted":false},{"attributeName":"UIN","source":[{"attribute":"UIN"}],"encrypted":false},{"attributeName":"postalCode","source":[{"attribute":"postalCode"}],"encrypted":false},{"attributeName":"biometrics","group":"CBEFF","source":[{"attribute":"individualBiometrics","filter":[{"type":"Face"},{"type":"Finger","subType":["Left Thumb","Right Thumb"]}]}],"encrypted":true,"format":"extraction"}]}', 'DataShare', '1', 'https://schemas.mosip.io/v1/auth-policy',
       now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC' + interval '200 years', true,
       'admin', now() AT TIME ZONE 'UTC', 'admin', now() AT TIME ZONE 'UTC'
FROM pms.policy_group g
WHERE g.id = 'mpolicygroup-default-print'
ON CONFLICT DO NOTHING;

INSERT INTO pms.auth_policy
    (id, policy_group_id, name, descr, policy_file_id, policy_type, version, policy_schema,
     valid_from_date, valid_to_date, is_active, cr_by, cr_dtimes, upd_by, upd_dtimes)
SELECT 'mpolicy-default-PDFCard', g.id, 'mpolicy-default-PDFCard', 'mpolicy-default-PDFCard', '{"dataSharePolicies":{"typeOfShare":"Data Share","validForInMinutes":"30","transactionsAllowed":"2","encryptionType":"Partner Based","shareDomain":"datashare.datashare","source":"ID Repository"},"shareableAttributes":[{"attributeName":"fullName","source":[{"attribute":"fullName","filter":[{"language":"eng"}]}],"encrypted":false},{"attributeName":"dateOfBirth","source":[{"attribute":"dateOfBirth"}],"encrypted":false},{"attributeName":"dob","source":[{"attribute":"dateOfBirth"}],"encrypted":false},{"attributeName":"gender","source":[{"attribute":"gender","filter":[{"language":"eng"}]}],"encrypted":false},{"attributeName":"phone","source":[{"attribute":"phone"}],"encrypted":false},{"attributeName":"email","source":[{"attribute":"email"}],"encrypted":false},{"attributeName":"addressLine1","source":[{"attribute":"addressLine1","filter":[{"language":"eng"}]}],"encrypted":false},{"attributeName":"addressLine2","source":[{"attribute":"addressLine2","filter":[{"language":"eng"}]}],"encrypted":false},{"attributeName":"addressLine3","source":[{"attribute":"addressLine3","filter":[{"language":"eng"}]}],"encrypted":false},{"attributeName":"region","source":[{"attribute":"region","filter":[{"language":"eng"}]}],"encrypted":false},{"attributeName":"province","source":[{"attribute":"province","filter":[{"language":"eng"}]}],"encrypted":false},{"attributeName":"city","source":[{"attribute":"city","filter":[{"language":"eng"}]}],"encrypted":false},{"attributeName":"UIN","source":[{"attribute":"UIN"}],"encrypted":false},{"attributeName":"postalCode","source":[{"attribute":"postalCode"}],"encrypted":false},{"attributeName":"biometrics","group":"CBEFF","source":[{"attribute":"individualBiometrics","filter":[{"type":"Face"},{"type":"Finger","subType":["Left Thumb","Right Thumb"]}]}],"encrypted":true,"format":"extraction"}]}', 'DataShare', '1', 'https://schemas.mosip.io/v1/auth-policy',
       now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC' + interval '200 years', true,
       'admin', now() AT TIME ZONE 'UTC', 'admin', now() AT TIME ZONE 'UTC'
FROM pms.policy_group g
WHERE g.id = 'mpolicygroup-default-digitalcard'
ON CONFLICT DO NOTHING;

INSERT INTO pms.auth_policy
    (id, policy_group_id, name, descr, policy_file_id, policy_type, version, policy_schema,
     valid_from_date, valid_to_date, is_active, cr_by, cr_dtimes, upd_by, upd_dtimes)
SELECT 'mpolicy-default-digitalcard', g.id, 'mpolicy-default-digitalcard', 'mpolicy-default-digitalcard', '{"dataSharePolicies":{"typeOfShare":"Data Share","validForInMinutes":"250","transactionsAllowed":"10000","encryptionType":"none","shareDomain":"datashare.datashare","source":"Print"},"shareableAttributes":[]}', 'DataShare', '1', 'https://schemas.mosip.io/v1/auth-policy',
       now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC' + interval '200 years', true,
       'admin', now() AT TIME ZONE 'UTC', 'admin', now() AT TIME ZONE 'UTC'
FROM pms.policy_group g
WHERE g.id = 'mpolicygroup-default-digitalcard'
ON CONFLICT DO NOTHING;

INSERT INTO pms.auth_policy
    (id, policy_group_id, name, descr, policy_file_id, policy_type, version, policy_schema,
     valid_from_date, valid_to_date, is_active, cr_by, cr_dtimes, upd_by, upd_dtimes)
SELECT 'mpolicy-default-mobile', g.id, 'mpolicy-default-mobile', 'mpolicy-default-mobile', '{"shareableAttributes":[{"attributeName":"fullName","source":[{"attribute":"fullName"}],"encrypted":false},{"attributeName":"dateOfBirth","source":[{"attribute":"dateOfBirth"}],"encrypted":false,"format":"YYYY"},{"attributeName":"gender","source":[{"attribute":"gender"}],"encrypted":false},{"attributeName":"phone","source":[{"attribute":"phone"}],"encrypted":false},{"attributeName":"email","source":[{"attribute":"email"}],"encrypted":false},{"attributeName":"addressLine1","source":[{"attribute":"addressLine1"}],"encrypted":false},{"attributeName":"addressLine2","source":[{"attribute":"addressLine2"}],"encrypted":false},{"attributeName":"addressLine3","source":[{"attribute":"addressLine3"}],"encrypted":false},{"attributeName":"region","source":[{"attribute":"region"}],"encrypted":false},{"attributeName":"province","source":[{"attribute":"province"}],"encrypted":false},{"attributeName":"city","source":[{"attribute":"city"}],"encrypted":false},{"attributeName":"UIN","source":[{"attribute":"UIN"}],"encrypted":false},{"attributeName":"postalCode","source":[{"attribute":"postalCode"}],"encrypted":false},{"attributeName":"biometrics","group":"CBEFF","source":[{"attribute":"individualBiometrics","filter":[{"type":"Face"}]}],"encrypted":false,"format":"extraction"}],"dataSharePolicies":{"typeOfShare":"direct","validForInMinutes":"30","transactionsAllowed":"2","encryptionType":"Partner Based","shareDomain":"datashare.datashare","source":"ID Repository"}}', 'DataShare', '1', 'https://schemas.mosip.io/v1/auth-policy',
       now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC' + interval '200 years', true,
       'admin', now() AT TIME ZONE 'UTC', 'admin', now() AT TIME ZONE 'UTC'
FROM pms.policy_group g
WHERE g.id = 'mpolicygroup-default-mobile'
ON CONFLICT DO NOTHING;

-- First history rows of the default policies (contract schema.md §4.4).
INSERT INTO pms.auth_policy_h
    (id, eff_dtimes, policy_group_id, name, descr, policy_file_id, policy_type, version,
     policy_schema, valid_from_date, valid_to_date, is_active, cr_by, cr_dtimes, upd_by,
     upd_dtimes, is_deleted)
SELECT p.id, p.cr_dtimes, p.policy_group_id, p.name, p.descr, p.policy_file_id, p.policy_type,
       p.version, p.policy_schema, p.valid_from_date, p.valid_to_date, p.is_active, p.cr_by,
       p.cr_dtimes, p.upd_by, p.upd_dtimes, p.is_deleted
FROM pms.auth_policy p
WHERE p.id LIKE 'mpolicy-default-%'
  AND NOT EXISTS (SELECT FROM pms.auth_policy_h h WHERE h.id = p.id)
ON CONFLICT DO NOTHING;

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

-- Credential types of the default partners (contract schema.md §4.8).
INSERT INTO pms.partner_policy_credential_type
    (part_id, policy_id, credential_type, is_active, cr_by, cr_dtimes)
SELECT seed.part_id, seed.policy_id, seed.credential_type, true,
       'system', timestamp '2020-12-01 05:31'
FROM (VALUES
    ('mpartner-default-print', 'mpolicy-default-qrcode', 'qrcode'),
    ('mpartner-default-print', 'mpolicy-default-euin', 'euin'),
    ('mpartner-default-print', 'mpolicy-default-reprint', 'reprint'),
    ('mpartner-default-auth', 'mpolicy-default-auth', 'auth'),
    ('mpartner-default-print', 'mpolicy-default-eUIN_with_faceQR', 'eUIN_with_faceQR'),
    ('mpartner-default-print', 'mpolicy-default-eUIN_with_QR', 'eUIN_with_QR'),
    ('mpartner-default-digitalcard', 'mpolicy-default-PDFCard', 'PDFCard'),
    ('mpartner-default-mobile', 'mpolicy-default-mobile', 'vercred')
) AS seed (part_id, policy_id, credential_type)
JOIN pms.partner ON partner.id = seed.part_id
JOIN pms.auth_policy ON auth_policy.id = seed.policy_id
ON CONFLICT DO NOTHING;

-- Kinds of devices (contract schema.md §4.9).
INSERT INTO pms.reg_device_type (code, name, descr, is_active, cr_by, cr_dtimes)
SELECT code, name, descr, true, 'superadmin', now() AT TIME ZONE 'UTC'
FROM (VALUES
    ('Finger', 'Finger', 'Fingerprint Biometric'),
    ('Face', 'Face', 'Face Biometric'),
    ('Iris', 'Iris', 'Iris Biomertric')
) AS seed (code, name, descr)
ON CONFLICT DO NOTHING;

-- Sub-kinds of devices (contract schema.md §4.9).
INSERT INTO pms.reg_device_sub_type
    (code, dtyp_code, name, descr, is_active, cr_by, cr_dtimes)
SELECT seed.code, seed.dtyp_code, seed.name, seed.descr, true, 'superadmin', now() AT TIME ZONE 'UTC'
FROM (VALUES
    ('Slap', 'Finger', 'Slap', 'Fingerprint Slap'),
    ('Single', 'Finger', 'Single', 'Fingerprint Single Finger'),
    ('Touchless', 'Finger', 'Touchless', 'Touch Fingerprint'),
    ('Single', 'Iris', 'Single', 'Single'),
    ('Double', 'Iris', 'Double', 'Double'),
    ('Full face', 'Face', 'Full face', 'Full Face')
) AS seed (code, dtyp_code, name, descr)
JOIN pms.reg_device_type ON reg_device_type.code = seed.dtyp_code
ON CONFLICT DO NOTHING;

-- Default devices (contract schema.md §4.9).
INSERT INTO pms.device_detail
    (id, dprovider_id, dtype_code, dstype_code, make, model, partner_org_name, approval_status,
     is_active, cr_by, cr_dtimes, upd_by, upd_dtimes)
SELECT seed.id, 'MOSIP.PROXY.SBI', seed.dtype_code, seed.dstype_code, 'MOSIP', seed.model,
       'MOSIP', 'Activated', true,
       'superadmin', now() AT TIME ZONE 'UTC', 'superadmin', now() AT TIME ZONE 'UTC'
FROM (VALUES
    ('mdevice_detail_default_face', 'Face', 'Full face', 'FACE01'),
    ('mdevice_detail_default_finger', 'Finger', 'Slap', 'SLAP01'),
    ('mdevice_detail_default_iris', 'Iris', 'Double', 'IRIS01')
) AS seed (id, dtype_code, dstype_code, model)
JOIN pms.reg_device_sub_type s ON s.dtyp_code = seed.dtype_code AND s.code = seed.dstype_code
ON CONFLICT DO NOTHING;

-- Default SBIs, without provider (contract schema.md §4.9).
INSERT INTO pms.secure_biometric_interface
    (id, sw_binary_hash, sw_version, sw_cr_dtimes, sw_expiry_dtimes, approval_status, is_active,
     cr_by, cr_dtimes, upd_by, upd_dtimes)
SELECT id, convert_to('binary data', 'UTF8'), '0.9.5', now() AT TIME ZONE 'UTC',
       timestamp '2021-10-01 12:03', 'Activated', true,
       'superadmin', now() AT TIME ZONE 'UTC', 'superadmin', now() AT TIME ZONE 'UTC'
FROM (VALUES
    ('618856c8-43fc-4e01-9d9b-67d20a07b352'),
    ('5fbe45ac-b4dc-4523-b368-c38f46633662'),
    ('d2479cf1-4c63-420e-9480-105e744caa99')
) AS seed (id)
ON CONFLICT DO NOTHING;

-- First history rows of the default SBIs (contract schema.md §4.9).
INSERT INTO pms.secure_biometric_interface_h
    (id, eff_dtimes, sw_binary_hash, sw_version, sw_cr_dtimes, sw_expiry_dtimes, approval_status, is_active,
     cr_by, cr_dtimes, upd_by, upd_dtimes)
SELECT s.id, s.cr_dtimes, s.sw_binary_hash, s.sw_version, s.sw_cr_dtimes, s.sw_expiry_dtimes,
       s.approval_status, s.is_active, s.cr_by, s.cr_dtimes, s.upd_by, s.upd_dtimes
FROM pms.secure_biometric_interface s
WHERE s.id IN (
    '618856c8-43fc-4e01-9d9b-67d20a07b352',
    '5fbe45ac-b4dc-4523-b368-c38f46633662',
    'd2479cf1-4c63-420e-9480-105e744caa99'
)
  AND NOT EXISTS (SELECT FROM pms.secure_biometric_interface_h h WHERE h.id = s.id)
ON CONFLICT DO NOTHING;

COMMIT;
