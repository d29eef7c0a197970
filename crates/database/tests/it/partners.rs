//! Partners, their types and contacts.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use pms_database::db_error::violation;
use pms_database::partners::{ContactChange, NewPartner, NewPartnerContact, PartnerDetails, Share};
use pms_database::{Violation, api_keys, partners};
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
fn the_user_owns_a_partner_and_the_id_counts_without_one() {
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
    let orphan = NewPartner {
        id: "orphan",
        user_id: "",
        email_id_hash: "89",
        ..PARTNER
    };
    partners::insert(&mut conn, &orphan, &stamp(0)).unwrap();
    let mut own = |user: &str| {
        let own = partners::owned_by(&mut conn, user).unwrap();
        assert_eq!(
            partners::owns_any(&mut conn, user).unwrap(),
            !own.is_empty()
        );
        own
    };

    assert_eq!(own("Acme"), ["acme", "acme-2"]);
    assert_eq!(own("Acme-2"), Vec::<String>::new());
    assert_eq!(own("Orphan"), ["orphan"]);
    assert_eq!(own("nobody"), Vec::<String>::new());
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

/// The longest additional information is as long as a request.
#[test]
fn a_part_of_the_list_with_additional_information_is_bounded_by_its_bytes() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    conn.batch_execute(
        "INSERT INTO pms.partner_type (code, partner_description, is_policy_required, is_active,
            cr_by, cr_dtimes) VALUES ('T', 't', false, true, 'u', now());
         INSERT INTO pms.partner (id, name, user_id, partner_type_code, approval_status,
            is_active, addl_info, cr_by, cr_dtimes)
         SELECT 'p' || n, 'n', 'u', 'T', 'approved', true, addl_info, 'u', '2026-01-01'
         FROM unnest(ARRAY[repeat('x', 100), repeat('x', 300), NULL, repeat('x', 150),
            repeat('é', 25), '[]']) WITH ORDINALITY AS row (addl_info, n)",
    )
    .unwrap();
    let share = Share {
        rows: 3,
        bytes: 200,
    };
    let (mut parts, mut after) = (Vec::new(), None);

    loop {
        let (rows, more) =
            partners::list_described(&mut conn, Some("T"), after.as_ref(), share).unwrap();
        let (texts, same) =
            partners::additional_info(&mut conn, Some("T"), after.as_ref(), share).unwrap();
        let of_rows: Vec<_> = rows.iter().map(|row| &row.addl_info).collect();
        assert_eq!(texts.iter().map(|row| &row.1).collect::<Vec<_>>(), of_rows);
        assert_eq!(same, more);
        let ids = rows.iter().map(|row| row.partner.id.clone());
        parts.push(ids.collect::<Vec<_>>().join(" "));
        let Some(last) = rows.last().filter(|_| more) else {
            break;
        };
        after = Some((last.partner.cr_dtimes, last.partner.id.clone()));
    }

    // Two parts have a single row, since the next one would be too much; a single row may
    // be too long.
    assert_eq!(parts, ["p1", "p2", "p3 p4 p5", "p6"]);
}
