//! The newer GET lists (§10), by the list of policies and two made-up rule sets.

use diesel::prelude::*;
use pms_database::Failure;
use pms_database::policies::PolicyChange;
use pms_database::search::errors::ENCRYPTED_COLUMN;
use pms_database::search::lists::{PolicyFilter, PolicyItem, PolicyList};
use pms_database::search::{List, ListPage, ListQuery, ListRules, Narrow, Order, SortColumn, list};
use pms_database::{policies, schema::policy_group};
use pms_testkit::TestDatabase;

use crate::support::{code, group, policy, refusal, run, stamp};

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

fn all(conn: &mut PgConnection, query: &ListQuery) -> Result<ListPage<PolicyItem>, Failure> {
    list::<PolicyList>(conn, query, &[], 1000)
}

fn ids(page: ListPage<PolicyItem>) -> Vec<String> {
    page.data.into_iter().map(|item| item.id).collect()
}

fn filtered(conn: &mut PgConnection, filter: PolicyFilter) -> Vec<String> {
    let found = list::<PolicyList>(conn, &ListQuery::default(), &filter.conditions(), 1000);
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
    let text = |value: &str| Some(value.to_owned());

    let by_id = PolicyFilter {
        policy_id: text("AFT"),
        ..PolicyFilter::default()
    };
    let by_group = PolicyFilter {
        policy_group_name: text("nor"),
        ..PolicyFilter::default()
    };
    let by_wildcard = PolicyFilter {
        policy_name: text("%"),
        ..PolicyFilter::default()
    };
    let by_nothing = PolicyFilter {
        policy_group_name: text(""),
        ..PolicyFilter::default()
    };
    let by_both = PolicyFilter {
        policy_type: text("auth"),
        policy_description: text("A POL"),
        policy_id: text("o"),
        ..PolicyFilter::default()
    };

    assert_eq!(filtered(&mut conn, by_id), ["draft"]);
    assert_eq!(filtered(&mut conn, by_group), ["active", "draft"]);
    assert_eq!(filtered(&mut conn, by_wildcard), Vec::<String>::new());
    assert_eq!(filtered(&mut conn, by_nothing), ["over", "active", "draft"]);
    assert_eq!(filtered(&mut conn, by_both), ["over", "odd"]);
}

#[test]
fn a_status_is_exact() {
    let database = given();
    let mut conn = database.conn();
    let mut of = |status: &str| {
        filtered(
            &mut conn,
            PolicyFilter {
                status: Some(status.to_owned()),
                ..PolicyFilter::default()
            },
        )
    };

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

    let by_name = PolicyFilter {
        policy_name: Some("RENAMED".to_owned()),
        ..PolicyFilter::default()
    };

    assert_eq!(filtered(&mut conn, by_name), ["draft"]);
}

/// A list with the rules of the partner service and no page of its own.
struct Groups;

static SORTS: [SortColumn<policy_group::table>; 3] = [
    SortColumn::text("name", || Box::new(policy_group::name.nullable())),
    SortColumn::bool("isActive", || Box::new(policy_group::is_active.nullable())).inverted(),
    SortColumn::refused("emailAddress", ENCRYPTED_COLUMN),
];

fn load_groups(
    conn: &mut PgConnection,
    narrow: Narrow<policy_group::table>,
) -> QueryResult<Vec<String>> {
    narrow
        .apply(policy_group::table.select(policy_group::id).into_boxed())
        .load(conn)
}

fn count_groups(conn: &mut PgConnection, narrow: Narrow<policy_group::table>) -> QueryResult<i64> {
    narrow
        .filter(policy_group::table.count().into_boxed())
        .get_result(conn)
}

macro_rules! list_of_groups {
    ($name:ident, $rules:expr) => {
        impl List for $name {
            type Source = policy_group::table;
            type Row = String;
            const RULES: ListRules = $rules;
            const PAGE_SIZE: Option<i64> = None;

            fn sorts() -> &'static [SortColumn<policy_group::table>] {
                &SORTS
            }

            fn newest() -> Vec<Order<policy_group::table>> {
                vec![
                    Box::new(policy_group::cr_dtimes.desc()),
                    Box::new(policy_group::id.asc()),
                ]
            }

            fn load(
                conn: &mut PgConnection,
                narrow: Narrow<policy_group::table>,
            ) -> QueryResult<Vec<String>> {
                load_groups(conn, narrow)
            }

            fn count(
                conn: &mut PgConnection,
                narrow: Narrow<policy_group::table>,
            ) -> QueryResult<i64> {
                count_groups(conn, narrow)
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
fn an_unknown_column_is_told_in_the_partner_services_words() {
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
    assert!(matches!(too_many, Err(Failure::Internal(_))));
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
