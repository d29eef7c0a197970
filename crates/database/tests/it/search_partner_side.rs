//! What the searches of partners, mapping requests and API keys do by
//! themselves (contract envelope-and-search.md §8.8, contract partner.md §4.22–§4.27).

use diesel::prelude::*;
use pms_database::search::OfPartners as _;
use pms_database::search::searches::{ApiKeys, MappingRequests, PartnerTypes, Partners};
use pms_database::search::{
    ConditionFn, Entity, Filter, Kind, SearchRequest, Sort, ValueFilter, ValuesRequest,
    filter_values, search,
};
use pms_testkit::TestDatabase;

use crate::support::{RULES, code, run};

mod partners;
mod requests_and_keys;

const NOBODY: [&str; 0] = [];

fn given() -> TestDatabase {
    let database = TestDatabase::new();
    run(
        &mut database.conn(),
        "SET search_path = pms, public;
         INSERT INTO partner_type (code, partner_description, is_policy_required, is_active, cr_by, cr_dtimes)
         VALUES ('Auth', 'authenticates', true, true, 'u', '2025-01-01'),
                ('Misp', 'licences', false, true, 'u', '2025-01-02');
         INSERT INTO policy_group (id, name, descr, user_id, is_active, cr_by, cr_dtimes)
         VALUES ('g1', 'Group', 'about', 'u', true, 'u', '2025-01-01');
         INSERT INTO partner (id, user_id, name, policy_group_id, partner_type_code, approval_status,
                              is_active, is_deleted, cr_by, cr_dtimes)
         VALUES ('a', 'Anna', 'Alpha_Org', 'g1', 'Auth', 'approved', true, NULL, 'u', '2025-01-03'),
                ('b', 'bert', 'alphabet', 'gone', 'Misp', 'InProgress', false, false, 'u', '2025-01-02'),
                ('ANNA', '', 'Beta', NULL, 'Auth', 'approved', true, true, 'u', '2025-01-01');
         INSERT INTO auth_policy (id, name, descr, policy_file_id, policy_type, version,
                                  valid_from_date, valid_to_date, is_active, cr_by, cr_dtimes)
         VALUES ('p1', 'Login', '', '{}', 'Auth', '1', now(), now(), true, 'u', now()),
                ('p2', 'Login', '', '{}', 'Auth', '1', now(), now(), true, 'u', now()),
                ('p3', 'Logout', '', '{}', 'Auth', '1', now(), now(), true, 'u', now());
         INSERT INTO partner_policy_request (id, part_id, policy_id, request_datetimes,
                                             request_detail, status_code, is_deleted, cr_by, cr_dtimes)
         VALUES ('r1', 'a', 'p1', now(), 'why', 'approved', NULL, 'u', '2025-01-01'),
                ('r2', 'a', 'p3', now(), 'why', 'InProgress', true, 'u', '2025-01-02'),
                ('r3', 'b', 'p3', now(), 'why', 'approved', false, 'u', '2025-01-03'),
                ('r4', 'ANNA', 'gone', now(), 'why', 'approved', false, 'u', '2025-01-04');
         INSERT INTO partner_policy (policy_api_key, part_id, policy_id, valid_from_datetime,
                                     valid_to_datetime, is_active, label, is_deleted, cr_by, cr_dtimes)
         VALUES ('k1', 'a', 'p1', now(), now(), true, 'l1', false, 'u', '2025-01-02'),
                ('k2', 'a', 'p2', now(), NULL, true, 'l2', true, 'u', '2025-01-03'),
                ('k3', 'b', 'p2', now(), now(), false, 'l3', NULL, 'u', '2025-01-01')",
    );
    database
}

fn filter(column: &str, kind: &str, value: &str) -> Filter {
    Filter {
        column_name: Some(column.to_owned()),
        r#type: Some(kind.to_owned()),
        value: Some(value.to_owned()),
        ..Filter::default()
    }
}

fn request_of(filters: &[Filter]) -> SearchRequest {
    SearchRequest {
        filters: Some(filters.to_vec()),
        ..SearchRequest::default()
    }
}

/// Ids of the rows that fulfil all filters; page and total agree.
fn ids<E: Entity>(
    conn: &mut PgConnection,
    filters: &[Filter],
    scope: Option<ConditionFn<E::Source>>,
    id: fn(E::Row) -> String,
) -> Vec<String> {
    let found = search::<E>(
        conn,
        request_of(filters),
        scope.into_iter().collect(),
        &RULES,
    )
    .unwrap();
    assert_eq!(found.total, i64::try_from(found.rows.len()).unwrap());
    found.rows.into_iter().map(id).collect()
}

fn partners_with(conn: &mut PgConnection, filters: &[Filter]) -> Vec<String> {
    ids::<Partners>(conn, filters, None, |row| row.id)
}

