use pms_database::search::OfPartners as _;
use pms_database::search::searches::{ApiKeys, MappingRequests};
use pms_database::search::{Entity as _, Filter, search};

use super::{NOBODY, filter, given, ids, keys, request_of, requests};
use crate::support::RULES;

#[test]
fn the_scope_of_partners_narrows_their_requests_and_keys() {
    let database = given();
    let mut conn = database.conn();
    let of = || vec!["b".to_owned(), "ANNA".to_owned()];
    let ask = [filter("statusCode", "equals", "APPROVED")];

    let scope = Some(MappingRequests::of_partners(of()));
    let found = ids::<MappingRequests>(&mut conn, &ask, scope, |row| row.request.id);
    assert_eq!(found, ["r3", "r4"]);
    let scope = Some(ApiKeys::of_partners(of()));
    let found = ids::<ApiKeys>(&mut conn, &[], scope, |row| row.key.policy_api_key);
    assert_eq!(found, ["k3"]);
    let scope = Some(ApiKeys::of_partners(Vec::new()));
    let found = ids::<ApiKeys>(&mut conn, &[], scope, |row| row.key.policy_api_key);
    assert_eq!(found, NOBODY);
}

#[test]
fn requests_are_found_by_their_partners_names() {
    let database = given();
    let mut conn = database.conn();
    let mut by = |filters: &[Filter]| requests(&mut conn, filters);

    assert_eq!(
        by(&[filter("PARTNERNAME", "?", "ALPHA")]),
        ["r1", "r2", "r3"]
    );
    assert_eq!(by(&[filter("partnerName", "?", "_")]), ["r1", "r2"]);
    assert_eq!(by(&[filter("partnerId", "?", "a")]), ["r1", "r2"]);
    assert_eq!(by(&[filter("partnerId", "?", "A")]), NOBODY);
    let both = |name| {
        [
            filter("partnerName", "?", name),
            filter("partnerId", "?", "a"),
        ]
    };
    assert_eq!(by(&both("Alpha")), ["r1", "r2"]);
    assert_eq!(by(&both("alpha")), NOBODY);
    let twice = [filter("partnerId", "?", "b"), filter("partnerId", "?", "a")];
    assert_eq!(by(&twice), ["r3"]);
}

#[test]
fn requests_are_found_by_their_id_and_their_policys_name() {
    let database = given();
    let mut conn = database.conn();
    let mut by = |filters: &[Filter]| requests(&mut conn, filters);

    assert_eq!(by(&[filter("apikeyRequestID", "equals", "R3")]), ["r3"]);
    // A name narrows like a filter: what is deleted is not found.
    assert_eq!(by(&[filter("policyName", "?", "LOG")]), ["r1", "r3"]);
    assert_eq!(by(&[filter("policyName", "?", "out")]), ["r3"]);

    let mut none = |value: &str| {
        let filters = [filter("policyname", "?", value)];
        MappingRequests::finds_nothing(&mut conn, &filters).unwrap()
    };
    assert!(none("%") && none("nothing"));
    assert!(!none("OGI"));
}

#[test]
fn a_request_is_found_with_the_names_of_its_partner_and_policy() {
    let database = given();
    let found =
        search::<MappingRequests>(&mut database.conn(), request_of(&[]), Vec::new(), &RULES)
            .unwrap();

    let names: Vec<_> = found
        .rows
        .iter()
        .map(|row| (row.partner_name.as_deref(), row.policy_name.as_deref()))
        .collect();
    assert_eq!(names[0], (Some("Alpha_Org"), Some("Login")));
    assert_eq!(names[3], (Some("Beta"), None));
}

#[test]
fn keys_are_found_by_exact_names() {
    let database = given();
    let mut conn = database.conn();
    let mut by = |column, value| keys(&mut conn, &[filter(column, "contains", value)]);

    assert_eq!(by("partnerName", "Alpha_Org"), ["k1", "k2"]);
    assert_eq!(by("partnerName", "alpha_org"), NOBODY);
    assert_eq!(by("partnerId", "b"), ["k3"]);
    // Several policies have the name, and the deleted key is not found.
    assert_eq!(by("policyName", "Login"), ["k3", "k1"]);
    assert_eq!(by("policyName", "nothing"), NOBODY);
}
