//! What the lists of devices, FTM chips, SBIs and notifications do by
//! themselves (contract devices.md §7, contract clients-users-notifications.md §3.3).

use chrono::Datelike as _;
use diesel::prelude::*;
use pms_database::search::lists::{
    DeviceCounts, DeviceList, FtmChipList, InterfaceList, NotificationFilter, NotificationList,
};
use pms_database::search::{ConditionFn, List, ListQuery, list};
use pms_domain::notification::Kind;
use pms_testkit::TestDatabase;

use crate::support::{at, filters, run};

fn given() -> TestDatabase {
    let database = TestDatabase::new();
    run(
        &mut database.conn(),
        "SET search_path = pms, public;
         INSERT INTO reg_device_type (code, name, is_active, cr_by, cr_dtimes)
         VALUES ('Finger', 'Finger', true, 'u', now());
         INSERT INTO reg_device_sub_type (code, dtyp_code, name, is_active, cr_by, cr_dtimes)
         VALUES ('Slap', 'Finger', 'Slap', true, 'u', now());
         INSERT INTO device_detail (id, dprovider_id, dtype_code, dstype_code, make, model,
                                    approval_status, is_active, cr_by, cr_dtimes)
         SELECT id, 'p', 'Finger', 'Slap', id, 'm', status, active, 'u', '2025-01-01'
         FROM (VALUES ('d1', 'approved', true), ('d2', 'approved', false),
                      ('d3', 'pending_approval', false), ('d4', 'odd', true))
              AS rows (id, status, active);
         INSERT INTO secure_biometric_interface (id, sw_binary_hash, sw_version, sw_expiry_dtimes,
                                                 approval_status, is_active, provider_id, cr_by,
                                                 cr_dtimes)
         VALUES ('s1', '', '1', '2025-07-11', 'approved', true, 'p', 'u', '2025-01-01'),
                ('s2', '', '2', '2025-07-10', 'rejected', false, NULL, 'u', '2025-01-02'),
                ('s3', '', '3', NULL, 'odd', false, 'q', 'u', '2025-01-03');
         INSERT INTO device_detail_sbi (dprovider_id, device_detail_id, sbi_id, is_active, cr_by,
                                        cr_dtimes)
         VALUES ('p', 'd1', 's1', true, 'u', now()), ('p', 'd2', 's1', false, 'u', now()),
                ('p', 'd3', 's1', true, 'u', now()), ('p', 'gone', 's1', true, 'u', now()),
                ('p', 'd1', 's2', true, 'u', now()), ('p', 'd4', 'gone', true, 'u', now());
         INSERT INTO ftp_chip_detail (id, foundational_trust_provider_id, make, is_active,
                                      approval_status, cr_by, cr_dtimes)
         VALUES ('1', 'p', 'a', true, 'approved', 'u', '2025-01-01'),
                ('2', 'p', NULL, false, 'pending_cert_upload', 'u', '2025-01-02');
         INSERT INTO notifications (id, partner_id, notification_type, notification_status,
                                    notification_details_json, email_id, email_lang_code, cr_by,
                                    cr_dtimes)
         VALUES ('n1', 'p', 'ROOT_CERT_EXPIRY', 'ACTIVE',
                 '{\"certificateDetails\":[{\"issuedTo\":\"CN=100%\"},{\"issuedTo\":\"CN=B\"}]}',
                 '', 'eng', 'u', '2025-01-01'),
                ('n2', 'p', 'WEEKLY_SUMMARY', 'ACTIVE', '{}', '', 'eng', 'u', '2025-01-02 23:59:59'),
                ('n3', 'q', 'ROOT_CERT_EXPIRY', 'ACTIVE', '{}', '', 'eng', 'u', '2025-01-03')",
    );
    database
}

fn found<L: List>(
    conn: &mut PgConnection,
    conditions: &[ConditionFn<L::Source>],
    id: fn(L::Row) -> String,
) -> Vec<String> {
    let page = list::<L>(conn, &ListQuery::default(), conditions, 100).unwrap();
    let rows: Vec<String> = page.data.into_iter().map(id).collect();
    assert_eq!(page.total_results, i64::try_from(rows.len()).unwrap());
    rows
}

