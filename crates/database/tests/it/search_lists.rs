//! The newer GET lists, by the list of policies (contract envelope-and-search.md §10).

use diesel::prelude::*;
use pms_database::policies::PolicyChange;
use pms_database::search::lists::{PolicyItem, PolicyList};
use pms_database::search::{ListPage, ListQuery, list};
use pms_database::{DbError, policies};
use pms_testkit::TestDatabase;

use crate::support::{filters, group, policy, refusal, run, stamp};

fn given() -> TestDatabase {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    group(&mut conn, "North");
    group(&mut conn, "South");
    policy(&mut conn, "draft", "North");
    policy(&mut conn, "active", "North");
    policy(&mut conn, "over", "South");
    policies::publish(&mut conn, "active", "https://schema", &stamp(1)).unwrap();
    policies::publish(&mut conn, "over", "https://schema", &stamp(1)).unwrap();
    policies::set_active(&mut conn, "over", false, &stamp(2)).unwrap();
    policy(&mut conn, "odd", "South");
    run(
        &mut conn,
        "UPDATE auth_policy SET is_active = true, policy_group_id = NULL WHERE id = 'odd';
         UPDATE auth_policy SET cr_dtimes = cr_dtimes + interval '1 hour' WHERE id = 'over'",
    );
    database
}

fn query(field: Option<&str>, kind: Option<&str>, no: Option<i64>, size: Option<i64>) -> ListQuery {
    ListQuery {
        sort_field_name: field.map(str::to_owned),
        sort_type: kind.map(str::to_owned),
        page_no: no,
        page_size: size,
    }
}

fn all(conn: &mut PgConnection, query: &ListQuery) -> Result<ListPage<PolicyItem>, DbError> {
    list::<PolicyList>(conn, query, &[], 1000)
}

fn ids(page: ListPage<PolicyItem>) -> Vec<String> {
    page.data.into_iter().map(|item| item.id).collect()
}

fn filtered(conn: &mut PgConnection, values: &[(&str, &str)]) -> Vec<String> {
    let conditions = filters::<PolicyList>(values);
    let found = list::<PolicyList>(conn, &ListQuery::default(), &conditions, 1000);
    ids(found.unwrap())
}

#[test]
fn the_newest_come_first_and_equal_ones_by_their_key() {
    let database = given();

    let found = all(&mut database.conn(), &ListQuery::default()).unwrap();

    assert_eq!(
        (found.page_no, found.page_size, found.total_results),
        (0, 8, 4)
    );
    assert_eq!(ids(found), ["over", "active", "draft", "odd"]);
}

#[test]
fn a_status_is_sorted_by_its_word_and_none_is_last() {
    let database = given();
    let mut conn = database.conn();
    let mut by =
        |kind| ids(all(&mut conn, &query(Some("status"), Some(kind), None, None)).unwrap());

    assert_eq!(by("ASC"), ["active", "over", "draft", "odd"]);
    assert_eq!(by("desc"), ["odd", "draft", "over", "active"]);
}

#[test]
fn names_of_groups_sort_and_none_is_last() {
    let database = given();

    let query = query(Some("policyGroupName"), Some("asc"), None, None);

    assert_eq!(
        ids(all(&mut database.conn(), &query).unwrap()),
        ["active", "draft", "over", "odd"]
    );
}

#[test]
fn half_an_order_is_checked_and_orders_nothing() {
    let database = given();
    let mut conn = database.conn();
    let newest = ids(all(&mut conn, &ListQuery::default()).unwrap());

    let field = all(&mut conn, &query(Some("policyId"), None, None, None)).unwrap();
    let kind = all(&mut conn, &query(None, Some("asc"), None, None)).unwrap();
    let bad_kind = all(&mut conn, &query(None, Some(""), None, None));

    assert_eq!(ids(field), newest);
    assert_eq!(ids(kind), newest);
    assert_eq!(refusal(bad_kind).1, "Sort type  is not supported");
}

#[test]
fn the_checks_of_the_policy_service_in_their_order() {
    let database = given();
    let mut conn = database.conn();
    let mut refused =
        |field, kind, no, size| refusal(all(&mut conn, &query(field, kind, no, size)));

    let (code, text) = refused(Some("policyType"), Some("up"), Some(-1), Some(0));
    assert_eq!(
        (code.as_str(), text.as_str()),
        (
            "PMS_PRT_357",
            "Sorting is not supported for policyType field"
        )
    );
    assert_eq!(refused(Some("policyid"), None, None, None).0, "PMS_PRT_357");
    assert_eq!(
        refused(Some("policyId"), Some("up"), Some(-1), Some(0)).0,
        "PMS_PRT_358"
    );
    assert_eq!(refused(None, None, Some(-1), Some(0)).1, "Invalid Page No");
    assert_eq!(refused(None, None, None, Some(0)).1, "Invalid page size");
}

#[test]
fn texts_are_contained_in_any_case_and_mean_themselves() {
    let database = given();
    let mut conn = database.conn();
    let mut by = |values: &[(&str, &str)]| filtered(&mut conn, values);

    assert_eq!(by(&[("policyId", "AFT")]), ["draft"]);
    assert_eq!(by(&[("policyGroupName", "nor")]), ["active", "draft"]);
    assert_eq!(by(&[("policyName", "%")]), Vec::<String>::new());
    assert_eq!(by(&[("policyGroupName", "")]), ["over", "active", "draft"]);
    let several = [
        ("policyType", "auth"),
        ("policyDescription", "A POL"),
        ("policyId", "o"),
    ];
    assert_eq!(by(&several), ["over", "odd"]);
}

#[test]
fn a_status_is_exact() {
    let database = given();
    let mut conn = database.conn();
    let mut of = |status: &str| filtered(&mut conn, &[("status", status)]);

    assert_eq!(of("draft"), ["draft"]);
    assert_eq!(of("activated"), ["active"]);
    assert_eq!(of("deactivated"), ["over"]);
    assert_eq!(of("Draft"), Vec::<String>::new());
    assert_eq!(of(""), Vec::<String>::new());
}

#[test]
fn a_page_without_rows_is_empty_in_every_member() {
    let database = given();
    let beyond = all(&mut database.conn(), &query(None, None, Some(9), Some(5))).unwrap();

    assert_eq!(
        serde_json::to_value(beyond.map(|item| item.id)).unwrap(),
        serde_json::json!({"pageNo": 0, "pageSize": 0, "totalResults": 0, "data": []})
    );
}

#[test]
fn pages_follow_each_other() {
    let database = given();
    let mut conn = database.conn();
    let mut page = |no| {
        ids(all(
            &mut conn,
            &query(Some("policyId"), Some("asc"), Some(no), Some(3)),
        )
        .unwrap())
    };

    assert_eq!(page(0), ["active", "draft", "odd"]);
    assert_eq!(page(1), ["over"]);
}

#[test]
fn names_follow_the_change_of_a_policy() {
    let database = given();
    let mut conn = database.conn();
    let change = PolicyChange {
        name: "renamed",
        descr: "d",
        document: "{}",
        version: "1",
    };
    policies::update(&mut conn, "draft", &change, &stamp(5)).unwrap();

    assert_eq!(filtered(&mut conn, &[("policyName", "RENAMED")]), ["draft"]);
}
