//! What the search for policies does by itself (contract envelope-and-search.md §8.8,
//! contract policy.md §9.2).

use diesel::prelude::*;
use pms_database::search::searches::{Policies, of_type};
use pms_database::search::{Filter, SearchRequest, search};
use pms_testkit::TestDatabase;

use crate::support::{RULES, group, policy, run};

fn filter(column: &str, kind: &str, value: &str) -> Filter {
    Filter {
        column_name: Some(column.to_owned()),
        r#type: Some(kind.to_owned()),
        value: Some(value.to_owned()),
        ..Filter::default()
    }
}

const NOBODY: [&str; 0] = [];

/// Ids of the policies that fulfil all filters.
fn policies(conn: &mut PgConnection, filters: &[Filter]) -> Vec<String> {
    let request = SearchRequest {
        filters: Some(filters.to_vec()),
        ..SearchRequest::default()
    };
    let found = search::<Policies>(conn, request, Vec::new(), &RULES).unwrap();
    assert_eq!(
        found.total,
        i64::try_from(found.rows.len()).unwrap(),
        "page and total agree"
    );
    found
        .rows
        .into_iter()
        .map(|found| found.policy.id)
        .collect()
}

fn policies_in_groups() -> TestDatabase {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    group(&mut conn, "North");
    group(&mut conn, "South");
    policy(&mut conn, "p1", "North");
    policy(&mut conn, "p2", "North");
    policy(&mut conn, "p3", "South");
    run(
        &mut conn,
        "UPDATE auth_policy SET policy_type = 'DataShare', descr = 'shares' WHERE id = 'p2';
         UPDATE auth_policy SET policy_group_id = NULL WHERE id = 'p3'",
    );
    database
}

#[test]
fn the_name_of_the_group_is_contained_in_its_own_case() {
    let database = policies_in_groups();
    let mut conn = database.conn();
    let mut of_group =
        |value: &str| policies(&mut conn, &[filter("POLICYGROUPNAME", "whatever", value)]);

    assert_eq!(of_group("ort"), ["p1", "p2"]);
    assert_eq!(of_group("north"), NOBODY);
    assert_eq!(of_group("%"), NOBODY);
}

#[test]
fn only_the_first_filter_on_the_groups_name_counts() {
    let database = policies_in_groups();
    let both = [
        filter("policyGroupName", "", "North"),
        filter("policyGroupName", "", "South"),
    ];

    assert_eq!(policies(&mut database.conn(), &both), ["p1", "p2"]);
}

#[test]
fn the_description_has_two_names_and_one_filter() {
    let database = policies_in_groups();
    let mut conn = database.conn();

    assert_eq!(
        policies(&mut conn, &[filter("desc", "contains", "share")]),
        ["p2"]
    );
    assert_eq!(
        policies(&mut conn, &[filter("descr", "contains", "share")]),
        ["p2"]
    );
    let twice = [
        filter("desc", "contains", "share"),
        filter("DESC", "contains", "nothing"),
    ];
    assert_eq!(policies(&mut conn, &twice), ["p2"]);
}

#[test]
fn a_type_of_policy_narrows_unless_it_is_all() {
    let database = policies_in_groups();
    let mut conn = database.conn();
    let filters = |kind: &str| of_type(kind).into_iter().collect::<Vec<_>>();

    assert_eq!(policies(&mut conn, &filters("datashare")), ["p2"]);
    assert_eq!(policies(&mut conn, &filters("ALL")), ["p1", "p2", "p3"]);
}

#[test]
fn a_policy_is_found_with_its_groups_name_or_none() {
    let database = policies_in_groups();
    let request = SearchRequest {
        filters: Some(Vec::new()),
        ..SearchRequest::default()
    };

    let found = search::<Policies>(&mut database.conn(), request, Vec::new(), &RULES).unwrap();

    let names: Vec<_> = found
        .rows
        .iter()
        .map(|row| row.group_name.as_deref())
        .collect();
    assert_eq!(names, [Some("North"), Some("North"), None]);
}

#[test]
fn the_scope_of_the_caller_narrows_page_and_total() {
    use pms_database::schema::auth_policy;
    let database = policies_in_groups();
    let request = SearchRequest {
        filters: Some(Vec::new()),
        ..SearchRequest::default()
    };
    let scope: pms_database::search::ConditionFn<_> =
        Box::new(|| Box::new(auth_policy::id.eq_any(["p2", "p3"]).nullable()));

    let found = search::<Policies>(&mut database.conn(), request, vec![scope], &RULES).unwrap();

    assert_eq!((found.total, found.rows.len()), (2, 2));
}
