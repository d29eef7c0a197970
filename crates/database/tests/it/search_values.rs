//! Filter values (contract envelope-and-search.md §9).

use diesel::prelude::*;
use pms_database::DbError;
use pms_database::search::searches::{Policies, PolicyGroups, of_type};
use pms_database::search::{Filter, FilterValue, Rules, ValueFilter, ValuesRequest, filter_values};
use pms_testkit::TestDatabase;

use crate::support::{RULES, code, group, policy, run};

fn wanted(column: &str, kind: &str, text: Option<&str>) -> ValueFilter {
    ValueFilter {
        column_name: Some(column.to_owned()),
        r#type: Some(kind.to_owned()),
        text: text.map(str::to_owned),
    }
}

fn request_of(filters: Vec<ValueFilter>) -> ValuesRequest {
    ValuesRequest {
        filters: Some(filters),
        optional_filters: None,
    }
}

fn groups(conn: &mut PgConnection, request: &ValuesRequest) -> Result<Vec<FilterValue>, DbError> {
    filter_values::<PolicyGroups>(conn, request, &[], &RULES)
}

/// Code and value, or `-`.
fn pairs(values: Vec<FilterValue>) -> Vec<String> {
    let text = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    values
        .into_iter()
        .map(|value| format!("{}={}", text(value.code), text(value.value)))
        .collect()
}

fn given() -> TestDatabase {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    for id in ["b", "A", "a"] {
        group(&mut conn, id);
    }
    run(
        &mut conn,
        "UPDATE policy_group SET is_deleted = true, upd_by = 'x' WHERE id = 'A'",
    );
    database
}

#[test]
fn values_come_with_the_codes_of_their_rows_in_order() {
    let database = given();
    let mut conn = database.conn();
    let mut values = |filter| pairs(groups(&mut conn, &request_of(vec![filter])).unwrap());

    assert_eq!(
        values(wanted("name", "unique", Some(""))),
        ["A=A", "a=a", "b=b"]
    );
    assert_eq!(values(wanted("NAME", "ALL", Some("A"))), ["A=A", "a=a"]);
    assert_eq!(
        values(wanted("updBy", "all", Some(""))),
        ["A=x", "a=-", "b=-"]
    );
    assert_eq!(
        values(wanted("name", "unique", Some("%"))),
        Vec::<String>::new()
    );
}

#[test]
fn the_wire_shows_the_column_as_it_was_spelled() {
    let database = given();

    let values = groups(
        &mut database.conn(),
        &request_of(vec![wanted("NAME", "unique", Some("b"))]),
    );

    assert_eq!(
        serde_json::to_value(values.unwrap()).unwrap(),
        serde_json::json!([{"fieldID": "NAME", "fieldValue": "b", "fieldCode": "b"}])
    );
}

#[test]
fn several_columns_follow_each_other() {
    let database = given();
    let both = vec![
        wanted("isActive", "unique", None),
        wanted("id", "all", Some("b")),
    ];

    let values = pairs(groups(&mut database.conn(), &request_of(both)).unwrap());

    assert_eq!(values, ["=true", "=false", "b=b"]);
}

