//! What the filters of a legacy search find (contract envelope-and-search.md §8.5, §8.8).

use diesel::prelude::*;
use pms_database::search::searches::PolicyGroups;
use pms_database::search::{Filter, SearchRequest, search};
use pms_testkit::TestDatabase;

use crate::support::{RULES, code, group, run};

fn filter(column: &str, kind: &str, value: &str) -> Filter {
    Filter {
        column_name: Some(column.to_owned()),
        r#type: Some(kind.to_owned()),
        value: Some(value.to_owned()),
        ..Filter::default()
    }
}

fn range(column: &str, from: &str, to: &str) -> Filter {
    Filter {
        value: None,
        from_value: Some(from.to_owned()),
        to_value: Some(to.to_owned()),
        ..filter(column, "between", "")
    }
}

fn one_of(column: &str, values: &[&str]) -> Filter {
    Filter {
        value: None,
        values: Some(
            values
                .iter()
                .map(|value| Some((*value).to_owned()))
                .collect(),
        ),
        ..filter(column, "in", "")
    }
}

/// Ids of the groups that fulfil all filters.
fn groups(conn: &mut PgConnection, filters: &[Filter]) -> Vec<String> {
    let request = SearchRequest {
        filters: Some(filters.to_vec()),
        ..SearchRequest::default()
    };
    let found = search::<PolicyGroups>(conn, request, Vec::new(), &RULES).unwrap();
    assert_eq!(
        found.total,
        i64::try_from(found.rows.len()).unwrap(),
        "page and total agree"
    );
    found.rows.into_iter().map(|group| group.id).collect()
}

fn given(names: &[&str]) -> TestDatabase {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    for name in names {
        group(&mut conn, name);
    }
    database
}

const NOBODY: [&str; 0] = [];

#[test]
fn contains_ignores_case_and_knows_stars() {
    let database = given(&["Alpha", "alphabet", "Beta", "star*", "Ärger"]);
    let mut conn = database.conn();
    let mut named = |value: &str| groups(&mut conn, &[filter("name", "contains", value)]);

    assert_eq!(named("PHA"), ["Alpha", "alphabet"]);
    assert_eq!(named("*ta"), ["Beta"]);
    assert_eq!(named("*pha*"), ["Alpha", "alphabet"]);
    assert_eq!(named("ta*"), NOBODY);
    assert_eq!(named("r*"), ["star*"]);
    assert_eq!(named("*").len(), 5);
    assert_eq!(named("äRG"), ["Ärger"]);
}

#[test]
fn starts_with_ignores_case_and_drops_one_star() {
    let database = given(&["Alpha", "alphabet", "Beta"]);
    let mut conn = database.conn();
    let mut named = |value: &str| groups(&mut conn, &[filter("name", "startsWith", value)]);

    assert_eq!(named("ALPHA"), ["Alpha", "alphabet"]);
    assert_eq!(named("alphab*"), ["alphabet"]);
    assert_eq!(named("pha"), NOBODY);
    assert_eq!(named("*"), ["Alpha", "Beta", "alphabet"]);
}

