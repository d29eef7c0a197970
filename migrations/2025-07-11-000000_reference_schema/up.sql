-- The reference's schema `pms`, as of its line 1.3 (July 2025).
--
-- Run on a database that the reference made, this adds what is missing and
-- leaves every row as it is; run on an empty one, it makes everything. Column
-- order differs between the two, so nothing may rely on it.
-- The tables of the reference's job framework are not made, and left alone.

CREATE SCHEMA IF NOT EXISTS pms;

CREATE TABLE IF NOT EXISTS pms.partner_type (
    code varchar(36) NOT NULL,
    partner_description varchar(128) NOT NULL,
    is_policy_required boolean NOT NULL,
    is_active boolean NOT NULL,
    cr_by varchar(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by varchar(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT pk_partyp_code PRIMARY KEY (code)
);

CREATE TABLE IF NOT EXISTS pms.policy_group (
    id varchar(36) NOT NULL,
    name varchar(128) NOT NULL,
    descr varchar(256) NOT NULL,
    user_id varchar(256) NOT NULL,
    is_active boolean NOT NULL,
    cr_by varchar(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by varchar(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT pk_polg PRIMARY KEY (id)
);

CREATE TABLE IF NOT EXISTS pms.auth_policy (
    id varchar(36) NOT NULL,
    policy_group_id varchar(36),
    name varchar(128) NOT NULL,
    descr varchar(256) NOT NULL,
    policy_file_id varchar(5120) NOT NULL,
    policy_type varchar(36) NOT NULL,
    version varchar(8) NOT NULL,
    policy_schema varchar(5120),
    valid_from_date timestamp NOT NULL,
    valid_to_date timestamp NOT NULL,
    is_active boolean NOT NULL,
    cr_by varchar(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by varchar(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT pk_apol PRIMARY KEY (id)
);

CREATE TABLE IF NOT EXISTS pms.auth_policy_h (
    id varchar(36) NOT NULL,
    eff_dtimes timestamp NOT NULL,
    policy_group_id varchar(36),
    name varchar(128) NOT NULL,
    descr varchar(256) NOT NULL,
    policy_file_id varchar(5120) NOT NULL,
    policy_type varchar(36) NOT NULL,
    version varchar(8) NOT NULL,
    policy_schema varchar(5120),
    valid_from_date timestamp NOT NULL,
    valid_to_date timestamp NOT NULL,
    is_active boolean NOT NULL,
    cr_by varchar(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by varchar(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT pk_apolh PRIMARY KEY (id, eff_dtimes)
);

CREATE TABLE IF NOT EXISTS pms.partner (
    id varchar(36) NOT NULL,
    policy_group_id varchar(36),
    name varchar(128) NOT NULL,
    address varchar(10000),
    contact_no varchar(1000),
    email_id varchar(3000),
    email_id_hash varchar(3000),
    certificate_alias varchar(128),
    user_id varchar(256) NOT NULL,
    partner_type_code varchar(36) NOT NULL,
    approval_status varchar(36) NOT NULL,
    is_active boolean NOT NULL,
    lang_code varchar(36),
    logo_url varchar(256),
    addl_info varchar,
    cr_by varchar(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by varchar(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT pk_part PRIMARY KEY (id)
);

CREATE TABLE IF NOT EXISTS pms.partner_h (
    id varchar(36) NOT NULL,
    eff_dtimes timestamp NOT NULL,
    policy_group_id varchar(36),
    name varchar(128) NOT NULL,
    address varchar(10000),
    contact_no varchar(1000),
    email_id varchar(3000),
    email_id_hash varchar(3000),
    certificate_alias varchar(128),
    user_id varchar(256) NOT NULL,
    partner_type_code varchar(36) NOT NULL,
    approval_status varchar(36) NOT NULL,
    is_active boolean NOT NULL,
    lang_code varchar(36),
    logo_url varchar(256),
    addl_info varchar,
    cr_by varchar(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by varchar(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT pk_parth PRIMARY KEY (id, eff_dtimes)
);

CREATE TABLE IF NOT EXISTS pms.partner_contact (
    id varchar(36) NOT NULL,
    partner_id varchar(36) NOT NULL,
    contact_no varchar(1000),
    email_id varchar(3000),
    email_id_hash varchar(3000),
    address varchar(10000),
    is_active boolean NOT NULL,
    cr_by varchar(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by varchar(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT partcnt PRIMARY KEY (id)
);

CREATE TABLE IF NOT EXISTS pms.partner_policy (
    policy_api_key varchar(128) NOT NULL,
    part_id varchar(36) NOT NULL,
    policy_id varchar(36) NOT NULL,
    valid_from_datetime timestamp NOT NULL,
    valid_to_datetime timestamp,
    is_active boolean NOT NULL,
    label varchar(36) NOT NULL,
    cr_by varchar(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by varchar(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT pk_ppol PRIMARY KEY (policy_api_key)
);

CREATE TABLE IF NOT EXISTS pms.partner_policy_request (
    id varchar(36) NOT NULL,
    part_id varchar(36) NOT NULL,
    policy_id varchar(36) NOT NULL,
    request_datetimes timestamp NOT NULL,
    request_detail varchar(4000) NOT NULL,
    status_code varchar(36) NOT NULL,
    cr_by varchar(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by varchar(256),
    upd_dtimes timestamp,
    is_deleted boolean,
    del_dtimes timestamp,
    CONSTRAINT pk_papr PRIMARY KEY (id)
);

CREATE TABLE IF NOT EXISTS pms.partner_policy_bioextract (
    id varchar(36) NOT NULL,
    part_id varchar(36) NOT NULL,
    policy_id varchar(36) NOT NULL,
    attribute_name varchar(128) NOT NULL,
    extractor_provider varchar(128) NOT NULL,
    extractor_provider_version varchar(8),
    biometric_modality varchar(64) NOT NULL,
    biometric_sub_types varchar(64),
    cr_by varchar(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by varchar(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT pk_ppbe_id PRIMARY KEY (id)
);

CREATE TABLE IF NOT EXISTS pms.partner_policy_credential_type (
    part_id varchar(36) NOT NULL,
    policy_id varchar(36) NOT NULL,
    credential_type varchar(128) NOT NULL,
    is_active boolean NOT NULL,
    cr_by varchar(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by varchar(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT pk_ppctyp_id PRIMARY KEY (part_id, policy_id, credential_type)
);

CREATE TABLE IF NOT EXISTS pms.misp_license (
    misp_id varchar(36) NOT NULL,
    license_key varchar(128) NOT NULL,
    policy_id varchar(36),
    valid_from_date timestamp NOT NULL,
    valid_to_date timestamp,
    is_active boolean NOT NULL,
    cr_by varchar(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by varchar(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT pk_mlic PRIMARY KEY (misp_id, license_key)
);

CREATE TABLE IF NOT EXISTS pms.oidc_client (
    id varchar(100) NOT NULL,
    name varchar(256) NOT NULL,
    rp_id varchar(100) NOT NULL,
    policy_id varchar(50) NOT NULL,
    logo_uri varchar(2048) NOT NULL,
    redirect_uris varchar NOT NULL,
    claims varchar NOT NULL,
    acr_values varchar NOT NULL,
    public_key varchar NOT NULL,
    grant_types varchar(256) NOT NULL,
    auth_methods varchar(256) NOT NULL,
    status varchar(20) NOT NULL,
    cr_by varchar(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by varchar(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT pk_oidc_client PRIMARY KEY (id)
);

CREATE TABLE IF NOT EXISTS pms.reg_device_type (
    code varchar(36) NOT NULL,
    name varchar(64) NOT NULL,
    descr varchar(512),
    is_active boolean NOT NULL,
    cr_by varchar(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by varchar(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT pk_rdtyp_code PRIMARY KEY (code)
);

CREATE TABLE IF NOT EXISTS pms.reg_device_sub_type (
    code varchar(36) NOT NULL,
    dtyp_code varchar(36) NOT NULL,
    name varchar(64) NOT NULL,
    descr varchar(512),
    is_active boolean NOT NULL,
    cr_by varchar(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by varchar(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT pk_rdstyp_code PRIMARY KEY (code, dtyp_code)
);

CREATE TABLE IF NOT EXISTS pms.device_detail (
    id varchar(36) NOT NULL,
    dprovider_id varchar(36) NOT NULL,
    dtype_code varchar(36) NOT NULL,
    dstype_code varchar(36) NOT NULL,
    make varchar(36) NOT NULL,
    model varchar(36) NOT NULL,
    partner_org_name varchar(128),
    approval_status varchar(36) NOT NULL,
    is_active boolean NOT NULL,
    cr_by varchar(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by varchar(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT pk_devdtl_id PRIMARY KEY (id)
);

CREATE TABLE IF NOT EXISTS pms.device_detail_sbi (
    dprovider_id varchar(36) NOT NULL,
    partner_org_name varchar(128),
    device_detail_id varchar(36) NOT NULL,
    sbi_id varchar(36) NOT NULL,
    is_active boolean NOT NULL,
    cr_by varchar(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by varchar(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp
);

CREATE TABLE IF NOT EXISTS pms.secure_biometric_interface (
    id varchar(36) NOT NULL,
    sw_binary_hash bytea NOT NULL,
    sw_version varchar(64) NOT NULL,
    sw_cr_dtimes timestamp,
    sw_expiry_dtimes timestamp,
    approval_status varchar(36) NOT NULL,
    is_active boolean NOT NULL,
    provider_id varchar(36),
    partner_org_name varchar(128),
    cr_by varchar(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by varchar(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT pk_sbi_id PRIMARY KEY (id)
);

CREATE TABLE IF NOT EXISTS pms.secure_biometric_interface_h (
    id varchar(36) NOT NULL,
    sw_binary_hash bytea NOT NULL,
    sw_version varchar(64) NOT NULL,
    sw_cr_dtimes timestamp,
    sw_expiry_dtimes timestamp,
    approval_status varchar(36) NOT NULL,
    is_active boolean NOT NULL,
    eff_dtimes timestamp NOT NULL,
    provider_id varchar(36),
    partner_org_name varchar(128),
    cr_by varchar(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by varchar(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT pk_mdsh_id PRIMARY KEY (id, eff_dtimes)
);

CREATE TABLE IF NOT EXISTS pms.ftp_chip_detail (
    id varchar(36) NOT NULL,
    foundational_trust_provider_id varchar(36) NOT NULL,
    make varchar(36),
    model varchar(36),
    certificate_alias varchar(36),
    partner_org_name varchar(128),
    is_active boolean NOT NULL,
    approval_status varchar(36) NOT NULL,
    cr_by varchar(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by varchar(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT pk_fcdtl_id PRIMARY KEY (id)
);

CREATE TABLE IF NOT EXISTS pms.user_details (
    id varchar(36) NOT NULL,
    user_id varchar(64) NOT NULL,
    consent_given varchar(36) NOT NULL DEFAULT 'NO',
    consent_given_dtimes timestamp NOT NULL,
    cr_dtimes timestamp NOT NULL,
    cr_by varchar(64) NOT NULL,
    upd_by varchar(64),
    upd_dtimes timestamp,
    notifications_seen_dtimes timestamp,
    CONSTRAINT user_details_pk PRIMARY KEY (id)
);

CREATE TABLE IF NOT EXISTS pms.notifications (
    id varchar(128) NOT NULL,
    partner_id varchar(128) NOT NULL,
    notification_type varchar(36) NOT NULL,
    notification_status varchar(36) NOT NULL,
    notification_details_json varchar(50000) NOT NULL,
    email_id varchar(3000) NOT NULL,
    email_lang_code varchar(36) NOT NULL,
    email_sent boolean DEFAULT false,
    email_sent_dtimes timestamp,
    cr_by varchar(128) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by varchar(128),
    upd_dtimes timestamp,
    CONSTRAINT notifications_pkey PRIMARY KEY (id)
);

CREATE TABLE IF NOT EXISTS pms.misp (
    id varchar(36) NOT NULL,
    name varchar(128) NOT NULL,
    address varchar(2000),
    contact_no varchar(16),
    email_id varchar(256),
    user_id varchar(256) NOT NULL,
    status_code varchar(36) NOT NULL,
    is_active boolean NOT NULL,
    cr_by varchar(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by varchar(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT pk_misp PRIMARY KEY (id)
);

CREATE TABLE IF NOT EXISTS pms.otp_transaction (
    id varchar(36) NOT NULL,
    ref_id varchar(64) NOT NULL,
    otp_hash varchar(512) NOT NULL,
    generated_dtimes timestamp,
    expiry_dtimes timestamp,
    validation_retry_count smallint,
    status_code varchar(36),
    is_active boolean NOT NULL,
    cr_by varchar(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by varchar(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT pk_otpt_id PRIMARY KEY (id)
);

CREATE TABLE IF NOT EXISTS pms.tspid_seq (
    curr_seq_no integer NOT NULL,
    cr_by varchar(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by varchar(256),
    upd_dtimes timestamp,
    CONSTRAINT pk_tspidseq_id PRIMARY KEY (curr_seq_no)
);

-- Databases of line 1.2.2 lack what 1.3.0-beta.1 added. Widening a varchar
-- changes the catalogue only, no row.

ALTER TABLE pms.partner ADD COLUMN IF NOT EXISTS email_id_hash varchar(3000);
ALTER TABLE pms.partner_h ADD COLUMN IF NOT EXISTS email_id_hash varchar(3000);
ALTER TABLE pms.partner_contact ADD COLUMN IF NOT EXISTS email_id_hash varchar(3000);
ALTER TABLE pms.user_details ADD COLUMN IF NOT EXISTS notifications_seen_dtimes timestamp;

DO $$
DECLARE
    narrow record;
BEGIN
    FOR narrow IN
        SELECT c.table_name, c.column_name, wanted.width
        FROM (VALUES ('contact_no', 1000), ('email_id', 3000), ('address', 10000))
            AS wanted (column_name, width)
        JOIN information_schema.columns c ON c.column_name = wanted.column_name
        WHERE c.table_schema = 'pms'
          AND c.table_name IN ('partner', 'partner_h', 'partner_contact')
          AND c.character_maximum_length < wanted.width
    LOOP
        EXECUTE format('ALTER TABLE pms.%I ALTER COLUMN %I TYPE varchar(%s)',
                       narrow.table_name, narrow.column_name, narrow.width);
    END LOOP;
END $$;

-- A constraint that rows of an adopted database break is left out, and the
-- migration report names it.

CREATE OR REPLACE FUNCTION pg_temp.ensure_constraint(target regclass, name text, definition text)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM pg_constraint WHERE conrelid = target AND conname = name) THEN
        RETURN;
    END IF;
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s', target, name, definition);
EXCEPTION
    WHEN unique_violation OR foreign_key_violation OR check_violation THEN
        RAISE WARNING 'constraint % is left out: %', name, SQLERRM;
END $$;

DO $$
DECLARE
    wanted record;
BEGIN
    FOR wanted IN
        SELECT * FROM (VALUES
            ('pms.policy_group', 'uk_polg', 'UNIQUE (name)'),
            ('pms.auth_policy', 'uk_apol', 'UNIQUE (policy_group_id, name)'),
            ('pms.auth_policy_h', 'uk_apolh', 'UNIQUE (eff_dtimes, policy_group_id, name)'),
            ('pms.partner_contact', 'uk_partcnt_idcnt', 'UNIQUE (partner_id, contact_no)'),
            ('pms.partner_contact', 'uk_partcnt_ideml', 'UNIQUE (partner_id, email_id)'),
            ('pms.partner_policy', 'uk_ppol', 'UNIQUE (part_id, policy_id, valid_from_datetime)'),
            ('pms.misp', 'uk_misp', 'UNIQUE (name)'),
            ('pms.oidc_client', 'uq_oidc_client_public_key', 'UNIQUE (public_key)'),
            ('pms.user_details', 'consent_given', 'CHECK (consent_given IN (''YES'', ''NO''))'),
            ('pms.auth_policy', 'fk_apol_polg',
             'FOREIGN KEY (policy_group_id) REFERENCES pms.policy_group (id) MATCH FULL'),
            ('pms.partner', 'fk_part_code',
             'FOREIGN KEY (partner_type_code) REFERENCES pms.partner_type (code) MATCH FULL'),
            ('pms.partner_contact', 'fk_partcnt_id',
             'FOREIGN KEY (partner_id) REFERENCES pms.partner (id) MATCH FULL'),
            ('pms.partner_policy', 'fk_ppol_part',
             'FOREIGN KEY (part_id) REFERENCES pms.partner (id) MATCH FULL'),
            ('pms.partner_policy', 'fk_ppol_apol',
             'FOREIGN KEY (policy_id) REFERENCES pms.auth_policy (id) MATCH FULL'),
            ('pms.partner_policy_request', 'fk_papr_part',
             'FOREIGN KEY (part_id) REFERENCES pms.partner (id) MATCH FULL'),
            ('pms.partner_policy_bioextract', 'fk_ppbe_part',
             'FOREIGN KEY (part_id) REFERENCES pms.partner (id) MATCH FULL'),
            ('pms.partner_policy_bioextract', 'fk_ppbe_pol',
             'FOREIGN KEY (policy_id) REFERENCES pms.auth_policy (id) MATCH FULL'),
            ('pms.partner_policy_credential_type', 'fk_part_id',
             'FOREIGN KEY (part_id) REFERENCES pms.partner (id)'),
            ('pms.partner_policy_credential_type', 'fk_pol_id',
             'FOREIGN KEY (policy_id) REFERENCES pms.auth_policy (id) MATCH FULL'),
            ('pms.reg_device_sub_type', 'fk_rdstyp_dtype_code',
             'FOREIGN KEY (dtyp_code) REFERENCES pms.reg_device_type (code) MATCH FULL'),
            ('pms.device_detail', 'fk_devdtl_id',
             'FOREIGN KEY (dtype_code, dstype_code) REFERENCES pms.reg_device_sub_type (dtyp_code, code) MATCH FULL')
        ) AS definition (target, name, body)
    LOOP
        PERFORM pg_temp.ensure_constraint(wanted.target::regclass, wanted.name, wanted.body);
    END LOOP;
END $$;

DO $$
BEGIN
    CREATE UNIQUE INDEX IF NOT EXISTS uk_devdtl_make_model_approval_status
        ON pms.device_detail (dprovider_id, dtype_code, dstype_code, make, model)
        WHERE approval_status <> 'rejected'
          AND NOT (approval_status = 'approved' AND is_active = false);
EXCEPTION
    WHEN unique_violation THEN
        RAISE WARNING 'index uk_devdtl_make_model_approval_status is left out: %', SQLERRM;
END $$;

DO $$
BEGIN
    CREATE UNIQUE INDEX IF NOT EXISTS uk_fcdtl_make_model_approval_status
        ON pms.ftp_chip_detail (foundational_trust_provider_id, make, model)
        WHERE approval_status <> 'rejected'
          AND NOT (approval_status = 'approved' AND is_active = false);
EXCEPTION
    WHEN unique_violation THEN
        RAISE WARNING 'index uk_fcdtl_make_model_approval_status is left out: %', SQLERRM;
END $$;
