//! A legacy search, from its request to its page.

use std::any::TypeId;

use diesel::prelude::*;
use pms_domain::BusinessError;
use serde::Serialize;

use super::column::{Column, Condition};
use super::entity::{ConditionFn, Entity, Rules, TakenOut};
use super::errors::{INVALID_SORT_FIELD, QUERY_FAILED};
use super::query_spec::QuerySpec;
use super::request::{Filter, SearchRequest};
use super::totals::{self, Due};
use super::validate::{self, CheckedSort};
use super::{condition, order};
use crate::{Db, DbError};

/// Rows of one page, and how many there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<R> {
    /// The page's rows; none also for a page beyond the end.
    pub rows: Vec<R>,
    /// How many rows stand before the page.
    pub before: i64,
    /// Rows of all pages.
    pub total: i64,
}

/// `response` of a legacy search (contract envelope-and-search.md §8.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SearchPage<R> {
    from_record: i64,
    to_record: i64,
    total_record: i64,
    /// Null, not `[]`, when there is nothing.
    data: Option<Vec<R>>,
}

impl<R> Found<R> {
    /// Nothing, of nothing.
    pub const fn nothing() -> Self {
        Self {
            rows: Vec::new(),
            before: 0,
            total: 0,
        }
    }

    /// The wire's form of a search without pages, with each row in its wire form.
    pub fn into_whole<W>(self, row: impl FnMut(R) -> W) -> SearchPage<W> {
        SearchPage {
            from_record: 0,
            to_record: self.total,
            total_record: self.total,
            data: Some(self.rows.into_iter().map(row).collect()),
        }
    }

    /// The wire's form, with each row in its wire form.
    pub fn into_page<W>(self, row: impl FnMut(R) -> W) -> SearchPage<W> {
        let rows = i64::try_from(self.rows.len()).unwrap_or(i64::MAX);
        if rows == 0 {
            return SearchPage {
                from_record: 0,
                to_record: 0,
                total_record: 0,
                data: None,
            };
        }
        SearchPage {
            from_record: self.before + 1,
            to_record: self.before + rows,
            total_record: self.total,
            data: Some(self.rows.into_iter().map(row).collect()),
        }
    }
}

/// Searches the rows of `E` that fulfil `scope`, which says what the caller may
/// see (nothing for everything).
///
/// # Errors
/// [`DbError::Rejected`] with the contract's codes.
pub fn search<E: Entity>(
    conn: &mut PgConnection,
    mut request: SearchRequest,
    scope: Vec<ConditionFn<E::Source>>,
    rules: &Rules,
) -> Result<Found<E::Row>, DbError> {
    let mut taken = TakenOut::new(scope);
    let of_text = request.filters.iter().flatten().all(Filter::is_of_text);
    E::prepare(&mut request, &mut taken, rules)?;
    let filters = request.filters.ok_or(rules.neutral)?;
    let sorts = request.sort.unwrap_or_default();
    validate::amount(&filters, rules.neutral)?;
    validate::amount(&sorts, rules.neutral)?;
    let columns = validate::filters(E::columns(), &filters)?;
    let sorts = validate::sorts(E::columns(), &sorts)?;
    let page = request.pagination.unwrap_or_default();
    validate::page(page)?;
    refuse_sorts_outside_of_rows(&sorts)?;
    if !of_text {
        return Err(QUERY_FAILED.into());
    }
    if let Some(refusal) = taken.late_refusal {
        return Err(refusal.into());
    }

    let command = SearchCommand {
        columns,
        filters,
        extra: taken.conditions,
        sorts,
        start: page.page_start,
        size: page.page_fetch.min(rules.largest_page),
    };
    if E::IN_PAGES {
        command.find::<E>(conn)
    } else {
        command.find_all::<E>(conn, rules.largest_page)
    }
}

/// Counts the rows of `E` before [`search`] asks for their number, if it will:
/// without filters and scope. Call it outside of [`Db::read`].
pub async fn prepare_search<E: Entity>(db: &Db) {
    let due = Due::new(TypeId::of::<E>(), count_all::<E>);
    db.count_ahead(due).await;
}

/// A search after all checks.
struct SearchCommand<S: 'static> {
    columns: Vec<&'static Column<S>>,
    filters: Vec<Filter>,
    extra: Vec<ConditionFn<S>>,
    sorts: Vec<CheckedSort<S>>,
    /// Index of the page, and its rows at most.
    start: i64,
    size: i64,
}

