//! Mapping requests and API keys.

use diesel::prelude::*;
use pms_database::api_keys::NewApiKey;
use pms_database::mapping_requests::NewMappingRequest;
use pms_database::{api_keys, mapping_requests};
use pms_testkit::TestDatabase;

use crate::support::{at, stamp};

#[test]
fn a_mapping_request_goes_from_requested_to_decided() {
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

    let pending = mapping_requests::newest_in_status(&mut conn, request.part_id, "INPROGRESS");
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
fn a_label_may_repeat_and_its_newest_key_comes_first() {
    let database = TestDatabase::seeded();
    let mut conn = database.conn();
    let key = key();
    api_keys::insert(&mut conn, &key, &stamp(0)).unwrap();
    for (name, second) in [("k2", 1), ("k3", 1)] {
        let again = NewApiKey {
            policy_api_key: name,
            ..key
        };
        api_keys::insert(&mut conn, &again, &stamp(second)).unwrap();
    }

    let found = api_keys::lock_with_label(&mut conn, key.part_id, key.policy_id, "first").unwrap();
    let names: Vec<_> = found
        .iter()
        .map(|key| key.policy_api_key.as_str())
        .collect();
    assert_eq!(names, ["k3", "k2", "k1"]);
    let mut exists =
        |label| api_keys::label_exists(&mut conn, key.part_id, key.policy_id, label).unwrap();
    assert!(exists("first") && !exists("First"));
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
