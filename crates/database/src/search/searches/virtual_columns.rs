//! Filters on columns that the searched rows don't have (contract envelope-and-search.md §8.8):
//! an entity takes them out before the checks and says what they mean.

use pms_domain::{BusinessError, ErrorDef};

use crate::search::request::is_text;
use crate::search::{Filter, TakenOut};

/// Refuses filters that may or may not be virtual.
pub(super) fn need_names(filters: &[Filter], neutral: ErrorDef) -> Result<(), BusinessError> {
    if filters.iter().any(|filter| filter.column_name.is_none()) {
        return Err(neutral.into());
    }
    Ok(())
}

/// The value of the first filter on a column; `None` while filters may still be refused
/// because one names no column, or because no column could hold the value.
pub(super) fn value_of<'a>(filters: &'a [Filter], column: &str) -> Option<&'a str> {
    if filters.iter().any(|filter| filter.column_name.is_none()) {
        return None;
    }
    let first = filters.iter().find(|filter| filter.is_about(column))?;
    first.value.as_deref().filter(|value| is_text(value))
}

/// Removes all filters of a column and gives the first.
pub(super) fn take(filters: &mut Vec<Filter>, column: &str) -> Option<Filter> {
    let first = filters
        .iter()
        .find(|filter| filter.is_about(column))
        .cloned();
    filters.retain(|filter| !filter.is_about(column));
    first
}

/// [`take`], and the value alone.
///
/// # Errors
/// `neutral` for a filter without a value.
pub(super) fn take_value(
    filters: &mut Vec<Filter>,
    column: &str,
    neutral: ErrorDef,
) -> Result<Option<String>, BusinessError> {
    match take(filters, column) {
        None => Ok(None),
        Some(filter) => Ok(Some(filter.value.ok_or(neutral)?)),
    }
}

/// [`take_value`] of a filter that the reference applies to the rows it has found:
/// one without a value is refused once all others are checked.
pub(super) fn take_late_value<S>(
    filters: &mut Vec<Filter>,
    column: &str,
    neutral: ErrorDef,
    taken: &mut TakenOut<S>,
) -> Option<String> {
    let value = take(filters, column)?.value;
    if value.is_none() {
        taken.late_refusal = Some(neutral);
    }
    value
}

/// The first filter on `alias` is one on `column`, the others are none.
pub(super) fn rename(filters: &mut Vec<Filter>, alias: &str, column: &str) {
    let Some(first) = filters.iter().position(|filter| filter.is_about(alias)) else {
        return;
    };
    if let Some(filter) = filters.get_mut(first) {
        filter.column_name = Some(column.to_owned());
    }
    filters.retain(|filter| !filter.is_about(alias));
}