impl<S: 'static> SearchCommand<S> {
    /// Whether there are few orders of this kind: clients may name any sequence of columns.
    fn has_usual_order(&self) -> bool {
        self.sorts.len() <= 1
    }

    fn conditions<E: Entity<Source = S>>(&self) -> Result<Vec<Condition<S>>, BusinessError> {
        conditions::<E>(&self.columns, &self.filters, &self.extra)
    }

    /// All rows, if they are not more than `most`: a fault, as for lists without
    /// pages.
    fn find_all<E: Entity<Source = S>>(
        &self,
        conn: &mut PgConnection,
        most: i64,
    ) -> Result<Found<E::Row>, DbError> {
        let spec = QuerySpec {
            order: ordered::<E>(&self.sorts),
            limit: Some(most.saturating_add(1)),
            ..QuerySpec::by(self.conditions::<E>()?)
        };
        let rows = as_query_failure(E::load(conn, spec))?;
        let total = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        if total > most {
            return Err(DbError::Internal(format!(
                "a search without pages finds more than {most} rows"
            )));
        }
        Ok(Found {
            rows,
            before: 0,
            total,
        })
    }

    fn find<E: Entity<Source = S>>(
        &self,
        conn: &mut PgConnection,
    ) -> Result<Found<E::Row>, DbError> {
        let filtered = self.conditions::<E>()?;
        let unfiltered = filtered.is_empty();
        let found = match E::key_lookup().filter(|_| !unfiltered) {
            Some(lookup) => {
                let first =
                    as_query_failure(lookup.first(conn, filtered, ordered::<E>(&self.sorts)))?;
                Some((lookup, first))
            }
            None => None,
        };
        let total = if unfiltered {
            as_query_failure(totals::of_all::<E>(conn, count_all::<E>))?
        } else if let Some(total) = found.as_ref().and_then(|(_, first)| first.total()) {
            total
        } else {
            as_query_failure(E::count(conn, QuerySpec::by(self.conditions::<E>()?)))?
        };
        let before = self.start.checked_mul(self.size);
        let Some(before) = before.filter(|before| *before < total) else {
            return Ok(Found {
                total,
                ..Found::nothing()
            });
        };

        let order = ordered::<E>(&self.sorts);
        let by_key = found
            .as_ref()
            .and_then(|(lookup, first)| Some((lookup, first.page(before, self.size)?)));
        let spec = match by_key {
            Some((lookup, keys)) => lookup.rows(keys, order, self.has_usual_order()),
            None => {
                let rows = QuerySpec::by(self.conditions::<E>()?);
                QuerySpec {
                    order,
                    limit: Some(self.size),
                    offset: before,
                    kept: rows.kept && self.has_usual_order(),
                    ..rows
                }
            }
        };
        Ok(Found {
            rows: as_query_failure(E::load(conn, spec))?,
            before,
            total,
        })
    }
}

fn count_all<E: Entity>(conn: &mut PgConnection) -> QueryResult<i64> {
    E::count(conn, QuerySpec::by(Vec::new()))
}

fn conditions<E: Entity>(
    columns: &[&'static Column<E::Source>],
    filters: &[Filter],
    extra: &[ConditionFn<E::Source>],
) -> Result<Vec<Condition<E::Source>>, BusinessError> {
    let mut conditions: Vec<_> = extra.iter().map(|make| make()).collect();
    if !filters.is_empty() {
        conditions.push(E::alive());
    }
    for (column, filter) in columns.iter().zip(filters) {
        conditions.extend(condition::of_filter(column, filter)?);
    }
    Ok(conditions)
}

fn ordered<E: Entity>(sorts: &[CheckedSort<E::Source>]) -> Vec<super::Order<E::Source>> {
    if sorts.is_empty() {
        return E::age();
    }
    let mut wanted: Vec<_> = sorts
        .iter()
        .map(|sort| order::legacy(sort.column.kind, sort.direction))
        .collect();
    wanted.extend(E::tie_breaker());
    wanted
}

/// Only response rows are sorted, so a column that they lack is no sort field:
/// answered without a query, whether or not any row would be found.
fn refuse_sorts_outside_of_rows<S>(sorts: &[CheckedSort<S>]) -> Result<(), BusinessError> {
    match sorts.iter().find(|sort| !sort.column.in_row) {
        Some(sort) => Err(INVALID_SORT_FIELD.with(&[sort.column.name])),
        None => Ok(()),
    }
}

/// A failed statement is the contract's step E; its cause stays here.
fn as_query_failure<T>(outcome: QueryResult<T>) -> Result<T, DbError> {
    match outcome.map_err(DbError::from) {
        Err(failure) if failure.is_about_nul() => Err(QUERY_FAILED.into()),
        Err(DbError::Query(error)) => {
            pms_log::error("a search failed", &error.to_string(), |line| {
                tracing::error!(%error, "{line}");
            });
            Err(QUERY_FAILED.into())
        }
        other => other,
    }
}
