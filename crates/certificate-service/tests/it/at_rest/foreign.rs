//! The database of another key manager, and its file of master keys.
//!
//! `keystore.p12` was written by Java's keytool; `base.txt`, `old_base.txt` and
//! `data.txt` hold two private keys as such a key manager stores them, and data
//! that it encrypted.

use pms_certificate_service::admin::{self, ImportOptions, ImportReport, Keystore};
use pms_database::DbError;
use pms_testkit::TestDatabase;

use super::rotating::safe;
use crate::support::service::Stage;

pub const KEYSTORE: &[u8] = include_bytes!("../fixtures/foreign/keystore.p12");
pub const PASSWORD: &str = "changeit";
pub const DATA: &str = include_str!("../fixtures/foreign/data.txt");
pub const BASE_ROW: &str = include_str!("../fixtures/foreign/base.txt");
const OLD_BASE_ROW: &str = include_str!("../fixtures/foreign/old_base.txt");
pub const ROOT_PEM: &str = include_str!("../fixtures/foreign/root.pem");
pub const PMS_PEM: &str = include_str!("../fixtures/foreign/pms.pem");
const BASE_PEM: &str = include_str!("../fixtures/foreign/base.pem");
const OLD_BASE_PEM: &str = include_str!("../fixtures/foreign/old_base.pem");

pub const ROOT: &str = "0d3f3c1e-5a0b-4c56-9d6c-3f1f6f0f0001";
pub const PMS: &str = "0d3f3c1e-5a0b-4c56-9d6c-3f1f6f0f0002";
pub const KERNEL: &str = "0d3f3c1e-5a0b-4c56-9d6c-3f1f6f0f0003";
const EC: &str = "0d3f3c1e-5a0b-4c56-9d6c-3f1f6f0f0004";
pub const BASE: &str = "0d3f3c1e-5a0b-4c56-9d6c-3f1f6f0f0005";
const OLD_BASE: &str = "0d3f3c1e-5a0b-4c56-9d6c-3f1f6f0f0006";
/// A master key that is in an HSM, and a base key below it.
pub const HSM: &str = "0d3f3c1e-5a0b-4c56-9d6c-3f1f6f0f0007";
const BELOW_HSM: &str = "0d3f3c1e-5a0b-4c56-9d6c-3f1f6f0f0008";
const PARTNER: &str = "0d3f3c1e-5a0b-4c56-9d6c-3f1f6f0f0009";

/// What differs between versions.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// 1.1.5: fewer columns.
    Old,
    /// 1.3.
    New,
}

pub struct Foreign {
    pub database: TestDatabase,
}

impl Foreign {
    pub fn new(version: Version) -> Self {
        let foreign = Self {
            database: TestDatabase::empty(),
        };
        let (ca_type, alias_columns) = match version {
            Version::Old => ("", ""),
            Version::New => (
                "ca_cert_type varchar(25),",
                "cert_thumbprint varchar(100), uni_ident varchar(50) UNIQUE,",
            ),
        };
        let audit = "cr_by varchar(256) NOT NULL, cr_dtimes timestamp NOT NULL, upd_by varchar(256), \
            upd_dtimes timestamp, is_deleted boolean DEFAULT false, del_dtimes timestamp";
        let certificate = "cert_id varchar(36) PRIMARY KEY, cert_subject varchar(500) NOT NULL, \
            cert_issuer varchar(500) NOT NULL, issuer_id varchar(36) NOT NULL, \
            cert_not_before timestamp, cert_not_after timestamp, partner_domain varchar(36), \
            cert_data varchar, cert_thumbprint varchar(100), cert_serial_no varchar(50)";
        foreign.sql(&format!(
            "CREATE SCHEMA keymgr; \
             CREATE TABLE keymgr.key_policy_def (app_id varchar(36) PRIMARY KEY, \
                key_validity_duration smallint, is_active boolean NOT NULL, pre_expire_days smallint, \
                access_allowed varchar(1024), {audit}); \
             CREATE TABLE keymgr.key_alias (id varchar(36) PRIMARY KEY, app_id varchar(36) NOT NULL, \
                ref_id varchar(128), key_gen_dtimes timestamp, key_expire_dtimes timestamp, \
                status_code varchar(36), lang_code varchar(3), {alias_columns} {audit}); \
             CREATE TABLE keymgr.key_store (id varchar(36) PRIMARY KEY, master_key varchar(36) NOT NULL, \
                private_key varchar(2500) NOT NULL, certificate_data varchar NOT NULL, {audit}); \
             CREATE TABLE keymgr.ca_cert_store ({certificate}, crl_uri varchar(120), {ca_type} {audit}); \
             CREATE TABLE keymgr.partner_cert_store ({certificate}, signed_cert_data varchar, \
                key_usage varchar(150), organization_name varchar(120), {audit})"
        ));
        foreign.fill();
        foreign
    }

