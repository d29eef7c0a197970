//! Conditions: what a filter means in SQL.

use chrono::{NaiveDateTime, TimeDelta, Timelike as _};
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text, Timestamp};
use pms_domain::BusinessError;

use super::column::{Column, Condition, Expr, Kind};
use super::entity::ConditionFn;
use super::errors::{INVALID_COLUMN, INVALID_RANGE, INVALID_VALUE, INVALID_VALUES};
use super::request::{Filter, same};
use super::{pattern, time};
use crate::functions::{date_trunc, lower};

/// Text with `value` anywhere in it, ignoring case. NULL never matches.
pub fn contains<S: 'static>(text: Expr<S, Nullable<Text>>, value: &str) -> Condition<S> {
    like(text, pattern::containing(value))
}

/// Text with exactly `value` anywhere in it.
pub fn contains_exactly<S: 'static>(text: Expr<S, Nullable<Text>>, value: &str) -> Condition<S> {
    Box::new(
        text.like(pattern::containing(value))
            .escape(pattern::ESCAPE),
    )
}

/// Rows whose column is one of `values`.
pub fn one_of<S: 'static>(
    column: fn() -> Expr<S, Nullable<Text>>,
    values: Vec<String>,
) -> ConditionFn<S> {
    Box::new(move || Box::new(column().eq_any(values.clone())))
}

/// Text that begins with `value`, ignoring case.
pub fn starts_with<S: 'static>(text: Expr<S, Nullable<Text>>, value: &str) -> Condition<S> {
    like(text, pattern::starting(value))
}

/// Text that is `value`, ignoring case.
pub fn equals_text<S: 'static>(text: Expr<S, Nullable<Text>>, value: &str) -> Condition<S> {
    let value = lower::<Nullable<Text>, _>(value.to_owned());
    Box::new(lower::<Nullable<Text>, _>(text).eq(value))
}

fn like<S: 'static>(text: Expr<S, Nullable<Text>>, pattern: String) -> Condition<S> {
    let pattern = lower::<Nullable<Text>, _>(pattern);
    Box::new(
        lower::<Nullable<Text>, _>(text)
            .like(pattern)
            .escape(pattern::ESCAPE),
    )
}

/// The kinds of filters; any other text is no filter at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FilterType {
    Contains,
    Equals,
    StartsWith,
    In,
    Between,
    Unknown,
}

impl FilterType {
    pub(super) fn read(text: &str) -> Self {
        let known = [
            ("contains", Self::Contains),
            ("equals", Self::Equals),
            ("startswith", Self::StartsWith),
            ("in", Self::In),
            ("between", Self::Between),
        ];
        known
            .into_iter()
            .find(|(name, _)| same(name, text))
            .map_or(Self::Unknown, |(_, kind)| kind)
    }
}

/// What the filter means for the column; `None` when it means nothing.
///
/// # Errors
/// The column's kind has no such filter (`PMS-MSD-310`), or a date can't be
/// read (`PMS-MSD-390`, in a range `PMS-MSD-315`, among several `PMS-MSD-391`).
pub(super) fn of_filter<S: 'static>(
    column: &Column<S>,
    filter: &Filter,
) -> Result<Option<Condition<S>>, BusinessError> {
    let kind = FilterType::read(filter.r#type.as_deref().unwrap_or_default());
    match column.kind {
        Kind::Text(expr) => Ok(on_text(expr(), kind, filter)),
        Kind::Local(expr) | Kind::Instant(expr) => match kind {
            FilterType::Equals => at(expr(), filter).map(Some),
            FilterType::Between => within(expr(), filter).map(Some),
            FilterType::In => at_any(expr(), filter).map(Some),
            FilterType::Unknown => Ok(None),
            _ => Err(wrong_column(column, filter)),
        },
        Kind::Bool(expr) => match kind {
            FilterType::Equals => {
                let wanted = filter.value.as_deref().is_some_and(is_true);
                Ok(Some(Box::new(expr().eq(wanted))))
            }
            FilterType::In => {
                let listed = filter.values.iter().flatten().flatten();
                let wanted: Vec<_> = listed.map(|value| Some(is_true(value))).collect();
                Ok(Some(Box::new(expr().eq_any(wanted))))
            }
            // A range of truth values is no filter, as in the reference.
            FilterType::Between | FilterType::Unknown => Ok(None),
            _ => Err(wrong_column(column, filter)),
        },
    }
}

/// Every other text is false, as in the reference.
fn is_true(value: &str) -> bool {
    same(value, "true")
}

fn wrong_column<S>(column: &Column<S>, filter: &Filter) -> BusinessError {
    INVALID_COLUMN.with(&[filter.column_name.as_deref().unwrap_or(column.name)])
}

fn on_text<S: 'static>(
    text: Expr<S, Nullable<Text>>,
    kind: FilterType,
    filter: &Filter,
) -> Option<Condition<S>> {
    let value = filter.value.clone().unwrap_or_default();
    Some(match kind {
        FilterType::Contains => like(text, pattern::of_contains(&value)),
        FilterType::StartsWith => like(text, pattern::of_starts_with(&value)),
        FilterType::Equals => equals_text(text, &value),
        FilterType::In => Box::new(text.eq_any(filter.values.clone().unwrap_or_default())),
        FilterType::Between => {
            Box::new(text.between(filter.from_value.clone(), filter.to_value.clone()))
        }
        FilterType::Unknown => return None,
    })
}

/// Within one millisecond of the value: that is all a client can write.
fn at<S: 'static>(
    expr: Expr<S, Nullable<Timestamp>>,
    filter: &Filter,
) -> Result<Condition<S>, BusinessError> {
    let from = filter
        .value
        .as_deref()
        .and_then(time::parse)
        .ok_or(INVALID_VALUE)?;
    // Time ends, and a client may ask for its last instant.
    let to = from
        .checked_add_signed(TimeDelta::milliseconds(1))
        .ok_or(INVALID_VALUE)?;
    Ok(Box::new(expr.between(from, to)))
}

/// In the millisecond of one of the values. One array, however many there are.
fn at_any<S: 'static>(
    expr: Expr<S, Nullable<Timestamp>>,
    filter: &Filter,
) -> Result<Condition<S>, BusinessError> {
    let listed = filter.values.iter().flatten().flatten();
    let wanted: Option<Vec<_>> = listed
        .map(|value| time::parse(value).and_then(whole_milliseconds).map(Some))
        .collect();
    let wanted = wanted.ok_or(INVALID_VALUES)?;
    Ok(Box::new(date_trunc("milliseconds", expr).eq_any(wanted)))
}

fn whole_milliseconds(instant: NaiveDateTime) -> Option<NaiveDateTime> {
    instant.with_nanosecond(instant.nanosecond() / 1_000_000 * 1_000_000)
}

fn within<S: 'static>(
    expr: Expr<S, Nullable<Timestamp>>,
    filter: &Filter,
) -> Result<Condition<S>, BusinessError> {
    let from = filter
        .from_value
        .as_deref()
        .and_then(time::parse)
        .ok_or(INVALID_RANGE)?;
    let to = filter
        .to_value
        .as_deref()
        .and_then(time::parse)
        .ok_or(INVALID_RANGE)?;
    Ok(Box::new(expr.between(from, to)))
}