#[test]
fn faults_are_reported_all_at_once() {
    let database = given();
    let faulty = request_of(vec![
        wanted("nope", " ", None),
        wanted("name", "some", None),
    ]);

    let outcome = groups(&mut database.conn(), &faulty);

    let Err(DbError::Rejected(rejection)) = outcome else {
        panic!("{outcome:?}")
    };
    let texts: Vec<_> = rejection
        .errors()
        .iter()
        .map(|error| {
            (
                error.code.as_deref().unwrap(),
                error.message.as_deref().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        texts,
        [
            ("PMS-MSD-322", "Filter Type cannot be empty or null"),
            (
                "PMS-MSD-317",
                "Column nope doesn't exist for the searched entity"
            ),
            ("PMS-MSD-324", "Received Filter Type not supported"),
        ]
    );
}

#[test]
fn a_service_may_answer_every_fault_alike() {
    let database = given();
    let rules = Rules {
        reports_value_faults: false,
        ..RULES
    };
    let faulty = request_of(vec![wanted("nope", "", None)]);

    let outcome = filter_values::<PolicyGroups>(&mut database.conn(), &faulty, &[], &rules);

    assert_eq!(code(outcome), RULES.neutral.code);
}

#[test]
fn dates_have_no_values_and_text_has_to_be_given() {
    let database = given();
    let mut conn = database.conn();

    let local = groups(
        &mut conn,
        &request_of(vec![wanted("crDtimes", "unique", Some(""))]),
    );
    let without_text = groups(&mut conn, &request_of(vec![wanted("name", "unique", None)]));
    let instant = request_of(vec![wanted("crDtimes", "unique", Some(""))]);
    let instant = filter_values::<Policies>(&mut conn, &instant, &[], &RULES);

    assert_eq!(code(local), "PMS-MSD-324");
    assert_eq!(code(without_text), RULES.neutral.code);
    assert_eq!(code(instant), RULES.neutral.code);
}

fn with_optional(optional: Vec<Filter>) -> ValuesRequest {
    ValuesRequest {
        optional_filters: Some(optional),
        ..request_of(vec![wanted("id", "all", Some(""))])
    }
}

#[test]
fn optional_filters_narrow_without_being_checked() {
    let database = given();
    let mut conn = database.conn();
    run(
        &mut conn,
        "UPDATE policy_group SET is_active = false WHERE id = 'b'",
    );
    let active = Filter::equals("isActive", "true");
    let nonsense = Filter {
        r#type: Some("nonsense".to_owned()),
        value: None,
        ..active.clone()
    };
    let empty = Filter {
        r#type: Some("contains".to_owned()),
        value: None,
        ..Filter::equals("id", "")
    };
    let double = Filter {
        values: Some(vec![Some("x".to_owned())]),
        ..active.clone()
    };

    assert_eq!(
        pairs(groups(&mut conn, &with_optional(vec![active])).unwrap()),
        ["A=A", "a=a"]
    );
    assert_eq!(
        groups(&mut conn, &with_optional(vec![nonsense]))
            .unwrap()
            .len(),
        3
    );
    assert_eq!(
        code(groups(&mut conn, &with_optional(vec![empty]))),
        RULES.neutral.code
    );
    assert_eq!(
        code(groups(&mut conn, &with_optional(vec![double]))),
        "PMS-MSD-392"
    );
}

#[test]
fn policies_know_the_description_by_its_raw_name_alone() {
    let database = given();
    let mut conn = database.conn();
    policy(&mut conn, "p", "a");
    let mut values = |column: &str| {
        filter_values::<Policies>(
            &mut conn,
            &request_of(vec![wanted(column, "unique", Some(""))]),
            &[],
            &RULES,
        )
    };

    assert_eq!(pairs(values("descr").unwrap()), ["p=a policy"]);
    assert_eq!(code(values("desc")), "PMS-MSD-317");
}

#[test]
fn the_type_of_policies_is_one_more_filter() {
    let database = given();
    let mut conn = database.conn();
    policy(&mut conn, "p", "a");
    let mut of = |kind: &str| {
        let request = with_optional(of_type(kind).into_iter().collect());
        pairs(filter_values::<Policies>(&mut conn, &request, &[], &RULES).unwrap())
    };

    assert_eq!(of("auth"), ["p=p"]);
    assert_eq!(of("DataShare"), Vec::<String>::new());
}

#[test]
fn rows_without_a_value_do_not_take_the_place_of_those_with_one() {
    let database = given();
    let rules = Rules {
        most_values: 1,
        ..RULES
    };
    let mut conn = database.conn();
    policy(&mut conn, "p", "a");
    policy(&mut conn, "q", "a");
    run(
        &mut conn,
        "UPDATE auth_policy SET policy_schema = 'url' WHERE id = 'q'",
    );

    for kind in ["unique", "all"] {
        let of_groups = request_of(vec![wanted("updBy", kind, Some(""))]);
        let groups = filter_values::<PolicyGroups>(&mut conn, &of_groups, &[], &rules);
        let of_policies = request_of(vec![wanted("schema", kind, Some(""))]);
        let policies = filter_values::<Policies>(&mut conn, &of_policies, &[], &rules);

        assert_eq!(pairs(groups.unwrap()), ["A=x"]);
        assert_eq!(pairs(policies.unwrap()), ["q=url"]);
    }
}

#[test]
fn there_are_at_most_so_many_values() {
    let database = given();
    let rules = Rules {
        most_values: 2,
        ..RULES
    };
    let request = request_of(vec![wanted("name", "unique", Some(""))]);

    let values = filter_values::<PolicyGroups>(&mut database.conn(), &request, &[], &rules);

    assert_eq!(pairs(values.unwrap()), ["A=A", "a=a"]);
}
