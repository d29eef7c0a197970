//! The checks of a legacy search: their codes, texts and order
//! (contract envelope-and-search.md §8.4).

use diesel::prelude::*;
use pms_database::DbError;
use pms_database::search::searches::{
    ApiKeys, DeviceMappings, MappingRequests, Policies, PolicyGroups,
};
use pms_database::search::{Entity, Filter, Found, Pagination, SearchRequest, Sort, search};
use pms_testkit::TestDatabase;

use crate::support::{RULES, code, group, policy, refusal, run};

fn filter(column: Option<&str>, kind: Option<&str>, value: Option<&str>) -> Filter {
    Filter {
        column_name: column.map(str::to_owned),
        r#type: kind.map(str::to_owned),
        value: value.map(str::to_owned),
        ..Filter::default()
    }
}

fn sort(field: Option<&str>, kind: Option<&str>) -> Sort {
    Sort {
        sort_field: field.map(str::to_owned),
        sort_type: kind.map(str::to_owned),
    }
}

fn request_of(filters: Vec<Filter>, sorts: Vec<Sort>) -> SearchRequest {
    SearchRequest {
        filters: Some(filters),
        sort: Some(sorts),
        pagination: None,
    }
}

fn ask<E: Entity>(
    conn: &mut PgConnection,
    request: SearchRequest,
) -> Result<Found<E::Row>, DbError> {
    search::<E>(conn, request, Vec::new(), &RULES)
}

/// Code and text of the refusal of a search among groups with these filters.
fn refused(filters: Vec<Filter>) -> (String, String) {
    let database = TestDatabase::new();
    refusal(ask::<PolicyGroups>(
        &mut database.conn(),
        request_of(filters, Vec::new()),
    ))
}

/// What a search says to a filter on `taken` without a value, alone and with other faults.
fn without_value<E: Entity<Row: std::fmt::Debug>>(
    conn: &mut PgConnection,
    taken: &str,
) -> Vec<String> {
    let contains = |column, value| filter(Some(column), Some("contains"), value);
    let unknown = contains("zz", Some("x"));
    let mut codes = Vec::new();
    let mut ask = |others: Vec<Filter>, sorts, pagination| {
        let mut filters = vec![contains(taken, None)];
        filters.extend(others);
        let request = SearchRequest {
            pagination,
            ..request_of(filters, sorts)
        };
        codes.push(code(ask::<E>(conn, request)));
    };
    ask(vec![], vec![], None);
    ask(vec![unknown], vec![], None);
    ask(vec![], vec![sort(Some("zz"), Some("asc"))], None);
    let page = Pagination {
        page_start: -1,
        page_fetch: 10,
    };
    ask(vec![], vec![], Some(page));
    codes
}

#[test]
fn a_filter_that_is_applied_to_what_was_found_is_refused_after_all_others() {
    let database = TestDatabase::new();
    let conn = &mut database.conn();
    let late = ["NEUTRAL", "PMS-MSD-310", "PMS-MSD-357", "PMS-MSD-313"];

    assert_eq!(without_value::<Policies>(conn, "policyGroupName"), late);
    assert_eq!(without_value::<MappingRequests>(conn, "partnerName"), late);
    assert_eq!(without_value::<MappingRequests>(conn, "partnerId"), late);
    assert_eq!(without_value::<ApiKeys>(conn, "partnerName"), late);
    assert_eq!(without_value::<ApiKeys>(conn, "partnerId"), late);
    assert_eq!(
        without_value::<DeviceMappings>(conn, "deviceDetailId"),
        late
    );
    // What says which policies are meant is needed before anything is asked.
    let early = ["NEUTRAL"; 4];
    assert_eq!(without_value::<MappingRequests>(conn, "policyName"), early);
    assert_eq!(without_value::<ApiKeys>(conn, "policyName"), early);
}

