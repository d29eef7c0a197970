-- A database as the reference's scripts leave it (1.3.0-beta.1, upgraded from
-- older lines): columns added later stand at the end, there are no indexes but
-- those of keys, and its job runner has tables of its own.

CREATE SCHEMA pms;

CREATE TABLE pms.partner_type (
    code character varying(36) NOT NULL,
    partner_description character varying(128) NOT NULL,
    is_policy_required boolean NOT NULL,
    is_active boolean NOT NULL,
    cr_by character varying(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by character varying(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT pk_partyp_code PRIMARY KEY (code)
);

CREATE TABLE pms.policy_group (
    id character varying(36) NOT NULL,
    name character varying(128) NOT NULL,
    descr character varying(256) NOT NULL,
    user_id character varying(256) NOT NULL,
    is_active boolean NOT NULL,
    cr_by character varying(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by character varying(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT pk_polg PRIMARY KEY (id)
);

CREATE TABLE pms.auth_policy (
    id character varying(36) NOT NULL,
    policy_group_id character varying(36),
    name character varying(128) NOT NULL,
    descr character varying(256) NOT NULL,
    policy_file_id character varying(5120) NOT NULL,
    policy_type character varying(36) NOT NULL,
    version character varying(8) NOT NULL,
    policy_schema character varying(5120),
    valid_from_date timestamp NOT NULL,
    valid_to_date timestamp NOT NULL,
    is_active boolean NOT NULL,
    cr_by character varying(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by character varying(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT pk_apol PRIMARY KEY (id)
);

CREATE TABLE pms.auth_policy_h (
    id character varying(36) NOT NULL,
    eff_dtimes timestamp NOT NULL,
    policy_group_id character varying(36),
    name character varying(128) NOT NULL,
    descr character varying(256) NOT NULL,
    policy_file_id character varying(5120) NOT NULL,
    policy_type character varying(36) NOT NULL,
    version character varying(8) NOT NULL,
    policy_schema character varying(5120),
    valid_from_date timestamp NOT NULL,
    valid_to_date timestamp NOT NULL,
    is_active boolean NOT NULL,
    cr_by character varying(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by character varying(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT pk_apolh PRIMARY KEY (id, eff_dtimes)
);

CREATE TABLE pms.partner (
    id character varying(36) NOT NULL,
    policy_group_id character varying(36),
    name character varying(128) NOT NULL,
    address character varying(10000),
    contact_no character varying(1000),
    email_id character varying(3000),
    certificate_alias character varying(128),
    user_id character varying(256) NOT NULL,
    partner_type_code character varying(36) NOT NULL,
    approval_status character varying(36) NOT NULL,
    is_active boolean NOT NULL,
    cr_by character varying(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by character varying(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    email_id_hash character varying(3000),
    lang_code character varying(36),
    logo_url character varying(256),
    addl_info character varying,
    CONSTRAINT pk_part PRIMARY KEY (id)
);

CREATE TABLE pms.partner_h (
    id character varying(36) NOT NULL,
    eff_dtimes timestamp NOT NULL,
    policy_group_id character varying(36),
    name character varying(128) NOT NULL,
    address character varying(10000),
    contact_no character varying(1000),
    email_id character varying(3000),
    certificate_alias character varying(128),
    user_id character varying(256) NOT NULL,
    partner_type_code character varying(36) NOT NULL,
    approval_status character varying(36) NOT NULL,
    is_active boolean NOT NULL,
    cr_by character varying(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by character varying(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    email_id_hash character varying(3000),
    lang_code character varying(36),
    logo_url character varying(256),
    addl_info character varying,
    CONSTRAINT pk_parth PRIMARY KEY (id, eff_dtimes)
);

CREATE TABLE pms.partner_contact (
    id character varying(36) NOT NULL,
    partner_id character varying(36) NOT NULL,
    contact_no character varying(1000),
    email_id character varying(3000),
    address character varying(10000),
    is_active boolean NOT NULL,
    cr_by character varying(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by character varying(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    email_id_hash character varying(3000),
    CONSTRAINT partcnt PRIMARY KEY (id)
);

CREATE TABLE pms.partner_policy (
    policy_api_key character varying(128) NOT NULL,
    part_id character varying(36) NOT NULL,
    policy_id character varying(36) NOT NULL,
    valid_from_datetime timestamp NOT NULL,
    valid_to_datetime timestamp,
    is_active boolean NOT NULL,
    cr_by character varying(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by character varying(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    label character varying(36) NOT NULL,
    CONSTRAINT pk_ppol PRIMARY KEY (policy_api_key)
);

CREATE TABLE pms.partner_policy_request (
    id character varying(36) NOT NULL,
    part_id character varying(36) NOT NULL,
    policy_id character varying(36) NOT NULL,
    request_datetimes timestamp NOT NULL,
    request_detail character varying(4000) NOT NULL,
    status_code character varying(36) NOT NULL,
    cr_by character varying(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by character varying(256),
    upd_dtimes timestamp,
    is_deleted boolean,
    del_dtimes timestamp,
    CONSTRAINT pk_papr PRIMARY KEY (id)
);

CREATE TABLE pms.partner_policy_bioextract (
    id character varying(36) NOT NULL,
    part_id character varying(36) NOT NULL,
    policy_id character varying(36) NOT NULL,
    attribute_name character varying(128) NOT NULL,
    extractor_provider character varying(128) NOT NULL,
    extractor_provider_version character varying(8),
    biometric_modality character varying(64) NOT NULL,
    biometric_sub_types character varying(64),
    cr_by character varying(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by character varying(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT pk_ppbe_id PRIMARY KEY (id)
);

CREATE TABLE pms.partner_policy_credential_type (
    part_id character varying(36) NOT NULL,
    policy_id character varying(36) NOT NULL,
    credential_type character varying(128) NOT NULL,
    is_active boolean NOT NULL,
    cr_by character varying(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by character varying(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT pk_ppctyp_id PRIMARY KEY (part_id, policy_id, credential_type)
);

CREATE TABLE pms.misp_license (
    misp_id character varying(36) NOT NULL,
    license_key character varying(128) NOT NULL,
    valid_from_date timestamp NOT NULL,
    valid_to_date timestamp,
    is_active boolean NOT NULL,
    cr_by character varying(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by character varying(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    policy_id character varying(36),
    CONSTRAINT pk_mlic PRIMARY KEY (misp_id, license_key)
);

CREATE TABLE pms.oidc_client (
    id character varying(100) NOT NULL,
    name character varying(256) NOT NULL,
    rp_id character varying(100) NOT NULL,
    policy_id character varying(50) NOT NULL,
    logo_uri character varying(2048) NOT NULL,
    redirect_uris character varying NOT NULL,
    claims character varying NOT NULL,
    acr_values character varying NOT NULL,
    public_key character varying NOT NULL,
    grant_types character varying(256) NOT NULL,
    auth_methods character varying(256) NOT NULL,
    status character varying(20) NOT NULL,
    cr_by character varying(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by character varying(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT pk_oidc_client PRIMARY KEY (id)
);

CREATE TABLE pms.reg_device_type (
    code character varying(36) NOT NULL,
    name character varying(64) NOT NULL,
    descr character varying(512),
    is_active boolean NOT NULL,
    cr_by character varying(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by character varying(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT pk_rdtyp_code PRIMARY KEY (code)
);

CREATE TABLE pms.reg_device_sub_type (
    code character varying(36) NOT NULL,
    dtyp_code character varying(36) NOT NULL,
    name character varying(64) NOT NULL,
    descr character varying(512),
    is_active boolean NOT NULL,
    cr_by character varying(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by character varying(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT pk_rdstyp_code PRIMARY KEY (code, dtyp_code)
);

CREATE TABLE pms.device_detail (
    id character varying(36) NOT NULL,
    dprovider_id character varying(36) NOT NULL,
    dtype_code character varying(36) NOT NULL,
    dstype_code character varying(36) NOT NULL,
    make character varying(36) NOT NULL,
    model character varying(36) NOT NULL,
    partner_org_name character varying(128),
    approval_status character varying(36) NOT NULL,
    is_active boolean NOT NULL,
    cr_by character varying(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by character varying(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT pk_devdtl_id PRIMARY KEY (id)
);

CREATE TABLE pms.device_detail_sbi (
    dprovider_id character varying(36) NOT NULL,
    partner_org_name character varying(128),
    device_detail_id character varying(36) NOT NULL,
    sbi_id character varying(36) NOT NULL,
    is_active boolean NOT NULL,
    cr_by character varying(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by character varying(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp
);

CREATE TABLE pms.secure_biometric_interface (
    id character varying(36) NOT NULL,
    sw_binary_hash bytea NOT NULL,
    sw_version character varying(64) NOT NULL,
    sw_cr_dtimes timestamp,
    sw_expiry_dtimes timestamp,
    approval_status character varying(36) NOT NULL,
    is_active boolean NOT NULL,
    provider_id character varying(36),
    partner_org_name character varying(128),
    cr_by character varying(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by character varying(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT pk_sbi_id PRIMARY KEY (id)
);

CREATE TABLE pms.secure_biometric_interface_h (
    id character varying(36) NOT NULL,
    sw_binary_hash bytea NOT NULL,
    sw_version character varying(64) NOT NULL,
    sw_cr_dtimes timestamp,
    sw_expiry_dtimes timestamp,
    approval_status character varying(36) NOT NULL,
    is_active boolean NOT NULL,
    eff_dtimes timestamp NOT NULL,
    provider_id character varying(36),
    partner_org_name character varying(128),
    cr_by character varying(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by character varying(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT pk_mdsh_id PRIMARY KEY (id, eff_dtimes)
);

CREATE TABLE pms.ftp_chip_detail (
    id character varying(36) NOT NULL,
    foundational_trust_provider_id character varying(36) NOT NULL,
    make character varying(36),
    model character varying(36),
    certificate_alias character varying(36),
    partner_org_name character varying(128),
    is_active boolean NOT NULL,
    cr_by character varying(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by character varying(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    approval_status character varying(36) NOT NULL,
    CONSTRAINT pk_fcdtl_id PRIMARY KEY (id)
);

CREATE TABLE pms.user_details (
    id character varying(36) NOT NULL,
    user_id character varying(64) NOT NULL,
    consent_given character varying(36) NOT NULL DEFAULT 'NO',
    consent_given_dtimes timestamp NOT NULL,
    cr_dtimes timestamp NOT NULL,
    cr_by character varying(64) NOT NULL,
    upd_by character varying(64),
    upd_dtimes timestamp,
    notifications_seen_dtimes timestamp,
    CONSTRAINT user_details_pk PRIMARY KEY (id)
);

CREATE TABLE pms.notifications (
    id character varying(128) NOT NULL,
    partner_id character varying(128) NOT NULL,
    notification_type character varying(36) NOT NULL,
    notification_status character varying(36) NOT NULL,
    notification_details_json character varying(50000) NOT NULL,
    email_id character varying(3000) NOT NULL,
    email_lang_code character varying(36) NOT NULL,
    email_sent boolean DEFAULT false,
    email_sent_dtimes timestamp,
    cr_by character varying(128) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by character varying(128),
    upd_dtimes timestamp,
    CONSTRAINT notifications_pkey PRIMARY KEY (id)
);

CREATE TABLE pms.misp (
    id character varying(36) NOT NULL,
    name character varying(128) NOT NULL,
    address character varying(2000),
    contact_no character varying(16),
    email_id character varying(256),
    user_id character varying(256) NOT NULL,
    status_code character varying(36) NOT NULL,
    is_active boolean NOT NULL,
    cr_by character varying(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by character varying(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT pk_misp PRIMARY KEY (id)
);

CREATE TABLE pms.otp_transaction (
    id character varying(36) NOT NULL,
    ref_id character varying(64) NOT NULL,
    otp_hash character varying(512) NOT NULL,
    generated_dtimes timestamp,
    expiry_dtimes timestamp,
    validation_retry_count smallint,
    status_code character varying(36),
    is_active boolean NOT NULL,
    cr_by character varying(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by character varying(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT pk_otpt_id PRIMARY KEY (id)
);

CREATE TABLE pms.tspid_seq (
    curr_seq_no integer NOT NULL,
    cr_by character varying(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by character varying(256),
    upd_dtimes timestamp,
    CONSTRAINT pk_tspidseq_id PRIMARY KEY (curr_seq_no)
);

ALTER TABLE pms.policy_group ADD CONSTRAINT uk_polg UNIQUE (name);
ALTER TABLE pms.auth_policy ADD CONSTRAINT uk_apol UNIQUE (policy_group_id, name);
ALTER TABLE pms.auth_policy_h ADD CONSTRAINT uk_apolh UNIQUE (eff_dtimes, policy_group_id, name);
ALTER TABLE pms.partner_contact ADD CONSTRAINT uk_partcnt_idcnt UNIQUE (partner_id, contact_no);
ALTER TABLE pms.partner_contact ADD CONSTRAINT uk_partcnt_ideml UNIQUE (partner_id, email_id);
ALTER TABLE pms.partner_policy
    ADD CONSTRAINT uk_ppol UNIQUE (part_id, policy_id, valid_from_datetime);
ALTER TABLE pms.misp ADD CONSTRAINT uk_misp UNIQUE (name);
ALTER TABLE pms.oidc_client ADD CONSTRAINT uq_oidc_client_public_key UNIQUE (public_key);
ALTER TABLE pms.user_details
    ADD CONSTRAINT consent_given CHECK (consent_given IN ('YES', 'NO'));
ALTER TABLE pms.auth_policy ADD CONSTRAINT fk_apol_polg
    FOREIGN KEY (policy_group_id) REFERENCES pms.policy_group (id) MATCH FULL;
ALTER TABLE pms.partner ADD CONSTRAINT fk_part_code
    FOREIGN KEY (partner_type_code) REFERENCES pms.partner_type (code) MATCH FULL;
ALTER TABLE pms.partner_policy ADD CONSTRAINT fk_ppol_part
    FOREIGN KEY (part_id) REFERENCES pms.partner (id) MATCH FULL;
ALTER TABLE pms.partner_policy ADD CONSTRAINT fk_ppol_apol
    FOREIGN KEY (policy_id) REFERENCES pms.auth_policy (id) MATCH FULL;
CREATE UNIQUE INDEX uk_devdtl_make_model_approval_status
    ON pms.device_detail (dprovider_id, dtype_code, dstype_code, make, model)
    WHERE approval_status <> 'rejected'
      AND NOT (approval_status = 'approved' AND is_active = false);
CREATE UNIQUE INDEX uk_fcdtl_make_model_approval_status
    ON pms.ftp_chip_detail (foundational_trust_provider_id, make, model)
    WHERE approval_status <> 'rejected'
      AND NOT (approval_status = 'approved' AND is_active = false);

CREATE TABLE pms.batch_job_instance (
    job_instance_id bigint PRIMARY KEY,
    version bigint,
    job_name character varying(100) NOT NULL,
    job_key character varying(32) NOT NULL,
    CONSTRAINT job_inst_un UNIQUE (job_name, job_key)
);
CREATE SEQUENCE pms.batch_job_seq MAXVALUE 9223372036854775807 NO CYCLE;
