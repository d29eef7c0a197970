-- Rows as they are found in the field.

INSERT INTO pms.partner_type (code, partner_description, is_policy_required, is_active, cr_by, cr_dtimes)
VALUES ('Auth_Partner', 'Auth Partner', true, true, 'superadmin', '2020-11-10 08:00'),
       ('Device_Provider', 'Device Provider', false, true, 'superadmin', '2020-11-10 08:00');

INSERT INTO pms.policy_group (id, name, descr, user_id, is_active, cr_by, cr_dtimes, is_deleted)
VALUES ('mpolicygroup-default-mobile', 'mpolicygroup-default-mobile', ' leading blank', 'superadmin', true, 'superadmin', '2020-11-10 08:00', false),
       ('4711', 'Grüße', 'a group with a short id', 'anna', false, 'anna', '2024-02-29 23:59:59.999999', NULL);

-- The doubled comma is in databases that were seeded before 1.2.2.3.
INSERT INTO pms.auth_policy (id, policy_group_id, name, descr, policy_file_id, policy_type, version, policy_schema, valid_from_date, valid_to_date, is_active, cr_by, cr_dtimes)
VALUES ('mpolicy-default-mobile', 'mpolicygroup-default-mobile', 'mpolicy-default-mobile', 'mpolicy-default-mobile',
        '{"shareableAttributes":[{"attributeName":"dateOfBirth","source":[{"attribute":"dateOfBirth"}],"encrypted":false,,"format":"YYYY"}]}',
        'DataShare', '1', 'https://schemas.mosip.io/v1/auth-policy', '2021-01-16 00:00', '2221-01-16 00:00', true, 'admin', '2021-01-16 00:00'),
       ('12', '4711', 'draft', 'a draft', '{ "spaces" : [ ] }', 'Auth', '1.0', NULL, '2024-03-01 00:00', '2224-03-01 00:00', false, 'anna', '2024-03-01 10:20:30.123');

INSERT INTO pms.auth_policy_h (id, eff_dtimes, policy_group_id, name, descr, policy_file_id, policy_type, version, valid_from_date, valid_to_date, is_active, cr_by, cr_dtimes)
VALUES ('90210', '2024-03-01 10:20:30.123', '4711', 'draft', 'a draft', '""not json""', 'Auth', '1.0', '2024-03-01 00:00', '2224-03-01 00:00', false, 'anna', '2024-03-01 10:20:30.123');

-- Clear text from before 1.3, cipher text, and clear text that was written back
-- over cipher text by the reference's search.
INSERT INTO pms.partner (id, policy_group_id, name, address, contact_no, email_id, certificate_alias, user_id, partner_type_code, approval_status, is_active, cr_by, cr_dtimes, lang_code, logo_url, addl_info, email_id_hash)
VALUES ('clear', '4711', 'Clear Ltd', 'Main St 1', '9232121212', 'info@mosip.io', NULL, 'clear', 'Auth_Partner', 'approved', true, 'superadmin', '2020-11-10 08:00', NULL, NULL, NULL, NULL),
       ('clear-too', NULL, 'Clear Too', 'Main St 2', '9232121213', 'info@mosip.io', NULL, 'Clear', 'Device_Provider', 'Activated', true, 'superadmin', '2020-11-10 08:00', NULL, NULL, NULL, NULL),
       ('cipher', '4711', 'Cipher Ltd', 'VkVSX1IyAAAA', 'VkVSX1IyBBBB', 'VkVSX1IyCCCC', 'a9f7', 'cipher', 'Auth_Partner', 'approved', true, 'cipher', '2025-01-02 03:04:05.678', 'eng', 'https://x/logo', '[{"a": 1}]', repeat('ab', 32)),
       ('written-back', '4711', 'Back Ltd', 'Main St 3', '123', 'back@example.org', NULL, 'back', 'Auth_Partner', 'InProgress', false, 'back', '2025-01-02 03:04:05.678', 'eng', NULL, '[]', repeat('cd', 32));

INSERT INTO pms.partner_h (id, eff_dtimes, name, user_id, partner_type_code, approval_status, is_active, cr_by, cr_dtimes)
VALUES ('381', '2025-01-02 03:04:05.678', 'Cipher Ltd', 'cipher', 'Auth_Partner', 'InProgress', false, 'cipher', '2025-01-02 03:04:05.678');

-- Two keys with one label: only the application checked.
INSERT INTO pms.partner_policy (policy_api_key, part_id, policy_id, valid_from_datetime, valid_to_datetime, is_active, cr_by, cr_dtimes, label)
VALUES ('7', 'clear', '12', '2024-01-01 00:00', '4761-11-26 00:00', true, 'clear', '2024-01-01 00:00', 'twice'),
       ('000008', 'clear', '12', '2024-01-02 00:00', NULL, false, 'clear', '2024-01-02 00:00', 'twice');

INSERT INTO pms.partner_policy_request (id, part_id, policy_id, request_datetimes, request_detail, status_code, cr_by, cr_dtimes)
VALUES ('77', 'clear', '12', '2024-01-01 00:00', 'please', 'approved', 'clear', '2024-01-01 00:00'),
       ('78', 'clear', 'gone', '2024-01-01 00:00', 'please', 'Approved', 'clear', '2024-01-01 00:00');

-- A device mapped twice, which nothing forbade.
INSERT INTO pms.device_detail_sbi (dprovider_id, device_detail_id, sbi_id, is_active, cr_by, cr_dtimes)
VALUES ('clear-too', 'd1', 's1', true, 'clear-too', '2024-05-06 07:08:09'),
       ('clear-too', 'd1', 's1', true, 'clear-too', '2024-05-06 07:08:10');

INSERT INTO pms.secure_biometric_interface (id, sw_binary_hash, sw_version, approval_status, is_active, cr_by, cr_dtimes)
VALUES ('s1', '\x00ff10', '0.9.5', 'Activated', true, 'superadmin', '2020-11-10 08:00');

INSERT INTO pms.user_details (id, user_id, consent_given, consent_given_dtimes, cr_dtimes, cr_by)
VALUES ('id1', 'anna', 'YES', '2024-01-01 00:00', '2024-01-01 00:00', 'anna'),
       ('id2', 'bert', 'NO', '2024-01-01 00:00', '2024-01-01 00:00', 'bert');

INSERT INTO pms.misp_license (misp_id, license_key, valid_from_date, valid_to_date, is_active, cr_by, cr_dtimes)
VALUES ('misp1', 'abc', '2024-01-01 00:00', '2025-01-01 00:00', false, 'misp1', '2024-01-01 00:00');

INSERT INTO pms.batch_job_instance (job_instance_id, version, job_name, job_key)
VALUES (1, 0, 'rootCertificateExpiry', 'd41d8cd98f00b204e9800998ecf8427e');