#[test]
fn a_column_is_needed_and_known_in_any_case() {
    let missing = refused(vec![filter(None, Some("equals"), Some("x"))]);
    let empty = refused(vec![filter(Some(""), Some("equals"), Some("x"))]);
    let unknown = refused(vec![filter(Some("Names"), Some("equals"), Some("x"))]);

    assert_eq!(
        missing,
        ("PMS-MSD-311".into(), "Column is missing in request".into())
    );
    assert_eq!(
        empty,
        ("PMS-MSD-310".into(), "Invalid column received : ".into())
    );
    assert_eq!(
        unknown,
        (
            "PMS-MSD-310".into(),
            "Invalid column received : Names".into()
        )
    );

    let database = TestDatabase::new();
    let other_case = request_of(
        vec![filter(Some("NAME"), Some("EQUALS"), Some("x"))],
        Vec::new(),
    );
    assert_eq!(
        ask::<PolicyGroups>(&mut database.conn(), other_case)
            .unwrap()
            .total,
        0
    );
}

#[test]
fn columns_of_all_filters_come_before_anything_else_of_the_first() {
    let both = vec![
        filter(Some("name"), None, None),
        filter(Some("nope"), None, None),
    ];

    assert_eq!(refused(both).0, "PMS-MSD-310");
}

#[test]
fn all_checks_of_a_filter_come_before_those_of_the_next() {
    let first = filter(Some("name"), Some("equals"), None);
    let second = filter(Some("name"), Some(" "), None);

    assert_eq!(
        refused(vec![first.clone(), second.clone()]).0,
        "PMS-MSD-390"
    );
    assert_eq!(refused(vec![second, first]).0, "PMS-MSD-312");
}

#[test]
fn the_checks_of_one_filter() {
    let with_values = |mut filter: Filter, values: &[&str]| {
        filter.values = Some(
            values
                .iter()
                .map(|value| Some((*value).to_owned()))
                .collect(),
        );
        filter
    };
    let range = |from: Option<&str>, to: Option<&str>| Filter {
        from_value: from.map(str::to_owned),
        to_value: to.map(str::to_owned),
        ..filter(Some("name"), Some("between"), None)
    };
    let name = |kind, value| filter(Some("name"), Some(kind), value);
    for (filter, expected) in [
        (filter(Some("name"), None, Some("x")), "PMS-MSD-312"),
        (filter(Some("name"), Some("  "), Some("x")), "PMS-MSD-312"),
        (
            with_values(name("nonsense", Some("x")), &["y"]),
            "PMS-MSD-392",
        ),
        (
            filter(Some("ISACTIVE"), Some("Equals"), Some("yes")),
            "PMS-MSD-390",
        ),
        (
            filter(Some("isActive"), Some("equals"), None),
            "PMS-MSD-390",
        ),
        (name("in", None), "PMS-MSD-391"),
        (with_values(name("in", None), &[]), "PMS-MSD-391"),
        (
            with_values(filter(Some("isActive"), Some("in"), None), &["true", "yes"]),
            "PMS-MSD-391",
        ),
        (name("contains", Some(" ")), "PMS-MSD-390"),
        (name("nonsense", None), "PMS-MSD-390"),
        (range(Some("a"), None), "PMS-MSD-315"),
        (range(Some(" "), Some("b")), "PMS-MSD-315"),
        (
            filter(Some("isActive"), Some("contains"), Some("t")),
            "PMS-MSD-310",
        ),
        (
            filter(Some("crDtimes"), Some("startsWith"), Some("2025")),
            "PMS-MSD-310",
        ),
        (
            with_values(filter(Some("crDtimes"), Some("in"), None), &["x"]),
            "PMS-MSD-391",
        ),
        (
            filter(Some("crDtimes"), Some("equals"), Some("yesterday")),
            "PMS-MSD-390",
        ),
        (
            Filter {
                column_name: Some("crDtimes".into()),
                ..range(Some("a"), Some("b"))
            },
            "PMS-MSD-315",
        ),
    ] {
        assert_eq!(refused(vec![filter.clone()]).0, expected, "{filter:?}");
    }
}

#[test]
fn an_unknown_type_is_no_filter() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    group(&mut conn, "g");
    let nonsense = request_of(
        vec![filter(Some("name"), Some("sounds like"), Some("x"))],
        Vec::new(),
    );

    assert_eq!(ask::<PolicyGroups>(&mut conn, nonsense).unwrap().total, 1);
}

