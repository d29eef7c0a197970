//! Filtered pages by the keys of their rows.
//!
//! A filter costs most where an index must be asked for parts of texts, and a
//! page with its total would ask twice. Where few rows match, the keys of all of
//! them are read at once, in order: their number is the total, and the page's
//! rows are then read by their keys.

use diesel::prelude::*;

use super::column::{Condition, Order};
use super::query_spec::QuerySpec;

/// Most matching rows whose keys are all read.
const FEW: i64 = 10_000;

/// Longest array of a statement that is kept prepared.
const MOST_KEPT: usize = 200;

/// The primary key of a row.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct RowKey {
    /// The key of the table.
    pub id: String,
    /// The key of what is joined, where that can make several rows of one.
    pub joined: Option<String>,
}

impl From<String> for RowKey {
    fn from(id: String) -> Self {
        Self { id, joined: None }
    }
}

/// How rows are found by their primary key.
pub struct KeyLookup<S: 'static> {
    /// The rows with these keys.
    pub with: fn(&[RowKey]) -> Condition<S>,
    /// The primary keys of rows.
    pub keys: fn(&mut PgConnection, QuerySpec<S>) -> QueryResult<Vec<RowKey>>,
}

impl<S: 'static> KeyLookup<S> {
    /// The keys of the rows that fulfil the conditions, in order.
    pub(super) fn first(
        &self,
        conn: &mut PgConnection,
        conditions: Vec<Condition<S>>,
        order: Vec<Order<S>>,
    ) -> QueryResult<First> {
        let spec = QuerySpec {
            order,
            limit: Some(FEW + 1),
            ..QuerySpec::by(conditions)
        };
        Ok(First((self.keys)(conn, spec)?))
    }

    /// The rows with these keys, in order. The statement is kept prepared for orders that
    /// are few, and not for long arrays: PostgreSQL compares with each element of an array
    /// that it didn't know when it planned.
    pub(super) fn rows(
        &self,
        keys: &[RowKey],
        order: Vec<Order<S>>,
        is_usual_order: bool,
    ) -> QuerySpec<S> {
        QuerySpec {
            order,
            kept: is_usual_order && keys.len() <= MOST_KEPT,
            ..QuerySpec::by(vec![(self.with)(keys)])
        }
    }
}

/// Keys of matching rows from the first one on: of all, where they are few.
pub(super) struct First(Vec<RowKey>);

impl First {
    /// How many rows match, if these are all.
    pub(super) fn total(&self) -> Option<i64> {
        let known = self.known();
        (known <= FEW).then_some(known)
    }

    /// The keys of a page of `size` after the first `before`, if it is among
    /// these.
    pub(super) fn page(&self, before: i64, size: i64) -> Option<&[RowKey]> {
        let end = before.saturating_add(size);
        if self.total().is_none() && end > self.known() {
            return None;
        }
        let index = |number: i64| {
            let number = usize::try_from(number).unwrap_or(0);
            number.min(self.0.len())
        };
        self.0.get(index(before)..index(end))
    }

    fn known(&self) -> i64 {
        i64::try_from(self.0.len()).unwrap_or(i64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::{FEW, First, RowKey};

    fn first(amount: i64) -> First {
        First(
            (0..amount)
                .map(|number| number.to_string().into())
                .collect(),
        )
    }

    fn ids(page: Option<&[RowKey]>) -> Option<String> {
        let ids: Vec<_> = page?.iter().map(|key| key.id.as_str()).collect();
        Some(ids.join(" "))
    }

    #[test]
    fn a_page_is_cut_out_of_what_there_is() {
        let all = first(3);
        let page = |before, size| ids(all.page(before, size)).unwrap();

        assert_eq!(all.total(), Some(3));
        assert_eq!(page(0, 2), "0 1");
        assert_eq!(page(2, 2), "2");
        assert_eq!(page(4, 2), "");
        assert_eq!(page(1, i64::MAX), "1 2");
    }

    #[test]
    fn of_many_rows_only_the_first_pages_are_known() {
        let some = first(FEW + 1);

        assert_eq!(some.total(), None);
        assert_eq!(ids(some.page(FEW - 1, 2)).unwrap(), "9999 10000");
        assert_eq!(some.page(FEW, 2), None);
    }
}
