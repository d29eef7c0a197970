//! The rules of the partner service's lists, by lists made up for it
//! (contract envelope-and-search.md §10.2).

use diesel::prelude::*;
use pms_database::DbError;
use pms_database::schema::policy_group;
use pms_database::search::errors::ENCRYPTED_COLUMN;
use pms_database::search::{List, ListColumn, ListQuery, ListRules, Order, QuerySpec, list};
use pms_testkit::TestDatabase;

use crate::support::{code, group, refusal, run};

fn given() -> TestDatabase {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    group(&mut conn, "North");
    group(&mut conn, "South");
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

/// A list with the rules of the partner service and no page of its own.
struct Groups;

static COLUMNS: [ListColumn<policy_group::table>; 3] = [
    ListColumn::text("name", || Box::new(policy_group::name.nullable())),
    ListColumn::bool("isActive", || Box::new(policy_group::is_active.nullable())).inverted(),
    ListColumn::refused("emailAddress", ENCRYPTED_COLUMN),
];

fn load_groups(
    conn: &mut PgConnection,
    spec: QuerySpec<policy_group::table>,
) -> QueryResult<Vec<String>> {
    spec.apply(policy_group::table.select(policy_group::id).into_boxed())
        .load(conn)
}

fn count_groups(conn: &mut PgConnection, spec: QuerySpec<policy_group::table>) -> QueryResult<i64> {
    spec.filter(policy_group::table.count().into_boxed())
        .get_result(conn)
}

macro_rules! list_of_groups {
    ($name:ident, $rules:expr) => {
        impl List for $name {
            type Source = policy_group::table;
            type Row = String;
            const RULES: ListRules = $rules;
            const PAGE_SIZE: Option<i64> = None;

            fn columns() -> &'static [ListColumn<policy_group::table>] {
                &COLUMNS
            }

            fn newest() -> Vec<Order<policy_group::table>> {
                vec![
                    Box::new(policy_group::cr_dtimes.desc()),
                    Box::new(policy_group::id.asc()),
                ]
            }

            fn load(
                conn: &mut PgConnection,
                spec: QuerySpec<policy_group::table>,
            ) -> QueryResult<Vec<String>> {
                load_groups(conn, spec)
            }

            fn count(
                conn: &mut PgConnection,
                spec: QuerySpec<policy_group::table>,
            ) -> QueryResult<i64> {
                count_groups(conn, spec)
            }
        }
    };
}

/// A list in fixed order.
struct GroupsInFixedOrder;

list_of_groups!(Groups, ListRules::Partner);
list_of_groups!(GroupsInFixedOrder, ListRules::Unsorted);

#[test]
fn the_checks_of_the_partner_service_in_their_order() {
    let database = given();
    let mut conn = database.conn();
    let mut refused = |field, kind, no, size| {
        code(list::<Groups>(
            &mut conn,
            &query(field, kind, no, size),
            &[],
            1000,
        ))
    };

    assert_eq!(
        refused(Some("nope"), None, Some(1), None),
        "PMS_PS_ERROR_007"
    );
    assert_eq!(refused(None, Some(""), None, None), "PMS_PS_ERROR_007");
    assert_eq!(
        refused(Some("nope"), Some("up"), Some(1), None),
        "PMS_PS_ERROR_006"
    );
    assert_eq!(refused(None, None, None, Some(5)), "PMS_PS_ERROR_006");
    assert_eq!(
        refused(Some("nope"), Some("up"), None, None),
        "PMS_PS_ERROR_008"
    );
    assert_eq!(
        refused(Some("nope"), Some("up"), Some(-1), Some(0)),
        "PMS_PRT_357"
    );
    assert_eq!(
        refused(Some("name"), Some("up"), Some(-1), Some(0)),
        "PMS_PRT_358"
    );
    assert_eq!(
        refused(Some("name"), Some("asc"), Some(-1), Some(0)),
        "PMS_PRT_360"
    );
    assert_eq!(
        refused(Some("name"), Some("asc"), Some(0), Some(0)),
        "PMS_PRT_361"
    );
    assert_eq!(
        refused(Some("emailAddress"), Some("asc"), Some(0), Some(1)),
        "KER_PRT_391"
    );
}

#[test]
fn an_unknown_column_is_reported_in_the_partner_services_words() {
    let database = given();
    let wanted = query(Some("nope"), Some("asc"), Some(0), Some(1));

    let (_, text) = refusal(list::<Groups>(&mut database.conn(), &wanted, &[], 1000));

    assert_eq!(text, "Invalid sort field nope");
}

#[test]
fn without_a_page_all_rows_are_one_page() {
    let database = given();
    let mut conn = database.conn();

    let found = list::<Groups>(&mut conn, &ListQuery::default(), &[], 1000).unwrap();
    let too_many = list::<Groups>(&mut conn, &ListQuery::default(), &[], 1);

    assert_eq!(
        (found.page_no, found.page_size, found.total_results),
        (0, 2, 2)
    );
    assert!(matches!(too_many, Err(DbError::Internal(_))));
}

#[test]
fn an_inverted_column_swaps_the_directions() {
    let database = given();
    let mut conn = database.conn();
    run(
        &mut conn,
        "UPDATE policy_group SET is_active = false WHERE id = 'North'",
    );
    let mut by = |kind| {
        let query = query(Some("isActive"), Some(kind), Some(0), Some(9));
        list::<Groups>(&mut conn, &query, &[], 1000).unwrap().data
    };

    assert_eq!(by("asc"), ["South", "North"]);
    assert_eq!(by("desc"), ["North", "South"]);
}

#[test]
fn a_list_in_fixed_order_ignores_what_sorts() {
    let database = given();
    let mut conn = database.conn();
    let mut ask = |query| list::<GroupsInFixedOrder>(&mut conn, &query, &[], 1000);

    assert_eq!(
        ask(query(Some("nope"), None, None, None))
            .unwrap()
            .data
            .len(),
        2
    );
    assert_eq!(
        code(ask(query(None, None, Some(0), None))),
        "PMS_PS_ERROR_006"
    );
    assert_eq!(
        code(ask(query(None, None, Some(0), Some(-1)))),
        "PMS_PRT_361"
    );
}
