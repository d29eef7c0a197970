//! Values of columns, for choosing filters (contract envelope-and-search.md §9).

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use diesel::prelude::*;
use pms_domain::{BusinessError, ErrorDef, WireError};
use serde::Serialize;

use super::column::{Column, Condition, Kind};
use super::entity::{ConditionFn, Entity, Rules};
use super::errors::{
    UNKNOWN_VALUES_COLUMN, VALUE_AND_VALUES, VALUES_TYPE_MISSING, VALUES_TYPE_UNSUPPORTED,
};
use super::order::{self, Direction};
use super::query_spec::QuerySpec;
use super::request::{Filter, ValueFilter, ValuesRequest, is_text, same};
use super::{condition, validate};
use crate::DbError;

/// Most bytes of a text that values must contain: more than a person chooses
/// from, while every statement compares each row with it.
const MOST_TEXT: usize = 4096;

/// One value, as the wire shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FilterValue {
    /// The column, as the client spelled it.
    #[serde(rename = "fieldID")]
    pub field_id: String,
    /// The value.
    #[serde(rename = "fieldValue")]
    pub value: Option<String>,
    /// The code of a row that has it.
    #[serde(rename = "fieldCode")]
    pub code: Option<String>,
}

/// What a row has in the code column and in the column whose values are requested.
pub type CodeAndValue = (Option<String>, Option<String>);

/// Values of the requested columns, among the rows of `E` that fulfil `scope`.
///
/// # Errors
/// [`DbError::Rejected`] with the contract's codes.
pub fn filter_values<E: Entity>(
    conn: &mut PgConnection,
    request: &ValuesRequest,
    scope: &[ConditionFn<E::Source>],
    rules: &Rules,
) -> Result<Vec<FilterValue>, DbError> {
    let wanted = request.filters.as_deref().unwrap_or_default();
    let optional = request.optional_filters.as_deref().unwrap_or_default();
    validate::amount(wanted, rules.neutral)?;
    validate::amount(optional, rules.neutral)?;
    let columns = check::<E>(wanted, rules)?;
    let mut texts = wanted.iter().filter_map(|filter| filter.text.as_deref());
    let fits = |text: &str| is_text(text) && text.len() <= MOST_TEXT;
    if !texts.all(fits) || !optional.iter().all(Filter::is_of_text) {
        return Err(rules.neutral.into());
    }
    let mut answered = HashMap::new();
    let mut answer = Vec::new();
    for (filter, column) in wanted.iter().zip(columns) {
        let field_id = filter.column_name.clone().unwrap_or_default();
        let question = Question::of::<E>(filter, column, rules)?;
        let pairs = match answered.entry(question) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let pairs = values_of::<E>(conn, new.key(), column, (optional, scope), rules)?;
                new.insert(pairs)
            }
        };
        answer.extend(pairs.iter().map(|(code, value)| FilterValue {
            field_id: field_id.clone(),
            value: value.clone(),
            code: code.clone(),
        }));
    }
    Ok(answer)
}

/// What is requested of a column: filters that request the same are one statement.
#[derive(PartialEq, Eq, Hash)]
struct Question {
    /// The column's own name, however the client spelled it.
    column: &'static str,
    text: String,
    distinct: bool,
}

impl Question {
    fn of<E: Entity>(
        filter: &ValueFilter,
        column: &Column<E::Source>,
        rules: &Rules,
    ) -> Result<Self, BusinessError> {
        let text = match column.kind {
            Kind::Text(_) => filter.text.clone().ok_or(rules.neutral)?,
            // No text narrows truth values.
            Kind::Bool(_) => String::new(),
            Kind::Local(_) => return Err(VALUES_TYPE_UNSUPPORTED.into()),
            Kind::Instant(_) => return Err(rules.neutral.into()),
        };
        Ok(Self {
            column: column.name,
            text,
            distinct: filter.r#type.as_deref() == Some("unique") && !E::CODE_IS_UNIQUE,
        })
    }
}

/// Every fault of every filter, in order.
fn check<E: Entity>(
    wanted: &[ValueFilter],
    rules: &Rules,
) -> Result<Vec<&'static Column<E::Source>>, BusinessError> {
    let mut columns = Vec::with_capacity(wanted.len());
    let mut faults: Vec<WireError> = Vec::new();
    let mut fault = |rejection: BusinessError| faults.extend_from_slice(rejection.errors());
    for filter in wanted {
        let name = filter.column_name.as_deref().unwrap_or_default();
        let kind = filter.r#type.as_deref().unwrap_or_default();
        let blank = kind.trim().is_empty();
        if blank {
            fault(VALUES_TYPE_MISSING.into());
        }
        match Column::find(E::columns(), name) {
            Some(column) => columns.push(column),
            None => fault(UNKNOWN_VALUES_COLUMN.with(&[name])),
        }
        if !blank && !same(kind, "all") && !same(kind, "unique") {
            fault(VALUES_TYPE_UNSUPPORTED.into());
        }
    }
    match BusinessError::several(faults) {
        None => Ok(columns),
        Some(rejection) if rules.reports_value_faults => Err(rejection),
        Some(_) => Err(rules.neutral.into()),
    }
}

/// Optional filters and the caller's scope.
type Limits<'a, S> = (&'a [Filter], &'a [ConditionFn<S>]);

fn values_of<E: Entity>(
    conn: &mut PgConnection,
    question: &Question,
    column: &'static Column<E::Source>,
    limits: Limits<'_, E::Source>,
    rules: &Rules,
) -> Result<Vec<CodeAndValue>, DbError> {
    let Kind::Text(expr) = column.kind else {
        return Ok(truth_values());
    };
    let mut conditions = limited::<E>(limits, rules.neutral)?;
    if !question.text.is_empty() {
        conditions.push(condition::contains(expr(), &question.text));
    }
    let spec = QuerySpec {
        order: vec![
            order::plain(column.kind, Direction::Ascending),
            Box::new(E::code().asc()),
        ],
        limit: Some(rules.most_values),
        ..QuerySpec::by(conditions)
    };
    Ok(E::values(conn, expr(), question.distinct, spec)?)
}

/// Optional filters mean what they mean in a search, but only some are checked.
fn limited<E: Entity>(
    (optional, scope): Limits<'_, E::Source>,
    neutral: ErrorDef,
) -> Result<Vec<Condition<E::Source>>, BusinessError> {
    let mut conditions: Vec<_> = scope.iter().map(|make| make()).collect();
    for filter in optional {
        if validate::has_value_and_values(filter) {
            return Err(VALUE_AND_VALUES.into());
        }
        let name = filter.column_name.as_deref().unwrap_or_default();
        let column = Column::find(E::columns(), name).ok_or(neutral)?;
        if !validate::has_operand(filter) {
            return Err(neutral.into());
        }
        conditions.extend(condition::of_filter(column, filter)?);
    }
    Ok(conditions)
}

fn truth_values() -> Vec<CodeAndValue> {
    ["true", "false"]
        .map(|value| (Some(String::new()), Some(value.to_owned())))
        .to_vec()
}