#[test]
fn the_checks_of_a_sort_come_after_those_of_filters() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    let mut refused = |sorts| {
        refusal(ask::<PolicyGroups>(
            &mut conn,
            request_of(Vec::new(), vec![sorts]),
        ))
    };

    assert_eq!(refused(sort(None, Some("asc"))).0, "PMS-MSD-314");
    assert_eq!(refused(sort(Some("name"), Some(""))).0, "PMS-MSD-314");
    assert_eq!(
        refused(sort(Some("Name"), Some("up"))).1,
        "Invalid sort field Name"
    );
    assert_eq!(
        refused(sort(Some("name"), Some("up"))).1,
        "Sort type up is not supported"
    );
    let bad_filter = vec![filter(Some("name"), None, None)];
    let both = request_of(bad_filter, vec![sort(None, None)]);
    assert_eq!(code(ask::<PolicyGroups>(&mut conn, both)), "PMS-MSD-312");
}

#[test]
fn the_page_is_checked_last() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    let mut paged = |page_start, page_fetch, sorts: Vec<Sort>| {
        let pagination = Some(Pagination {
            page_start,
            page_fetch,
        });
        let request = SearchRequest {
            pagination,
            ..request_of(Vec::new(), sorts)
        };
        refusal(ask::<PolicyGroups>(&mut conn, request))
    };

    assert_eq!(
        paged(-1, 10, Vec::new()).1,
        "Invalid pagination value received pagestart:-1 and pagefetch:10"
    );
    assert_eq!(paged(0, 0, Vec::new()).0, "PMS-MSD-313");
    assert_eq!(
        paged(0, 0, vec![sort(Some("name"), Some("up"))]).0,
        "PMS-MSD-358"
    );
}

#[test]
fn without_a_list_of_filters_the_answer_is_neutral() {
    let database = TestDatabase::new();

    let outcome = ask::<PolicyGroups>(&mut database.conn(), SearchRequest::default());

    assert_eq!(code(outcome), RULES.neutral.code);
}

#[test]
fn a_column_that_rows_lack_does_not_sort() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    let by_document = || request_of(Vec::new(), vec![sort(Some("policyFileId"), Some("asc"))]);
    let by_desc = request_of(Vec::new(), vec![sort(Some("desc"), Some("asc"))]);

    assert_eq!(
        code(ask::<Policies>(&mut conn, by_document())),
        "PMS-MSD-357"
    );
    assert_eq!(code(ask::<Policies>(&mut conn, by_desc)), "PMS-MSD-357");
    group(&mut conn, "g");
    policy(&mut conn, "p", "g");
    assert_eq!(
        refusal(ask::<Policies>(&mut conn, by_document())),
        (
            "PMS-MSD-357".into(),
            "Invalid sort field policyFileId".into()
        )
    );
}

#[test]
fn a_policy_search_without_a_column_is_answered_neutrally() {
    let database = TestDatabase::new();
    let mut conn = database.conn();

    let without_column = request_of(vec![filter(None, None, None)], Vec::new());
    let group_without_value = request_of(
        vec![filter(Some("policygroupname"), None, None)],
        Vec::new(),
    );

    assert_eq!(
        code(ask::<Policies>(&mut conn, without_column)),
        RULES.neutral.code
    );
    assert_eq!(
        code(ask::<Policies>(&mut conn, group_without_value)),
        RULES.neutral.code
    );
}

#[test]
fn a_statement_that_fails_is_reported_without_the_databases_words() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    run(&mut conn, "DROP TABLE policy_group CASCADE");

    let outcome = ask::<PolicyGroups>(&mut conn, request_of(Vec::new(), Vec::new()));

    assert_eq!(
        refusal(outcome),
        (
            "PMS-MSD-394".into(),
            "Unable to process the request.".into()
        )
    );
}

#[test]
fn a_text_that_no_column_can_hold_is_no_fault_of_the_database() {
    use pms_database::schema::policy_group::dsl::{name, policy_group};
    let database = TestDatabase::new();
    let mut conn = database.conn();
    let with_nul = policy_group.filter(name.eq("a\0b")).count();
    let requested = with_nul.get_result::<i64>(&mut conn).unwrap_err();
    run(&mut conn, "DROP TABLE policy_group CASCADE");
    let gone = policy_group.count().get_result::<i64>(&mut conn);

    assert!(DbError::from(requested).is_about_nul());
    assert!(!DbError::from(gone.unwrap_err()).is_about_nul());
}
