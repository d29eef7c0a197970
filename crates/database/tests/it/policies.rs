//! Policy groups and policies.

use diesel::prelude::*;
use pms_database::db_error::violation;
use pms_database::policies::{PolicyChange, PolicyHistory};
use pms_database::policy_groups::PolicyGroupChange;
use pms_database::{DbError, Violation, policies, policy_groups};
use pms_testkit::TestDatabase;

use crate::support::{at, draft, group, policy, run, stamp};

fn history(conn: &mut PgConnection, id: &str) -> Vec<PolicyHistory> {
    use pms_database::schema::auth_policy_h;
    PolicyHistory::query()
        .filter(auth_policy_h::id.eq(id))
        .order(auth_policy_h::eff_dtimes)
        .load(conn)
        .unwrap()
}

#[test]
fn a_group_belongs_to_the_user_who_made_it() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    group(&mut conn, "g");

    let found = policy_groups::find_by_name(&mut conn, "g")
        .unwrap()
        .unwrap();

    assert_eq!(
        (found.user_id.as_str(), found.cr_by.as_str()),
        ("tester", "tester")
    );
    assert_eq!((found.cr_dtimes, found.is_deleted), (at(0), Some(false)));
    assert!(
        policy_groups::find_by_name(&mut conn, "G")
            .unwrap()
            .is_none()
    );
}

#[test]
fn a_taken_name_is_a_violation_of_the_named_constraint() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    group(&mut conn, "g");
    group(&mut conn, "other");
    let change = PolicyGroupChange {
        name: "g",
        descr: "",
        is_active: true,
    };

    let error = policy_groups::update(&mut conn, "other", &change, &stamp(1)).unwrap_err();

    assert_eq!(violation(&error), Some(Violation::Unique("uk_polg")));
    assert_eq!(
        DbError::from(error).violation(),
        Some(Violation::Unique("uk_polg"))
    );
}

#[test]
fn a_taken_id_overwrites_nothing() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    group(&mut conn, "g");
    policy(&mut conn, "p", "g");
    let mut second = draft("p", "g");
    second.name = "another";

    let error = policies::insert(&mut conn, &second, &stamp(1)).unwrap_err();

    assert_eq!(violation(&error), Some(Violation::Unique("pk_apol")));
    assert_eq!(policies::find(&mut conn, "p").unwrap().unwrap().name, "p");
}

#[test]
fn each_change_appends_history_under_the_policys_own_id() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    group(&mut conn, "g");
    policy(&mut conn, "p", "g");
    let change = PolicyChange {
        name: "renamed",
        descr: "d",
        document: "{\"a\":1}",
        version: "2",
    };

    policies::update(&mut conn, "p", &change, &stamp(1)).unwrap();
    policies::publish(&mut conn, "p", "https://schema", &stamp(2)).unwrap();
    policies::set_active(&mut conn, "p", false, &stamp(3)).unwrap();

    let history = history(&mut conn, "p");
    let story: Vec<_> = history
        .iter()
        .map(|row| {
            (
                row.eff_dtimes,
                row.name.as_str(),
                row.policy_schema.is_some(),
                row.is_active,
            )
        })
        .collect();
    assert_eq!(
        story,
        [
            (at(0), "p", false, false),
            (at(1), "renamed", false, false),
            (at(2), "renamed", true, true),
            (at(3), "renamed", true, false),
        ]
    );
}

#[test]
fn changes_in_one_instant_follow_each_other_by_a_microsecond() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    group(&mut conn, "g");
    policy(&mut conn, "p", "g");

    policies::publish(&mut conn, "p", "https://schema", &stamp(0)).unwrap();
    policies::set_active(&mut conn, "p", false, &stamp(0)).unwrap();

    let times: Vec<_> = history(&mut conn, "p")
        .iter()
        .map(|row| row.eff_dtimes)
        .collect();
    let micros = |micros| at(0) + chrono::TimeDelta::microseconds(micros);
    assert_eq!(times, [at(0), micros(1), micros(2)]);
}

/// Changes are stamped before they wait for each other, and clocks differ.
#[test]
fn a_change_with_an_earlier_stamp_follows_the_latest_row() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    group(&mut conn, "g");
    policy(&mut conn, "p", "g");

    policies::publish(&mut conn, "p", "https://schema", &stamp(5)).unwrap();
    policies::set_active(&mut conn, "p", false, &stamp(3)).unwrap();

    let rows = history(&mut conn, "p");
    let latest = rows.last().unwrap();
    let after = at(5) + chrono::TimeDelta::microseconds(1);
    assert_eq!((latest.eff_dtimes, latest.is_active), (after, false));
}

#[test]
fn a_name_that_moves_to_another_policy_in_one_instant_does_not_clash() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    group(&mut conn, "g");
    policy(&mut conn, "first", "g");
    let change = PolicyChange {
        name: "renamed",
        descr: "",
        document: "{}",
        version: "1",
    };
    policies::update(&mut conn, "first", &change, &stamp(0)).unwrap();

    let mut second = draft("second", "g");
    second.name = "first";
    policies::insert(&mut conn, &second, &stamp(0)).unwrap();

    assert_eq!(history(&mut conn, "second").len(), 1);
}

#[test]
fn a_partner_reads_a_policy_through_an_active_key() {
    let database = TestDatabase::seeded();
    let mut conn = database.conn();
    let mut read = |policy: &str, partner: &str| {
        policies::for_partner(&mut conn, policy, partner)
            .unwrap()
            .map(|(found, _)| found.policy.id)
    };

    assert_eq!(
        read("mpolicy-default-auth", "mpartner-default-auth").unwrap(),
        "mpolicy-default-auth"
    );
    assert_eq!(read("mpolicy-default-auth", "mpartner-default-print"), None);
    assert_eq!(read("unknown", "mpartner-default-auth"), None);
    run(
        &mut conn,
        "UPDATE partner_policy SET is_active = false WHERE part_id = 'mpartner-default-auth'",
    );
    let without = policies::for_partner(&mut conn, "mpolicy-default-auth", "mpartner-default-auth");
    assert!(without.unwrap().is_none());
}

#[test]
fn a_policy_comes_with_its_group_or_without() {
    let database = TestDatabase::seeded();
    let mut conn = database.conn();
    run(
        &mut conn,
        "UPDATE auth_policy SET policy_group_id = NULL WHERE id = 'mpolicy-default-cert'",
    );

    let with = policies::find_with_group(&mut conn, "mpolicy-default-auth")
        .unwrap()
        .unwrap();
    let without = policies::find_with_group(&mut conn, "mpolicy-default-cert")
        .unwrap()
        .unwrap();

    assert_eq!(with.group.unwrap().name, "mpolicygroup-default-auth");
    assert!(without.group.is_none());
    assert_eq!(
        policies::list_with_group(&mut conn, None, 5).unwrap().len(),
        5
    );
    assert_eq!(
        policies::list_of_group(&mut conn, "mpolicygroup-default-print", None, 100)
            .unwrap()
            .len(),
        5
    );
}
