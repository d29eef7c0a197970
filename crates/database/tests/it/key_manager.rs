//! Certificates and keys of the embedded key manager, and advisory locks.

use diesel::prelude::*;
use pms_database::certificates::NewCaCertificate;
use pms_database::db_error::violation;
use pms_database::keys::{KeyAlias, MasterKey};
use pms_database::locks::{self, Lock};
use pms_database::{Violation, certificates, keys};
use pms_testkit::TestDatabase;

use crate::support::{at, stamp};

#[test]
fn a_certificate_is_in_a_trust_domain_once() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    let root = NewCaCertificate {
        cert_id: "c1",
        cert_subject: "CN=Root",
        cert_issuer: "CN=Root",
        issuer_id: "c1",
        cert_not_before: at(0),
        cert_not_after: at(9),
        cert_data: "-----BEGIN CERTIFICATE-----",
        cert_thumbprint: "aa",
        cert_sha256: "bb",
        cert_serial_no: "-1",
        partner_domain: "AUTH",
        ca_cert_type: "ROOT",
    };
    conn.transaction(|conn| {
        certificates::lock_domain(conn, "AUTH")?;
        certificates::insert_cas(conn, &[root], &stamp(0))
    })
    .unwrap();

    let again = NewCaCertificate {
        cert_id: "c2",
        ..root
    };
    let error = certificates::insert_cas(&mut conn, &[again], &stamp(1)).unwrap_err();
    let elsewhere = NewCaCertificate {
        cert_id: "c3",
        partner_domain: "FTM",
        ..root
    };
    certificates::insert_cas(&mut conn, &[elsewhere], &stamp(1)).unwrap();

    assert!(matches!(violation(&error), Some(Violation::Unique(_))));
    assert!(certificates::ca_exists(&mut conn, "FTM", "bb").unwrap());
    assert_eq!(certificates::list_ca(&mut conn, "AUTH").unwrap().len(), 1);
}

#[test]
fn keys_are_found_by_application_and_reference_newest_first() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    let alias = |id: &str, from: i64| KeyAlias {
        id: id.to_owned(),
        app_id: "PMS".to_owned(),
        ref_id: String::new(),
        key_gen_dtimes: at(from),
        key_expire_dtimes: at(from + 100),
        cert_thumbprint: Some(format!("THUMB-{id}")),
        uni_ident: Some(id.to_owned()),
    };
    keys::insert_alias(&mut conn, &alias("old", 0), &stamp(0)).unwrap();
    keys::insert_alias(&mut conn, &alias("new", 50), &stamp(50)).unwrap();
    let key = MasterKey {
        id: "new".to_owned(),
        kek_id: "kek".to_owned(),
        private_key: vec![0, 255],
        certificate_data: "pem".to_owned(),
    };
    keys::insert_master(&mut conn, &key, &stamp(50)).unwrap();

    let found: Vec<_> = keys::aliases(&mut conn, "PMS", "")
        .unwrap()
        .into_iter()
        .map(|alias| alias.id)
        .collect();

    assert_eq!(found, ["new", "old"]);
    assert_eq!(keys::find_master(&mut conn, "new").unwrap(), Some(key));
    assert_eq!(
        keys::aliases_by_thumbprints(&mut conn, &["THUMB-old".to_owned()]).unwrap()[0].id,
        "old"
    );
    let policy = keys::policy(&mut conn, "ROOT").unwrap().unwrap();
    assert_eq!(
        (policy.key_validity_duration, policy.pre_expire_days),
        (Some(2920), Some(1125))
    );
    assert!(keys::policy(&mut conn, "PARTNER").unwrap().is_none());
}

#[test]
fn a_lock_is_held_until_its_transaction_ends() {
    let database = TestDatabase::new();
    let (mut first, mut second) = (database.conn(), database.conn());
    crate::support::run(&mut second, "SET lock_timeout = '50ms'");
    let lock = Lock::PartnerEmail("0123");

    let during = first.transaction(|first| {
        locks::hold(first, lock)?;
        QueryResult::Ok(
            second
                .transaction(|second| locks::hold(second, lock))
                .is_err(),
        )
    });
    let after = second.transaction(|second| locks::hold(second, lock));

    assert!(during.unwrap());
    assert!(after.is_ok());
}