#[test]
fn a_device_has_a_row_for_each_mapping() {
    let database = given();
    let mut conn = database.conn();
    let mut of = |values: &[(&str, &str)]| {
        found::<DeviceList>(&mut conn, &filters::<DeviceList>(values), |row| {
            format!("{} {}", row.id, row.sbi_id.unwrap_or_default())
        })
    };

    assert_eq!(of(&[]), ["d1 s1", "d1 s2", "d2 s1", "d3 s1", "d4 "]);
    assert_eq!(of(&[("status", "approved")]), ["d1 s1", "d1 s2"]);
    assert_eq!(of(&[("status", "deactivated")]), ["d2 s1"]);
    assert_eq!(of(&[("status", "pending_approval")]), ["d3 s1"]);
    assert_eq!(of(&[("status", "odd")]), [""; 0]);
}

#[test]
fn a_chip_without_make_matches_no_make() {
    let database = given();
    let mut conn = database.conn();
    let of_a_make = filters::<FtmChipList>(&[("make", "")]);

    let all = found::<FtmChipList>(&mut conn, &[], |row| row.id);
    let made = found::<FtmChipList>(&mut conn, &of_a_make, |row| row.id);

    assert_eq!(
        (all, made),
        (vec!["2".into(), "1".into()], vec!["1".into()])
    );
}

#[test]
fn devices_of_an_sbi_are_counted_by_state() {
    let database = given();
    let mut conn = database.conn();

    let page = list::<InterfaceList>(&mut conn, &ListQuery::default(), &[], 100).unwrap();

    let counts: Vec<_> = page.data.into_iter().map(|row| (row.0.id, row.1)).collect();
    let count = |associated, approved, pending| DeviceCounts {
        associated,
        approved,
        pending,
    };
    assert_eq!(
        counts,
        [
            ("s3".to_owned(), count(0, 0, 0)),
            ("s2".to_owned(), count(1, 1, 0)),
            ("s1".to_owned(), count(4, 1, 1)),
        ]
    );
}

#[test]
fn sbis_expire_at_the_beginning_of_a_day() {
    let database = given();
    let mut conn = database.conn();
    let mut expiring = |status: &str| {
        let conditions = filters::<InterfaceList>(&[("sbiExpiryStatus", status)]);
        found::<InterfaceList>(&mut conn, &conditions, |row| row.0.id)
    };

    assert_eq!(expiring("expired"), ["s2"]);
    assert_eq!(expiring("valid"), ["s1"]);
    assert_eq!(expiring("other"), [""; 0]);
    let own = [InterfaceList::of_partners(vec!["q".to_owned()])];
    assert_eq!(
        found::<InterfaceList>(&mut conn, &own, |row| row.0.id),
        ["s3"]
    );
}

#[test]
fn notifications_are_those_of_the_partners_and_kinds_alone() {
    let database = given();
    let mut conn = database.conn();
    let base = |kinds: &[Kind]| NotificationFilter {
        of_partners: vec!["p".to_owned()],
        kinds: kinds.to_vec(),
        ..NotificationFilter::default()
    };
    let mut of = |filter: NotificationFilter| {
        found::<NotificationList>(&mut conn, &filter.conditions(), |row| row.id)
    };
    let issued_to = |text: &str| NotificationFilter {
        issued_to: Some(text.to_owned()),
        ..base(&[Kind::RootCertificate])
    };
    let day = at(0).date().with_day0(1).unwrap().with_month0(0).unwrap();

    assert_eq!(of(base(&Kind::OF_ADMINS)), ["n2", "n1"]);
    assert_eq!(of(base(&[])), [""; 0]);
    assert_eq!(of(NotificationFilter::default()), [""; 0]);
    assert_eq!(of(issued_to("100%")), ["n1"]);
    assert_eq!(of(issued_to("1%0")), [""; 0]);
    // The second certificate is not looked at.
    assert_eq!(of(issued_to("CN=B")), [""; 0]);
    let until = NotificationFilter {
        created_from: Some(day),
        created_to: Some(day),
        ..base(&[Kind::WeeklySummary])
    };
    assert_eq!(of(until), ["n2"]);
}

