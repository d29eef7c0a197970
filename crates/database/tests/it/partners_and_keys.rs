//! Partners, their types and contacts, mapping requests, API keys, key manager rows.

use diesel::prelude::*;
use pms_database::api_keys::NewApiKey;
use pms_database::certificates::NewCaCertificate;
use pms_database::failure::violation;
use pms_database::keys::{KeyAlias, MasterKey};
use pms_database::locks::{self, Lock};
use pms_database::mapping_requests::NewMappingRequest;
use pms_database::partners::{ContactChange, NewPartner, NewPartnerContact, PartnerDetails};
use pms_database::{Violation, api_keys, certificates, keys, mapping_requests, partners};
use pms_testkit::TestDatabase;

use crate::support::{at, lines, stamp};

const PARTNER: NewPartner<'static> = NewPartner {
    id: "acme",
    policy_group_id: Some("mpolicygroup-default-auth"),
    name: "Acme",
    address: "cipher 1",
    contact_no: "cipher 2",
    email_id: "cipher 3",
    email_id_hash: "0123",
    user_id: "acme",
    partner_type_code: "Auth_Partner",
    approval_status: "InProgress",
    lang_code: Some("eng"),
    logo_url: None,
    addl_info: "[]",
};

fn partner_history(conn: &mut PgConnection) -> Vec<String> {
    lines(
        conn,
        "SELECT eff_dtimes || ' ' || approval_status || ' ' || is_active || ' ' || cr_by || ' ' ||
                coalesce(policy_group_id, '-') || ' ' || coalesce(certificate_alias, '-')
         FROM pms.partner_h WHERE id = 'acme' ORDER BY eff_dtimes",
    )
}

#[test]
fn each_change_of_a_partner_appends_history_under_its_own_id() {
    let database = TestDatabase::seeded();
    let mut conn = database.conn();
    partners::insert(&mut conn, &PARTNER, &stamp(0)).unwrap();

    partners::set_policy_group(&mut conn, "acme", "mpolicygroup-default-abis", &stamp(1)).unwrap();
    partners::set_certificate(&mut conn, "acme", "cert-1", "approved", &stamp(1)).unwrap();
    let now = partners::set_active(&mut conn, "acme", false, &stamp(2)).unwrap();

    assert_eq!(now.upd_dtimes, Some(at(2)));
    assert_eq!(
        partner_history(&mut conn),
        [
            "2025-07-11 12:00:00 InProgress false tester mpolicygroup-default-auth -",
            "2025-07-11 12:00:01 InProgress false tester mpolicygroup-default-abis -",
            "2025-07-11 12:00:01.000001 approved true tester mpolicygroup-default-abis cert-1",
            "2025-07-11 12:00:02 approved false tester mpolicygroup-default-abis cert-1",
        ]
    );
}

#[test]
fn details_change_only_where_they_are_given() {
    let database = TestDatabase::seeded();
    let mut conn = database.conn();
    let partner = NewPartner {
        logo_url: Some("https://logo"),
        ..PARTNER
    };
    partners::insert(&mut conn, &partner, &stamp(0)).unwrap();
    let mut details = PartnerDetails {
        address: Some("new"),
        contact_no: Some("new"),
        email_id: None,
        email_id_hash: None,
        logo_url: None,
        addl_info: None,
    };

    let kept = partners::update_details(&mut conn, "acme", &details, &stamp(1)).unwrap();
    details.logo_url = Some(None);
    let emptied = partners::update_details(&mut conn, "acme", &details, &stamp(2)).unwrap();

    assert_eq!(kept.logo_url.as_deref(), Some("https://logo"));
    assert_eq!(
        (kept.address.as_deref(), kept.email_id.as_deref()),
        (Some("new"), Some("cipher 3"))
    );
    assert_eq!(emptied.logo_url, None);
}

#[test]
fn partner_ids_are_exact_and_taken_once() {
    let database = TestDatabase::seeded();
    let mut conn = database.conn();
    partners::insert(&mut conn, &PARTNER, &stamp(0)).unwrap();

    let error = partners::insert(&mut conn, &PARTNER, &stamp(1)).unwrap_err();

    assert_eq!(violation(&error), Some(Violation::Unique("pk_part")));
    assert!(partners::exists_with_id(&mut conn, "acme").unwrap());
    assert!(!partners::exists_with_id(&mut conn, "ACME").unwrap());
}

#[test]
fn ownership_ignores_case_and_counts_id_and_user() {
    let database = TestDatabase::seeded();
    let mut conn = database.conn();
    let second = NewPartner {
        id: "acme-2",
        user_id: "ACME",
        email_id_hash: "4567",
        ..PARTNER
    };
    partners::insert(&mut conn, &PARTNER, &stamp(0)).unwrap();
    partners::insert(&mut conn, &second, &stamp(0)).unwrap();

    assert_eq!(
        partners::owned_by(&mut conn, "Acme").unwrap(),
        ["acme", "acme-2"]
    );
    assert_eq!(partners::owned_by(&mut conn, "Acme-2").unwrap(), ["acme-2"]);
    assert_eq!(
        partners::owned_by(&mut conn, "nobody").unwrap(),
        Vec::<String>::new()
    );
}

#[test]
fn a_type_is_found_in_any_case_and_answered_in_its_own() {
    let database = TestDatabase::seeded();
    let mut conn = database.conn();

    let found = partners::find_type(&mut conn, "auth_PARTNER")
        .unwrap()
        .unwrap();

    assert_eq!(found.code, "Auth_Partner");
    assert_eq!(partners::policy_required_types(&mut conn).unwrap().len(), 8);
    assert_eq!(partners::list_types(&mut conn).unwrap().len(), 13);
}

