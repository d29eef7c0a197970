//! Order and pages of a legacy search (contract envelope-and-search.md §8.3, §8.6).

use diesel::prelude::*;
use pms_database::migrations;
use pms_database::search::searches::PolicyGroups;
use pms_database::search::{Found, Pagination, Rules, SearchRequest, Sort, search};
use pms_testkit::TestDatabase;

use crate::support::{RULES, group, run};

fn sorted(sorts: &[(&str, &str)]) -> SearchRequest {
    let sort = |(field, kind): &(&str, &str)| Sort {
        sort_field: Some((*field).to_owned()),
        sort_type: Some((*kind).to_owned()),
    };
    SearchRequest {
        filters: Some(Vec::new()),
        sort: Some(sorts.iter().map(sort).collect()),
        pagination: None,
    }
}

fn ids(conn: &mut PgConnection, request: SearchRequest) -> Vec<String> {
    let found = search::<PolicyGroups>(conn, request, Vec::new(), &RULES).unwrap();
    found.rows.into_iter().map(|group| group.id).collect()
}

fn fill(conn: &mut PgConnection, ids: &[&str]) {
    for id in ids {
        group(conn, id);
    }
}

#[test]
fn text_is_sorted_by_code_unit_even_where_the_database_sorts_as_people_do() {
    let database = TestDatabase::empty_with_human_order();
    migrations::migrate(&database.url()).unwrap();
    let mut conn = database.conn();
    fill(&mut conn, &["a", "B", "b", "_", "Z"]);
    let of_the_database = crate::support::lines(
        &mut conn,
        "SELECT string_agg(id, '' ORDER BY id) FROM pms.policy_group",
    );

    assert_eq!(of_the_database, ["_abBZ"]);
    assert_eq!(
        ids(&mut conn, sorted(&[("name", "asc")])),
        ["B", "Z", "_", "a", "b"]
    );
    assert_eq!(
        ids(&mut conn, sorted(&[("name", "DESC")])),
        ["b", "a", "_", "Z", "B"]
    );
}

#[test]
fn nothing_is_less_than_anything() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    fill(&mut conn, &["1", "2", "3"]);
    run(
        &mut conn,
        "UPDATE policy_group SET upd_by = 'b', upd_dtimes = '2025-01-02' WHERE id = '1';
         UPDATE policy_group SET upd_by = 'a', upd_dtimes = '2025-01-03' WHERE id = '3'",
    );

    assert_eq!(ids(&mut conn, sorted(&[("updBy", "asc")])), ["2", "3", "1"]);
    assert_eq!(
        ids(&mut conn, sorted(&[("updBy", "desc")])),
        ["1", "3", "2"]
    );
    assert_eq!(
        ids(&mut conn, sorted(&[("updDtimes", "asc")])),
        ["2", "1", "3"]
    );
    assert_eq!(
        ids(&mut conn, sorted(&[("updDtimes", "desc")])),
        ["3", "1", "2"]
    );
}

#[test]
fn false_is_less_than_true_and_equal_rows_stand_by_their_key() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    fill(&mut conn, &["4", "3", "2", "1"]);
    run(
        &mut conn,
        "UPDATE policy_group SET is_active = false WHERE id IN ('4', '2')",
    );

    assert_eq!(
        ids(&mut conn, sorted(&[("isActive", "asc")])),
        ["2", "4", "1", "3"]
    );
    assert_eq!(
        ids(&mut conn, sorted(&[("isActive", "desc")])),
        ["1", "3", "2", "4"]
    );
}

#[test]
fn the_first_entry_counts_most() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    fill(&mut conn, &["1", "2", "3", "4"]);
    run(
        &mut conn,
        "UPDATE policy_group SET is_active = false WHERE id IN ('1', '3')",
    );

    let found = ids(&mut conn, sorted(&[("isActive", "desc"), ("name", "desc")]));

    assert_eq!(found, ["4", "2", "3", "1"]);
}

#[test]
fn without_an_order_the_oldest_comes_first() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    fill(&mut conn, &["1", "2", "3"]);
    run(
        &mut conn,
        "UPDATE policy_group SET cr_dtimes = '2020-01-01' WHERE id = '2'",
    );

    assert_eq!(ids(&mut conn, sorted(&[])), ["2", "1", "3"]);
}

fn page(
    conn: &mut PgConnection,
    page_start: i64,
    page_fetch: i64,
    rules: &Rules,
) -> Found<pms_database::policy_groups::PolicyGroup> {
    let pagination = Some(Pagination {
        page_start,
        page_fetch,
    });
    let request = SearchRequest {
        pagination,
        ..sorted(&[("name", "asc")])
    };
    search::<PolicyGroups>(conn, request, Vec::new(), rules).unwrap()
}

fn wire(found: Found<pms_database::policy_groups::PolicyGroup>) -> serde_json::Value {
    serde_json::to_value(found.into_page(|group| group.id)).unwrap()
}

#[test]
fn a_page_tells_where_it_stands() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    fill(&mut conn, &["1", "2", "3", "4", "5"]);

    let second = wire(page(&mut conn, 1, 2, &RULES));
    let last = wire(page(&mut conn, 2, 2, &RULES));

    assert_eq!(
        second,
        serde_json::json!({"fromRecord": 3, "toRecord": 4, "totalRecord": 5, "data": ["3", "4"]})
    );
    assert_eq!(
        last,
        serde_json::json!({"fromRecord": 5, "toRecord": 5, "totalRecord": 5, "data": ["5"]})
    );
}

#[test]
fn beyond_the_end_there_is_nothing_not_even_a_total() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    fill(&mut conn, &["1"]);
    let nothing = serde_json::json!(
        {"fromRecord": 0, "toRecord": 0, "totalRecord": 0, "data": null}
    );

    assert_eq!(wire(page(&mut conn, 1, 10, &RULES)), nothing);
    assert_eq!(wire(page(&mut conn, i64::MAX, i64::MAX, &RULES)), nothing);
}

#[test]
fn without_a_page_the_first_ten_are_found() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    let many: Vec<String> = (10..22).map(|number| number.to_string()).collect();
    fill(
        &mut conn,
        &many.iter().map(String::as_str).collect::<Vec<_>>(),
    );

    assert_eq!(ids(&mut conn, sorted(&[])).len(), 10);
}

#[test]
fn larger_pages_than_allowed_are_cut_and_stay_seamless() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    fill(&mut conn, &["1", "2", "3"]);
    let rules = Rules {
        largest_page: 2,
        ..RULES
    };

    let first = wire(page(&mut conn, 0, 1000, &rules));
    let second = wire(page(&mut conn, 1, 1000, &rules));

    assert_eq!(first["data"], serde_json::json!(["1", "2"]));
    assert_eq!(second["data"], serde_json::json!(["3"]));
    assert_eq!(second["fromRecord"], 3);
}
