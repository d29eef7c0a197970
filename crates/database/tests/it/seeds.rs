//! The default rows.

use diesel::prelude::*;
use pms_database::{policies, seeds};
use pms_testkit::TestDatabase;

use crate::support::{lines, run};

const COUNTS: &str = "
    SELECT 'partner_type ' || count(*) FROM pms.partner_type UNION ALL
    SELECT 'policy_group ' || count(*) FROM pms.policy_group UNION ALL
    SELECT 'partner ' || count(*) FROM pms.partner UNION ALL
    SELECT 'partner_h ' || count(*) FROM pms.partner_h UNION ALL
    SELECT 'auth_policy ' || count(*) FROM pms.auth_policy UNION ALL
    SELECT 'auth_policy_h ' || count(*) FROM pms.auth_policy_h UNION ALL
    SELECT 'partner_policy ' || count(*) FROM pms.partner_policy UNION ALL
    SELECT 'partner_policy_request ' || count(*) FROM pms.partner_policy_request UNION ALL
    SELECT 'bioextract ' || count(*) FROM pms.partner_policy_bioextract UNION ALL
    SELECT 'credential_type ' || count(*) FROM pms.partner_policy_credential_type UNION ALL
    SELECT 'device_type ' || count(*) FROM pms.reg_device_type UNION ALL
    SELECT 'device_sub_type ' || count(*) FROM pms.reg_device_sub_type UNION ALL
    SELECT 'device ' || count(*) FROM pms.device_detail UNION ALL
    SELECT 'sbi ' || count(*) FROM pms.secure_biometric_interface UNION ALL
    SELECT 'sbi_h ' || count(*) FROM pms.secure_biometric_interface_h";

#[test]
fn seeding_twice_is_seeding_once() {
    let database = TestDatabase::new();
    let mut conn = database.conn();

    let first = seeds::seed(&mut conn).unwrap();
    let counts = lines(&mut conn, COUNTS);
    let second = seeds::seed(&mut conn).unwrap();

    assert_eq!(first.total(), 139);
    assert_eq!(second.total(), 0);
    assert_eq!(lines(&mut conn, COUNTS), counts);
    assert_eq!(
        counts,
        [
            "partner_type 13",
            "policy_group 9",
            "partner 9",
            "partner_h 9",
            "auth_policy 13",
            "auth_policy_h 13",
            "partner_policy 13",
            "partner_policy_request 13",
            "bioextract 21",
            "credential_type 8",
            "device_type 3",
            "device_sub_type 6",
            "device 3",
            "sbi 3",
            "sbi_h 3",
        ]
    );
}

#[test]
fn rows_that_exist_stay_as_they_are() {
    let database = TestDatabase::seeded();
    let mut conn = database.conn();
    run(
        &mut conn,
        "UPDATE partner SET name = 'Ours' WHERE id = 'mpartner-default-auth';
         DELETE FROM partner_policy WHERE policy_api_key = 'mpolicy_part_auth_api'",
    );

    let report = seeds::seed(&mut conn).unwrap();

    assert_eq!(report.total(), 1, "{report:?}");
    let name = "SELECT name FROM pms.partner WHERE id = 'mpartner-default-auth'";
    assert_eq!(lines(&mut conn, name), ["Ours"]);
}

#[test]
fn a_name_that_is_taken_leaves_out_what_depends_on_it() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    crate::support::group(&mut conn, "mpolicygroup-default-auth-ours");
    run(
        &mut conn,
        "UPDATE policy_group SET name = 'mpolicygroup-default-auth'",
    );

    seeds::seed(&mut conn).unwrap();

    assert!(
        policies::find(&mut conn, "mpolicy-default-auth")
            .unwrap()
            .is_none()
    );
    assert!(
        policies::find(&mut conn, "mpolicy-default-abis")
            .unwrap()
            .is_some()
    );
}

#[test]
fn every_document_is_strict_compact_json_that_fits_its_column() {
    use pms_database::schema::auth_policy;
    let database = TestDatabase::seeded();

    let documents: Vec<String> = auth_policy::table
        .select(auth_policy::policy_file_id)
        .load(&mut database.conn())
        .unwrap();

    for document in documents {
        let parsed: serde_json::Value = serde_json::from_str(&document).unwrap();
        assert_eq!(parsed.to_string(), document);
        assert!(parsed["dataSharePolicies"]["validForInMinutes"].is_string());
        assert!(parsed["shareableAttributes"].is_array());
        assert!(document.len() <= 5120);
    }
}

#[test]
fn default_policies_end_two_hundred_years_after_they_begin() {
    let database = TestDatabase::seeded();
    let distinct = "SELECT DISTINCT valid_to_date = valid_from_date + interval '200 years' FROM pms.auth_policy";

    assert_eq!(lines(&mut database.conn(), distinct), ["true"]);
}