    fn fill(&self) {
        self.sql(
            "INSERT INTO keymgr.key_policy_def (app_id, key_validity_duration, is_active, \
                pre_expire_days, access_allowed, cr_by, cr_dtimes) VALUES \
             ('ROOT', 2920, true, 1125, 'NA', 'SYSTEM', '2026-01-01'), \
             ('PMS', 1500, true, 400, 'NA', 'SYSTEM', '2026-01-01'), \
             ('OTHER', 1095, true, 60, 'NA', 'SYSTEM', '2026-01-01')",
        );
        for (id, app_id, ref_id, from, to) in [
            (ROOT, "ROOT", "", "2026-01-01", "2033-12-30"),
            (PMS, "PMS", "", "2026-01-01", "2033-12-30"),
            (KERNEL, "KERNEL", "SIGN", "2026-01-01", "2033-12-30"),
            (
                EC,
                "KERNEL",
                "EC_SECP256R1_SIGN",
                "2026-01-01",
                "2033-12-30",
            ),
            (BASE, "PMS", "PII-DATA", "2026-01-01", "2033-12-30"),
            (OLD_BASE, "PMS", "PII-DATA", "2024-01-01", "2025-12-31"),
            (HSM, "RESIDENT", "", "2026-01-01", "2033-12-30"),
            (BELOW_HSM, "RESIDENT", "DATA", "2026-01-01", "2033-12-30"),
            (PARTNER, "PARTNER", "p1", "2026-01-01", "2033-12-30"),
        ] {
            self.sql(&format!(
                "INSERT INTO keymgr.key_alias (id, app_id, ref_id, key_gen_dtimes, key_expire_dtimes, \
                    cr_by, cr_dtimes) \
                 VALUES ('{id}', '{app_id}', '{ref_id}', '{from}', '{to}', 'SYSTEM', '2026-01-01')"
            ));
        }
        for (id, master, private, pem) in [
            (BASE, PMS, BASE_ROW, BASE_PEM),
            (OLD_BASE, PMS, OLD_BASE_ROW, OLD_BASE_PEM),
            (BELOW_HSM, HSM, BASE_ROW, BASE_PEM),
            (PARTNER, PARTNER, "NA", PMS_PEM),
        ] {
            let private = private.trim();
            self.sql(&format!(
                "INSERT INTO keymgr.key_store (id, master_key, private_key, certificate_data, cr_by, \
                    cr_dtimes) VALUES ('{id}', '{master}', '{private}', '{pem}', 'SYSTEM', '2026-01-01')"
            ));
        }
        self.certificates();
    }

    fn certificates(&self) {
        let common = "cert_id, cert_subject, cert_issuer, issuer_id, cert_not_before, cert_not_after, \
            partner_domain, cert_data, cert_thumbprint, cert_serial_no, cr_by, cr_dtimes";
        for (id, issuer, pem) in [
            ("ca-root", "ca-root", ROOT_PEM),
            ("ca-pms", "ca-root", PMS_PEM),
        ] {
            self.sql(&format!(
                "INSERT INTO keymgr.ca_cert_store ({common}) VALUES ('{id}', 'CN=s', 'CN=i', '{issuer}', \
                    '2026-01-01', '2033-12-30', 'AUTH', '{pem}', 't', '1', 'SYSTEM', '2026-01-02')"
            ));
        }
        for (id, pem) in [("partner-1", BASE_PEM), ("partner-broken", "nothing")] {
            self.sql(&format!(
                "INSERT INTO keymgr.partner_cert_store ({common}, signed_cert_data, organization_name) \
                 VALUES ('{id}', 'CN=s', 'CN=i', 'ca-pms', '2026-01-01', '2033-12-30', 'AUTH', '{pem}', \
                    't', '1', 'SYSTEM', '2026-01-02', '{PMS_PEM}', 'IITB')"
            ));
        }
    }

    pub fn sql(&self, statements: &str) {
        use diesel::connection::SimpleConnection as _;
        self.database.conn().batch_execute(statements).unwrap();
    }

    /// Imports everything with the keystore.
    pub fn import(
        &self,
        stage: &Stage,
        replace: bool,
        dry_run: bool,
    ) -> Result<ImportReport, DbError> {
        let keystore = Keystore::open(KEYSTORE, PASSWORD).unwrap();
        self.import_with(stage, &keystore, (replace, dry_run))
    }

    pub fn import_with(
        &self,
        stage: &Stage,
        keystore: &Keystore,
        (replace_current, dry_run): (bool, bool),
    ) -> Result<ImportReport, DbError> {
        let options = ImportOptions {
            schema: "keymgr".to_owned(),
            replace_current,
            dry_run,
            now: stage.clock.now(),
        };
        admin::import(
            &mut self.database.conn(),
            &mut stage.database.conn(),
            keystore,
            &safe(stage, &[]),
            &options,
        )
    }
}
