//! The checks of a legacy search, in the contract's order (contract envelope-and-search.md §8.4).

use pms_domain::{BusinessError, ErrorDef};

use super::column::{Column, Kind};
use super::condition::FilterType;
use super::errors::{
    COLUMN_MISSING, FILTER_TYPE_MISSING, INVALID_COLUMN, INVALID_PAGE, INVALID_RANGE,
    INVALID_SORT_FIELD, INVALID_SORT_TYPE, INVALID_VALUE, INVALID_VALUES, SORT_INCOMPLETE,
    VALUE_AND_VALUES,
};
use super::order::Direction;
use super::request::{Filter, Pagination, Sort, same};

/// More filters or sort entries than a client has a use for. Conditions nest in
/// the statement, and a body has room for enough of them to exhaust the stack.
const MOST_ENTRIES: usize = 100;

/// Refuses a list that is longer than any known client sends.
pub(super) fn amount<T>(entries: &[T], neutral: ErrorDef) -> Result<(), BusinessError> {
    if entries.len() > MOST_ENTRIES {
        return Err(neutral.into());
    }
    Ok(())
}

/// Steps A and B: every filter's column, then filter by filter.
pub(super) fn filters<S>(
    columns: &'static [Column<S>],
    filters: &[Filter],
) -> Result<Vec<&'static Column<S>>, BusinessError> {
    let mut found = Vec::with_capacity(filters.len());
    for filter in filters {
        let name = filter.column_name.as_deref().ok_or(COLUMN_MISSING)?;
        let column = Column::find(columns, name).ok_or_else(|| INVALID_COLUMN.with(&[name]))?;
        found.push(column);
    }
    for (filter, column) in filters.iter().zip(&found) {
        check(filter, column)?;
    }
    Ok(found)
}

fn check<S>(filter: &Filter, column: &Column<S>) -> Result<(), BusinessError> {
    let text = filter.r#type.as_deref().unwrap_or_default();
    if text.trim().is_empty() {
        return Err(FILTER_TYPE_MISSING.into());
    }
    let kind = FilterType::read(text);
    let value = filter.value.as_deref().unwrap_or_default();
    if has_value_and_values(filter) {
        return Err(VALUE_AND_VALUES.into());
    }
    let must_be_truth = same(column.name, "isActive");
    if kind == FilterType::Equals && must_be_truth && !is_truth(value) {
        return Err(INVALID_VALUE.into());
    }
    if kind == FilterType::In {
        let listed = filter.values.as_deref().unwrap_or_default();
        if listed.is_empty()
            || must_be_truth && !listed.iter().flatten().all(|value| is_truth(value))
        {
            return Err(INVALID_VALUES.into());
        }
    }
    if !matches!(kind, FilterType::In | FilterType::Between) && value.trim().is_empty() {
        return Err(INVALID_VALUE.into());
    }
    if kind == FilterType::Between && (is_blank(&filter.from_value) || is_blank(&filter.to_value)) {
        return Err(INVALID_RANGE.into());
    }
    let for_text_alone = matches!(kind, FilterType::Contains | FilterType::StartsWith);
    if for_text_alone && !matches!(column.kind, Kind::Text(_)) {
        let name = filter.column_name.as_deref().unwrap_or(column.name);
        return Err(INVALID_COLUMN.with(&[name]));
    }
    Ok(())
}

fn is_truth(value: &str) -> bool {
    same(value, "true") || same(value, "false")
}

/// `value` and `values` exclude each other, in optional filters too.
pub(super) fn has_value_and_values(filter: &Filter) -> bool {
    filter
        .value
        .as_deref()
        .is_some_and(|value| !value.is_empty())
        && has_values(filter)
}

/// Whether the filter has what its type compares with.
pub(super) fn has_operand(filter: &Filter) -> bool {
    match FilterType::read(filter.r#type.as_deref().unwrap_or_default()) {
        FilterType::In => filter.values.is_some(),
        FilterType::Between => filter.from_value.is_some() && filter.to_value.is_some(),
        FilterType::Unknown => true,
        _ => filter.value.is_some(),
    }
}

fn has_values(filter: &Filter) -> bool {
    filter
        .values
        .as_ref()
        .is_some_and(|values| !values.is_empty())
}

fn is_blank(text: &Option<String>) -> bool {
    text.as_deref().is_none_or(|text| text.trim().is_empty())
}

/// A sort entry that passed its checks.
pub(super) struct CheckedSort<S: 'static> {
    pub(super) column: &'static Column<S>,
    pub(super) direction: Direction,
}

/// Step C: sort entry by sort entry.
pub(super) fn sorts<S>(
    columns: &'static [Column<S>],
    sorts: &[Sort],
) -> Result<Vec<CheckedSort<S>>, BusinessError> {
    sorts.iter().map(|sort| check_sort(columns, sort)).collect()
}

fn check_sort<S>(
    columns: &'static [Column<S>],
    sort: &Sort,
) -> Result<CheckedSort<S>, BusinessError> {
    let field = sort.sort_field.as_deref().unwrap_or_default();
    let direction = sort.sort_type.as_deref().unwrap_or_default();
    if field.is_empty() || direction.is_empty() {
        return Err(SORT_INCOMPLETE.into());
    }
    let column =
        Column::find_exactly(columns, field).ok_or_else(|| INVALID_SORT_FIELD.with(&[field]))?;
    let direction =
        Direction::read(direction).ok_or_else(|| INVALID_SORT_TYPE.with(&[direction]))?;
    Ok(CheckedSort { column, direction })
}

/// Step D.
pub(super) fn page(page: Pagination) -> Result<(), BusinessError> {
    if page.page_start < 0 || page.page_fetch < 1 {
        let (start, fetch) = (page.page_start.to_string(), page.page_fetch.to_string());
        return Err(INVALID_PAGE.with(&[&start, &fetch]));
    }
    Ok(())
}
