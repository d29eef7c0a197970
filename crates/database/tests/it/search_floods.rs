//! More filters than anybody has a use for.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::connection::{Connection as _, InstrumentationEvent};
use pms_database::DbError;
use pms_database::search::searches::PolicyGroups;
use pms_database::search::{
    Filter, Pagination, Rules, SearchRequest, Sort, ValueFilter, ValuesRequest, filter_values,
    search,
};
use pms_domain::ErrorDef;
use pms_testkit::TestDatabase;

use crate::support::lines;

const RULES: Rules = Rules {
    neutral: ErrorDef::new("N", "neutral"),
    largest_page: 1_000,
    most_values: 100,
    reports_value_faults: true,
};

fn filters(count: usize) -> Vec<Filter> {
    vec![Filter::equals("name", "x"); count]
}

fn request_of(filters: Vec<Filter>, sorts: usize) -> SearchRequest {
    let sort = Sort {
        sort_field: Some("name".to_owned()),
        sort_type: Some("asc".to_owned()),
    };
    SearchRequest {
        filters: Some(filters),
        sort: Some(vec![sort; sorts]),
        pagination: Some(Pagination::default()),
    }
}

fn values(filters: usize, optional: usize) -> ValuesRequest {
    let filter = ValueFilter {
        column_name: Some("name".to_owned()),
        text: Some(String::new()),
        ..ValueFilter::default()
    };
    ValuesRequest {
        filters: Some(vec![filter; filters]),
        optional_filters: Some(self::filters(optional)),
    }
}

fn is_neutral<T>(outcome: Result<T, DbError>) -> bool {
    matches!(outcome, Err(DbError::Rejected(rejection)) if rejection.code() == "N")
}

#[test]
fn a_flood_of_filters_or_sorts_is_refused() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    let mut ask = |filters, sorts| {
        let request = request_of(self::filters(filters), sorts);
        search::<PolicyGroups>(&mut conn, request, Vec::new(), &RULES)
    };

    ask(100, 100).unwrap();
    assert!(is_neutral(ask(50_000, 0)));
    assert!(is_neutral(ask(0, 101)));
}

#[test]
fn a_flood_of_columns_or_optional_filters_is_refused() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    let mut ask = |filters, optional| {
        filter_values::<PolicyGroups>(&mut conn, &values(filters, optional), &[], &RULES)
    };

    ask(100, 100).unwrap();
    assert!(is_neutral(ask(101, 0)));
    assert!(is_neutral(ask(1, 50_000)));
}

#[test]
fn columns_that_are_requested_alike_are_one_statement() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    let statements = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&statements);
    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if matches!(event, InstrumentationEvent::StartQuery { .. }) {
            counted.fetch_add(1, Ordering::Relaxed);
        }
    });
    let mut request = values(99, 0);
    let mut other = request.filters.as_ref().unwrap()[0].clone();
    other.column_name = Some("NAME".to_owned());
    other.text = Some("x".to_owned());
    request.filters.as_mut().unwrap().push(other);

    filter_values::<PolicyGroups>(&mut conn, &request, &[], &RULES).unwrap();

    assert_eq!(statements.load(Ordering::Relaxed), 2);
}

#[test]
fn a_text_without_a_choice_is_refused() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    let mut ask = |bytes| {
        let mut request = values(1, 0);
        request.filters.as_mut().unwrap()[0].text = Some("x".repeat(bytes));
        filter_values::<PolicyGroups>(&mut conn, &request, &[], &RULES)
    };

    ask(4096).unwrap();
    assert!(is_neutral(ask(4097)));
}

#[test]
fn a_filtered_search_leaves_no_prepared_statement() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    let mut kept = |request| {
        search::<PolicyGroups>(&mut conn, request, Vec::new(), &RULES).unwrap();
        let kept =
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%policy_group%'";
        lines(&mut conn, kept).remove(0)
    };

    assert_eq!(kept(request_of(filters(2), 0)), "0");
    assert_eq!(kept(request_of(Vec::new(), 1)), "1");
}