fn requests(conn: &mut PgConnection, filters: &[Filter]) -> Vec<String> {
    ids::<MappingRequests>(conn, filters, None, |row| row.request.id)
}

fn keys(conn: &mut PgConnection, filters: &[Filter]) -> Vec<String> {
    ids::<ApiKeys>(conn, filters, None, |row| row.key.policy_api_key)
}

/// Filters and sorts by every column, whatever comes out.
fn every_column_works<E: Entity>(conn: &mut PgConnection) {
    for column in E::columns() {
        let value = match column.kind {
            Kind::Text(_) => "x",
            Kind::Bool(_) => "true",
            Kind::Local(_) | Kind::Instant(_) => "2025-01-01T00:00:00",
        };
        let mut request = request_of(&[filter(column.name, "equals", value)]);
        search::<E>(conn, request.clone(), Vec::new(), &RULES).unwrap();
        request.filters = Some(Vec::new());
        request.sort = Some(vec![Sort {
            sort_field: Some(column.name.to_owned()),
            sort_type: Some("desc".to_owned()),
        }]);
        let sorted = search::<E>(conn, request, Vec::new(), &RULES).map(|found| found.total);
        if column.in_row {
            assert!(sorted.unwrap() > 0, "{}", column.name);
        } else {
            assert_eq!(code(sorted), "PMS-MSD-357", "{}", column.name);
        }
    }
}

#[test]
fn every_column_filters_and_those_of_the_rows_sort() {
    let database = given();
    let mut conn = database.conn();

    every_column_works::<Partners>(&mut conn);
    every_column_works::<PartnerTypes>(&mut conn);
    every_column_works::<MappingRequests>(&mut conn);
    every_column_works::<ApiKeys>(&mut conn);
}

#[test]
fn without_filters_the_oldest_come_first_and_the_deleted_too() {
    let database = given();
    let mut conn = database.conn();

    assert_eq!(partners_with(&mut conn, &[]), ["ANNA", "b", "a"]);
    assert_eq!(requests(&mut conn, &[]), ["r1", "r2", "r3", "r4"]);
    assert_eq!(keys(&mut conn, &[]), ["k3", "k1", "k2"]);
    let types = ids::<PartnerTypes>(&mut conn, &[], None, |row| row.code);
    assert_eq!(types, ["Auth", "Misp"]);
}

#[test]
fn filters_without_column_or_value_have_no_answer() {
    let database = given();
    let mut conn = database.conn();
    let unnamed = Filter {
        column_name: None,
        ..filter("", "equals", "x")
    };
    let without = |column| Filter {
        value: None,
        ..filter(column, "equals", "")
    };
    let mut refused = |filter: Filter| {
        let of_keys = search::<ApiKeys>(
            &mut conn,
            request_of(std::slice::from_ref(&filter)),
            Vec::new(),
            &RULES,
        );
        let of_requests =
            search::<MappingRequests>(&mut conn, request_of(&[filter]), Vec::new(), &RULES);
        (code(of_keys), code(of_requests))
    };
    let neutral = ("NEUTRAL".to_owned(), "NEUTRAL".to_owned());

    assert_eq!(refused(unnamed.clone()), neutral);
    for column in ["partnerName", "partnerId", "policyName"] {
        assert_eq!(refused(without(column)), neutral, "{column}");
    }
    let partners = search::<Partners>(&mut conn, request_of(&[unnamed]), Vec::new(), &RULES);
    assert_eq!(code(partners), "PMS-MSD-311");
}

#[test]
fn values_carry_the_ids_of_partners_and_requests() {
    let database = given();
    let mut conn = database.conn();
    let wanted = |column: &str, text: &str| ValuesRequest {
        filters: Some(vec![ValueFilter {
            column_name: Some(column.to_owned()),
            text: Some(text.to_owned()),
            ..ValueFilter::default()
        }]),
        optional_filters: None,
    };
    let scope = [MappingRequests::of_partners(vec!["a".to_owned()])];

    let partners =
        filter_values::<Partners>(&mut conn, &wanted("name", "alpha"), &[], &RULES).unwrap();
    let requests =
        filter_values::<MappingRequests>(&mut conn, &wanted("statusCode", ""), &scope, &RULES)
            .unwrap();

    let pairs = |values: Vec<pms_database::search::FilterValue>| -> Vec<_> {
        let pair = |value: pms_database::search::FilterValue| {
            format!("{}={}", value.code.unwrap(), value.value.unwrap())
        };
        values.into_iter().map(pair).collect()
    };
    assert_eq!(pairs(partners), ["a=Alpha_Org", "b=alphabet"]);
    assert_eq!(pairs(requests), ["r2=InProgress", "r1=approved"]);
}
