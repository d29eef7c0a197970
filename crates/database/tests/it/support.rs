//! Rows that tests start from.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::Text;
use pms_database::migrations::LeftOut;
use pms_database::policies::NewPolicy;
use pms_database::policy_groups::NewPolicyGroup;
use pms_database::search::lists::FilterValue;
use pms_database::search::{ConditionFn, List, ListFilters};
use pms_database::{DbError, Stamp, policies, policy_groups};

/// Noon of a day in 2025, and some seconds.
pub(crate) fn at(seconds: i64) -> NaiveDateTime {
    let noon = NaiveDate::from_ymd_opt(2025, 7, 11)
        .unwrap()
        .and_hms_opt(12, 0, 0)
        .unwrap();
    noon + TimeDelta::seconds(seconds)
}

pub(crate) fn stamp(seconds: i64) -> Stamp {
    Stamp::new("tester", at(seconds))
}

pub(crate) fn group(conn: &mut PgConnection, id: &str) {
    let new = NewPolicyGroup {
        id,
        name: id,
        descr: "a group",
        is_active: true,
    };
    policy_groups::insert(conn, &new, &stamp(0)).unwrap();
}

pub(crate) fn draft(id: &'static str, group: &'static str) -> NewPolicy<'static> {
    NewPolicy {
        id,
        policy_group_id: group,
        name: id,
        descr: "a policy",
        document: "{}",
        policy_type: "Auth",
        version: "1",
        valid_from: at(0),
        valid_to: at(1000),
    }
}

pub(crate) fn policy(conn: &mut PgConnection, id: &'static str, group: &'static str) {
    policies::insert(conn, &draft(id, group), &stamp(0)).unwrap();
}

/// The conditions of these filters of a list, by their wire names, on the day
/// of [`at`].
pub(crate) fn filters<L: List>(values: &[(&str, &str)]) -> Vec<ConditionFn<L::Source>> {
    let read = ListFilters::read::<L, ()>(|name, filter| {
        let mut wanted = values.iter().filter(|(column, _)| *column == name);
        Ok(wanted.next().map(|(_, text)| match filter.is_flag() {
            true => FilterValue::Flag(*text == "true"),
            false => FilterValue::Text((*text).to_owned()),
        }))
    });
    read.unwrap().conditions(at(-12 * 3600))
}

pub(crate) fn run(conn: &mut PgConnection, sql: &str) {
    conn.batch_execute(sql).unwrap();
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// The rows of a query with one text column.
pub(crate) fn lines(conn: &mut PgConnection, sql: &str) -> Vec<String> {
    let sql = format!("SELECT line::text FROM ({sql}) AS asked (line)");
    let rows: Vec<Line> = diesel::sql_query(sql).load(conn).unwrap();
    rows.into_iter().map(|row| row.line).collect()
}

/// Names of the unique indexes that a migration left out.
pub(crate) fn names(left_out: &[LeftOut]) -> Vec<&str> {
    left_out.iter().map(|one| one.name.as_str()).collect()
}

/// Code and text of the one error of a refusal.
pub(crate) fn refusal<T: std::fmt::Debug>(outcome: Result<T, DbError>) -> (String, String) {
    let DbError::Rejected(rejection) = outcome.unwrap_err() else {
        panic!("not a refusal")
    };
    assert_eq!(rejection.errors().len(), 1, "{rejection:?}");
    let error = &rejection.errors()[0];
    (
        error.code.clone().unwrap().into_owned(),
        error.message.clone().unwrap().into_owned(),
    )
}

/// The code of the one error of a refusal.
pub(crate) fn code<T: std::fmt::Debug>(outcome: Result<T, DbError>) -> String {
    refusal(outcome).0
}

/// The answers of a service that tells everything.
pub(crate) const RULES: pms_database::search::Rules = pms_database::search::Rules {
    neutral: pms_domain::ErrorDef::new("NEUTRAL", "Could not process the request"),
    largest_page: 10_000,
    most_values: 500,
    reports_value_faults: true,
};
