-- Certificates and keys of the embedded key manager (key manager contract §5).
-- Columns are those of the reference's key manager, so that its rows can be
-- imported; some are wider, and `cert_sha256` and `master_key` are ours.

CREATE SCHEMA IF NOT EXISTS keymgr;

CREATE TABLE IF NOT EXISTS keymgr.ca_cert_store (
    cert_id varchar(36) NOT NULL,
    cert_subject varchar(2000) NOT NULL,
    cert_issuer varchar(2000) NOT NULL,
    issuer_id varchar(36) NOT NULL,
    cert_not_before timestamp NOT NULL,
    cert_not_after timestamp NOT NULL,
    crl_uri varchar(120),
    cert_data varchar NOT NULL,
    cert_thumbprint varchar(100) NOT NULL,
    cert_sha256 varchar(64) NOT NULL,
    cert_serial_no varchar(64) NOT NULL,
    partner_domain varchar(36) NOT NULL,
    ca_cert_type varchar(25),
    cr_by varchar(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by varchar(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT pk_ca_cert_store PRIMARY KEY (cert_id)
);

CREATE TABLE IF NOT EXISTS keymgr.partner_cert_store (
    cert_id varchar(36) NOT NULL,
    cert_subject varchar(2000) NOT NULL,
    cert_issuer varchar(2000) NOT NULL,
    issuer_id varchar(36) NOT NULL,
    cert_not_before timestamp NOT NULL,
    cert_not_after timestamp NOT NULL,
    partner_domain varchar(36) NOT NULL,
    cert_data varchar NOT NULL,
    signed_cert_data varchar NOT NULL,
    key_usage varchar(150),
    organization_name varchar(256) NOT NULL,
    cert_thumbprint varchar(100) NOT NULL,
    cert_sha256 varchar(64) NOT NULL,
    cert_serial_no varchar(64) NOT NULL,
    cr_by varchar(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by varchar(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT pk_partner_cert_store PRIMARY KEY (cert_id)
);

CREATE TABLE IF NOT EXISTS keymgr.key_alias (
    id varchar(36) NOT NULL,
    app_id varchar(36) NOT NULL,
    ref_id varchar(128) NOT NULL DEFAULT '',
    key_gen_dtimes timestamp NOT NULL,
    key_expire_dtimes timestamp NOT NULL,
    status_code varchar(36),
    lang_code varchar(3),
    cert_thumbprint varchar(100),
    uni_ident varchar(50),
    cr_by varchar(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by varchar(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT pk_key_alias PRIMARY KEY (id)
);

CREATE TABLE IF NOT EXISTS keymgr.key_store (
    id varchar(36) NOT NULL,
    master_key varchar(36) NOT NULL,
    private_key varchar(2500) NOT NULL,
    certificate_data varchar NOT NULL,
    cr_by varchar(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by varchar(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT pk_key_store PRIMARY KEY (id)
);

CREATE TABLE IF NOT EXISTS keymgr.key_policy_def (
    app_id varchar(36) NOT NULL,
    key_validity_duration smallint,
    is_active boolean NOT NULL,
    pre_expire_days smallint,
    access_allowed varchar(1024),
    cr_by varchar(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    upd_by varchar(256),
    upd_dtimes timestamp,
    is_deleted boolean DEFAULT false,
    del_dtimes timestamp,
    CONSTRAINT pk_key_policy_def PRIMARY KEY (app_id)
);

CREATE TABLE IF NOT EXISTS keymgr.master_key (
    id varchar(36) NOT NULL,
    kek_id varchar(64) NOT NULL,
    private_key bytea NOT NULL,
    certificate_data varchar NOT NULL,
    cr_by varchar(256) NOT NULL,
    cr_dtimes timestamp NOT NULL,
    CONSTRAINT pk_master_key PRIMARY KEY (id)
);

-- A certificate is in a trust domain once.
CREATE UNIQUE INDEX IF NOT EXISTS uk_ca_cert_store_thumbprint
    ON keymgr.ca_cert_store (cert_thumbprint, partner_domain);
CREATE UNIQUE INDEX IF NOT EXISTS uk_ca_cert_store_sha256
    ON keymgr.ca_cert_store (cert_sha256, partner_domain);
CREATE INDEX IF NOT EXISTS ix_ca_cert_store_domain
    ON keymgr.ca_cert_store (partner_domain, cr_dtimes, cert_id);
CREATE INDEX IF NOT EXISTS ix_ca_cert_store_age ON keymgr.ca_cert_store (cr_dtimes, cert_id);
CREATE INDEX IF NOT EXISTS ix_ca_cert_store_end ON keymgr.ca_cert_store (cert_not_after);

CREATE INDEX IF NOT EXISTS ix_partner_cert_store_sha256
    ON keymgr.partner_cert_store (cert_sha256, partner_domain);
CREATE INDEX IF NOT EXISTS ix_partner_cert_store_age
    ON keymgr.partner_cert_store (cr_dtimes, cert_id);
CREATE INDEX IF NOT EXISTS ix_partner_cert_store_end
    ON keymgr.partner_cert_store (cert_not_after);

CREATE UNIQUE INDEX IF NOT EXISTS uk_key_alias_uni_ident ON keymgr.key_alias (uni_ident);
CREATE INDEX IF NOT EXISTS ix_key_alias_key
    ON keymgr.key_alias (app_id, ref_id, key_gen_dtimes DESC);
CREATE INDEX IF NOT EXISTS ix_key_alias_thumbprint ON keymgr.key_alias (cert_thumbprint);
CREATE INDEX IF NOT EXISTS ix_key_store_master ON keymgr.key_store (master_key);

-- How long keys live (key manager contract §4). There is none for `PARTNER` on
-- purpose: those keys are not ours to make.
INSERT INTO keymgr.key_policy_def
    (app_id, key_validity_duration, pre_expire_days, access_allowed, is_active, cr_by, cr_dtimes)
SELECT app_id, days, pre_expire, 'NA', true, 'SYSTEM', now() AT TIME ZONE 'UTC'
FROM (VALUES
    ('ROOT', 2920, 1125),
    ('PMS', 1460, 395),
    ('BASE', 730, 30),
    ('PRE_REGISTRATION', 1095, 60),
    ('REGISTRATION', 1095, 60),
    ('REGISTRATION_PROCESSOR', 1095, 60),
    ('ID_REPO', 1095, 60),
    ('KERNEL', 1095, 60),
    ('RESIDENT', 1095, 60),
    ('ADMIN_SERVICES', 1095, 60),
    ('DIGITAL_CARD', 1095, 60),
    ('COMPLIANCE_TOOLKIT', 1095, 60)
) AS policy (app_id, days, pre_expire)
ON CONFLICT DO NOTHING;