#[test]
fn pages_of_mapped_devices_are_cut_between_mappings() {
    let database = given();
    let mut conn = database.conn();
    // More than the list joins without a second thought.
    run(
        &mut conn,
        "SET search_path = pms, public;
         INSERT INTO device_detail (id, dprovider_id, dtype_code, dstype_code, make, model,
                                    approval_status, is_active, cr_by, cr_dtimes)
         SELECT 'many' || n, 'p', 'Finger', 'Slap', 'many', 'm' || n, 'approved', true, 'u', '2024-01-01'
         FROM generate_series(1, 600) n;
         INSERT INTO device_detail_sbi (dprovider_id, device_detail_id, sbi_id, is_active, cr_by,
                                        cr_dtimes)
         SELECT 'p', 'many' || n, sbi, true, 'u', now()
         FROM generate_series(1, 600, 2) n, (VALUES ('s1'), ('s2'), ('s3')) AS sbis (sbi)",
    );
    let mut pages = |filter: &[(&str, &str)], column: Option<&str>| {
        let conditions = filters::<DeviceList>(filter);
        let mut page = |page_no, page_size| {
            let query = ListQuery {
                sort_field_name: column.map(str::to_owned),
                sort_type: column.map(|_| "desc".to_owned()),
                page_no: Some(page_no),
                page_size: Some(page_size),
            };
            let page = list::<DeviceList>(&mut conn, &query, &conditions, 5000).unwrap();
            let rows = page.data.into_iter().map(|row| (row.id, row.sbi_id));
            rows.collect::<Vec<_>>()
        };
        let all = page(0, 2000);
        let cut: Vec<_> = (0..=20).flat_map(|number| page(number, 70)).collect();
        assert_eq!(cut, all, "{filter:?} {column:?}");
        all.len()
    };

    assert_eq!(pages(&[], None), 1205);
    assert_eq!(pages(&[("make", "many")], None), 1200);
    assert_eq!(pages(&[("make", "many")], Some("sbiVersion")), 1200);
    assert_eq!(pages(&[("sbiId", "s2")], Some("deviceId")), 301);
}

#[test]
fn pages_are_as_large_as_asked_where_a_mapping_is_there_twice() {
    let database = given();
    let mut conn = database.conn();
    // As an adopted database may have it, which has no such index then.
    run(
        &mut conn,
        "SET search_path = pms, public;
         DROP INDEX uk_ddsbi_device_sbi;
         INSERT INTO device_detail (id, dprovider_id, dtype_code, dstype_code, make, model,
                                    approval_status, is_active, cr_by, cr_dtimes)
         SELECT 'many' || n, 'p', 'Finger', 'Slap', 'many', 'm' || n, 'approved', true, 'u',
                '2024-01-01'
         FROM generate_series(1, 200) n;
         INSERT INTO device_detail_sbi (dprovider_id, device_detail_id, sbi_id, is_active, cr_by,
                                        cr_dtimes)
         SELECT provider, 'many' || n, 's1', true, 'u', now()
         FROM generate_series(1, 200) n, (VALUES ('p'), ('q')) AS providers (provider)",
    );
    for filter in [&[][..], &[("make", "many")]] {
        let conditions = filters::<DeviceList>(filter);
        let mut page = |page_no, page_size| {
            let query = ListQuery {
                page_no: Some(page_no),
                page_size: Some(page_size),
                ..ListQuery::default()
            };
            let page = list::<DeviceList>(&mut conn, &query, &conditions, 5000).unwrap();
            let rows: Vec<_> = page.data.into_iter().map(|row| row.id).collect();
            (page.total_results, rows)
        };
        let (total, all) = page(0, 2000);

        assert_eq!(total, i64::try_from(all.len()).unwrap(), "{filter:?}");
        let mut cut = Vec::new();
        for number in 0..=total / 3 {
            let (total_of_page, rows) = page(number, 3);
            assert!(rows.len() <= 3, "{filter:?} {number}: {rows:?}");
            assert!(rows.is_empty() || total_of_page == total);
            cut.extend(rows);
        }
        assert_eq!(cut, all, "{filter:?}");
    }
}