#[test]
fn wildcards_of_sql_are_ordinary_characters() {
    let database = given(&["100%", "1000", "a_b", "axb", r"a\b", "a'b"]);
    let mut conn = database.conn();
    let mut named = |kind: &str, value: &str| groups(&mut conn, &[filter("name", kind, value)]);

    assert_eq!(named("contains", "100%"), ["100%"]);
    assert_eq!(named("contains", "a_"), ["a_b"]);
    assert_eq!(named("startsWith", "a_"), ["a_b"]);
    assert_eq!(named("contains", r"\"), [r"a\b"]);
    assert_eq!(named("contains", "'"), ["a'b"]);
    assert_eq!(named("equals", "a'; DROP TABLE policy_group; --"), NOBODY);
}

#[test]
fn equals_ignores_case_and_trims_nothing() {
    let database = given(&["Alpha", "Beta"]);
    let mut conn = database.conn();

    assert_eq!(
        groups(&mut conn, &[filter("name", "EQUALS", "aLPHA")]),
        ["Alpha"]
    );
    assert_eq!(
        groups(&mut conn, &[filter("name", "equals", "alpha ")]),
        NOBODY
    );
}

#[test]
fn in_is_exact() {
    let database = given(&["Alpha", "alpha", "Beta"]);
    let filter = one_of("name", &["alpha", "Beta", "Gamma"]);

    assert_eq!(groups(&mut database.conn(), &[filter]), ["Beta", "alpha"]);
}

#[test]
fn a_null_among_values_is_equal_to_nothing() {
    let database = given(&["a", "b"]);
    let mut conn = database.conn();
    run(
        &mut conn,
        "UPDATE policy_group SET descr = '' WHERE id = 'a'",
    );
    for column in ["desc", "updBy", "isDeleted", "updDtimes"] {
        let nulls = Filter {
            values: Some(vec![None]),
            ..one_of(column, &[])
        };
        assert_eq!(groups(&mut conn, &[nulls]), NOBODY, "{column}");
    }
}

#[test]
fn in_finds_truth_values() {
    let database = given(&["on", "off", "unsaid"]);
    let mut conn = database.conn();
    run(
        &mut conn,
        "UPDATE policy_group SET is_active = false WHERE id = 'off';
         UPDATE policy_group SET is_deleted = NULL WHERE id = 'unsaid'",
    );
    let mut listed = |column: &str, values: &[&str]| groups(&mut conn, &[one_of(column, values)]);

    assert_eq!(listed("isActive", &["TRUE"]), ["on", "unsaid"]);
    assert_eq!(listed("isActive", &["false"]), ["off"]);
    assert_eq!(
        listed("isActive", &["false", "true"]),
        ["off", "on", "unsaid"]
    );
    assert_eq!(listed("isDeleted", &["no"]), ["off", "on"]);
}

#[test]
fn in_finds_the_milliseconds_of_instants() {
    let database = given(&["before", "at", "within", "after", "later"]);
    let mut conn = database.conn();
    run(
        &mut conn,
        "UPDATE policy_group SET cr_dtimes = '2025-01-01 10:00:00.122999' WHERE id = 'before';
         UPDATE policy_group SET cr_dtimes = '2025-01-01 10:00:00.123' WHERE id = 'at';
         UPDATE policy_group SET cr_dtimes = '2025-01-01 10:00:00.123999' WHERE id = 'within';
         UPDATE policy_group SET cr_dtimes = '2025-01-01 10:00:00.124' WHERE id = 'after';
         UPDATE policy_group SET cr_dtimes = '2025-06-01', upd_dtimes = '2025-06-02'
         WHERE id = 'later'",
    );
    let mut listed = |column: &str, values: &[&str]| groups(&mut conn, &[one_of(column, values)]);

    let one = ["2025-01-01T10:00:00.123Z"];
    assert_eq!(listed("crDtimes", &one), ["at", "within"]);
    let two = ["2025-01-01T10:00:00.123456", "2025-06-01T05:30+05:30"];
    assert_eq!(listed("crDtimes", &two), ["at", "within", "later"]);
    let last = ["+262142-12-31T23:59:59.9999"];
    assert_eq!(listed("crDtimes", &last), NOBODY);
    assert_eq!(listed("updDtimes", &["2025-06-02T00:00"]), ["later"]);
}

#[test]
fn a_range_of_text_holds_its_ends() {
    let database = given(&["a", "b", "c", "d"]);

    assert_eq!(
        groups(&mut database.conn(), &[range("name", "b", "c")]),
        ["b", "c"]
    );
}

#[test]
fn filters_are_joined_by_and() {
    let database = given(&["Alpha", "alphabet", "Beta"]);
    let both = [
        filter("name", "contains", "alpha"),
        filter("id", "contains", "bet"),
    ];

    assert_eq!(groups(&mut database.conn(), &both), ["alphabet"]);
}

#[test]
fn a_column_without_value_matches_nothing() {
    let database = given(&["a", "b"]);
    let mut conn = database.conn();
    run(
        &mut conn,
        "UPDATE policy_group SET upd_by = 'x' WHERE id = 'a'",
    );

    assert_eq!(
        groups(&mut conn, &[filter("updBy", "contains", "*")]),
        ["a"]
    );
}

#[test]
fn truth_is_true_and_everything_else_false() {
    let database = given(&["on", "off"]);
    let mut conn = database.conn();
    run(
        &mut conn,
        "UPDATE policy_group SET is_active = false WHERE id = 'off'",
    );

    assert_eq!(
        groups(&mut conn, &[filter("isActive", "equals", "TRUE")]),
        ["on"]
    );
    assert_eq!(
        groups(&mut conn, &[filter("isActive", "equals", "False")]),
        ["off"]
    );
    assert_eq!(
        groups(&mut conn, &[filter("isDeleted", "equals", "no")]),
        ["off", "on"]
    );
    assert_eq!(
        groups(&mut conn, &[range("isActive", "true", "true")]),
        ["off", "on"]
    );
}

#[test]
fn an_instant_is_met_within_a_millisecond() {
    let database = given(&["before", "at", "within", "after"]);
    let mut conn = database.conn();
    run(
        &mut conn,
        "UPDATE policy_group SET cr_dtimes = '2025-01-01 10:00:00.122999' WHERE id = 'before';
         UPDATE policy_group SET cr_dtimes = '2025-01-01 10:00:00.123' WHERE id = 'at';
         UPDATE policy_group SET cr_dtimes = '2025-01-01 10:00:00.124' WHERE id = 'within';
         UPDATE policy_group SET cr_dtimes = '2025-01-01 10:00:00.124001' WHERE id = 'after'",
    );
    let mut at = |value: &str| groups(&mut conn, &[filter("crDtimes", "equals", value)]);

    assert_eq!(at("2025-01-01T10:00:00.123Z"), ["at", "within"]);
    assert_eq!(at("2025-01-01T10:00:00.123"), ["at", "within"]);
    assert_eq!(at("2025-01-01T15:30:00.123+05:30"), ["at", "within"]);
}

#[test]
fn the_end_of_time_is_no_instant_to_meet() {
    let database = given(&["a"]);
    let last = filter("crDtimes", "equals", "+262142-12-31T23:59:59.9999");

    let found = search::<PolicyGroups>(
        &mut database.conn(),
        SearchRequest {
            filters: Some(vec![last]),
            ..SearchRequest::default()
        },
        Vec::new(),
        &RULES,
    );

    assert_eq!(code(found), "PMS-MSD-390");
}

#[test]
fn a_range_of_instants_takes_both_forms_at_both_ends() {
    let database = given(&["a", "b"]);
    let mut conn = database.conn();
    run(
        &mut conn,
        "UPDATE policy_group SET cr_dtimes = '2024-01-01 00:00' WHERE id = 'a'",
    );
    let mut between = |from: &str, to: &str| groups(&mut conn, &[range("crDtimes", from, to)]);

    assert_eq!(
        between("2024-01-01T00:00:00.000Z", "2024-12-31T00:00:00"),
        ["a"]
    );
    assert_eq!(
        between("2023-01-01T00:00:00", "2024-01-01T05:30:00+05:30"),
        ["a"]
    );
}

#[test]
fn deleted_rows_are_found_without_filters_alone() {
    let database = given(&["gone", "here", "unsaid"]);
    let mut conn = database.conn();
    run(
        &mut conn,
        "UPDATE policy_group SET is_deleted = true WHERE id = 'gone';
         UPDATE policy_group SET is_deleted = NULL WHERE id = 'unsaid'",
    );

    assert_eq!(groups(&mut conn, &[]), ["gone", "here", "unsaid"]);
    assert_eq!(
        groups(&mut conn, &[filter("name", "contains", "*")]),
        ["here", "unsaid"]
    );
}