#[test]
fn personal_data_is_not_in_debug_output() {
    let database = TestDatabase::seeded();
    let mut conn = database.conn();
    let partner = partners::insert(&mut conn, &PARTNER, &stamp(0)).unwrap();
    let key = api_keys::find(&mut conn, "mpolicy_part_auth_api")
        .unwrap()
        .unwrap();

    assert_eq!(format!("{partner:?}"), r#"Partner { id: "acme", .. }"#);
    assert!(!format!("{key:?}").contains("policy_api_key"));
}

#[test]
fn a_contact_is_found_by_hash_or_by_clear_text() {
    let database = TestDatabase::seeded();
    let mut conn = database.conn();
    let contact = NewPartnerContact {
        id: "1",
        partner_id: "mpartner-default-auth",
        contact_no: "c",
        email_id: "cipher",
        email_id_hash: "0123",
        address: "a",
        is_active: true,
    };
    partners::insert_contact(&mut conn, &contact, &stamp(0)).unwrap();
    let change = ContactChange {
        contact_no: Some("new"),
        address: None,
        email_id: None,
        email_id_hash: None,
        is_active: Some(false),
    };

    let found = partners::lock_contact(&mut conn, "mpartner-default-auth", "0123", "x").unwrap();
    let by_text =
        partners::lock_contact(&mut conn, "mpartner-default-auth", "x", "cipher").unwrap();
    let changed = partners::update_contact(&mut conn, "1", &change, &stamp(1)).unwrap();

    assert_eq!(found.unwrap().id, "1");
    assert!(by_text.is_none(), "a row with a hash holds no clear text");
    assert_eq!(
        (changed.contact_no.as_deref(), changed.is_active),
        (Some("new"), false)
    );
}

#[test]
fn a_mapping_request_goes_from_asked_to_decided() {
    let database = TestDatabase::seeded();
    let mut conn = database.conn();
    let request = NewMappingRequest {
        id: "1",
        part_id: "mpartner-default-auth",
        policy_id: "mpolicy-default-abis",
        request_detail: "please",
        status_code: "InProgress",
    };
    mapping_requests::insert(&mut conn, &request, &stamp(0)).unwrap();

    let pending = mapping_requests::find_in_status(
        &mut conn,
        request.part_id,
        request.policy_id,
        "INPROGRESS",
    );
    mapping_requests::set_status(&mut conn, "1", "approved", &stamp(1)).unwrap();

    assert_eq!(pending.unwrap().unwrap().id, "1");
    let decided = mapping_requests::lock(&mut conn, "1").unwrap().unwrap();
    assert_eq!(
        (decided.status_code.as_str(), decided.upd_dtimes),
        ("approved", Some(at(1)))
    );
    let exists = |conn: &mut PgConnection, status: &str| {
        mapping_requests::exists_for_policy(conn, "mpolicy-default-PDFCard", status).unwrap()
    };
    assert!(exists(&mut conn, "Approved"));
    assert!(
        !exists(&mut conn, "approved"),
        "exact, as the contract wants"
    );
}

fn key() -> NewApiKey<'static> {
    NewApiKey {
        policy_api_key: "k1",
        part_id: "mpartner-default-auth",
        policy_id: "mpolicy-default-abis",
        label: "first",
        valid_from_datetime: at(0),
        valid_to_datetime: at(9),
    }
}

#[test]
fn keys_of_one_instant_start_a_microsecond_apart() {
    let database = TestDatabase::seeded();
    let mut conn = database.conn();
    let key = key();
    let second = NewApiKey {
        policy_api_key: "k2",
        label: "second",
        ..key
    };

    api_keys::insert(&mut conn, &key, &stamp(0)).unwrap();
    let second = api_keys::insert(&mut conn, &second, &stamp(0)).unwrap();

    assert_eq!(
        second.valid_from_datetime,
        at(0) + chrono::TimeDelta::microseconds(1)
    );
    assert_eq!(
        api_keys::list(&mut conn, key.part_id, key.policy_id)
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn a_label_is_taken_once_for_each_partner_and_policy() {
    let database = TestDatabase::seeded();
    let mut conn = database.conn();
    let key = key();
    api_keys::insert(&mut conn, &key, &stamp(0)).unwrap();

    let again = NewApiKey {
        policy_api_key: "k2",
        ..key
    };
    let error = api_keys::insert(&mut conn, &again, &stamp(1)).unwrap_err();

    assert_eq!(violation(&error), Some(Violation::Unique("uk_ppol_label")));
    let found = api_keys::find_by_label(&mut conn, key.part_id, key.policy_id, "first").unwrap();
    assert_eq!(found.unwrap().policy_api_key, "k1");
}

#[test]
fn a_key_that_is_off_keeps_no_policy_in_use() {
    let database = TestDatabase::seeded();
    let mut conn = database.conn();

    let before = api_keys::active_exists_for_policy(&mut conn, "mpolicy-default-auth").unwrap();
    api_keys::set_active(&mut conn, "mpolicy_part_auth_api", false, &stamp(1)).unwrap();
    let after = api_keys::active_exists_for_policy(&mut conn, "mpolicy-default-auth").unwrap();

    assert!(before && !after);
}

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
        certificates::insert_ca(conn, &root, &stamp(0))
    })
    .unwrap();

    let again = NewCaCertificate {
        cert_id: "c2",
        ..root
    };
    let error = certificates::insert_ca(&mut conn, &again, &stamp(1)).unwrap_err();
    let elsewhere = NewCaCertificate {
        cert_id: "c3",
        partner_domain: "FTM",
        ..root
    };
    certificates::insert_ca(&mut conn, &elsewhere, &stamp(1)).unwrap();

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
        keys::aliases_by_thumbprint(&mut conn, "THUMB-old").unwrap()[0].id,
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
