//! Filtered pages by the keys of their rows.
//!
//! A filter costs most where an index must be asked for parts of texts, and a
//! page with its total would ask twice. Where few rows match, the keys of all of
//! them are read at once, in order: their number is the total, and the page's
//! rows are then read by their keys.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use super::column::{Condition, Expr, Order};
use super::narrow::Narrow;

/// Most matching rows whose keys are all read.
const FEW: i64 = 10_000;

/// Reads one text of each row.
pub type Texts<S> = fn(&mut PgConnection, Narrow<S>) -> QueryResult<Vec<String>>;

/// How rows are found by their primary key.
pub struct Keyed<S: 'static> {
    /// The primary key.
    pub column: fn() -> Expr<S, Nullable<Text>>,
    /// The primary keys of rows.
    pub keys: Texts<S>,
}

impl<S: 'static> Keyed<S> {
    /// The keys of all rows that fulfil the conditions, in order; `None` when
    /// they are many.
    pub(super) fn few(
        &self,
        conn: &mut PgConnection,
        conditions: Vec<Condition<S>>,
        order: Vec<Order<S>>,
    ) -> QueryResult<Option<Vec<String>>> {
        let narrow = Narrow {
            conditions,
            order,
            limit: Some(FEW + 1),
            offset: 0,
        };
        let keys = (self.keys)(conn, narrow)?;
        Ok((amount(&keys) <= FEW).then_some(keys))
    }

    /// The rows with these keys, in order.
    pub(super) fn rows(&self, keys: &[String], order: Vec<Order<S>>) -> Narrow<S> {
        let keys: Vec<_> = keys.iter().cloned().map(Some).collect();
        let with_key: Condition<S> = Box::new((self.column)().eq_any(keys));
        Narrow {
            order,
            ..Narrow::by(vec![with_key])
        }
    }
}

/// How many there are.
pub(super) fn amount(keys: &[String]) -> i64 {
    i64::try_from(keys.len()).unwrap_or(i64::MAX)
}

/// The keys of a page of `size` after the first `before`.
pub(super) fn page(keys: &[String], before: i64, size: i64) -> &[String] {
    let index = |number: i64| {
        let number = usize::try_from(number).unwrap_or(0);
        number.min(keys.len())
    };
    let (from, to) = (index(before), index(before.saturating_add(size)));
    keys.get(from..to).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn a_page_is_cut_out_of_what_there_is() {
        let keys = ["a", "b", "c"].map(str::to_owned);

        assert_eq!(page(&keys, 0, 2), ["a", "b"]);
        assert_eq!(page(&keys, 2, 2), ["c"]);
        assert!(page(&keys, 4, 2).is_empty());
        assert_eq!(page(&keys, 1, i64::MAX), ["b", "c"]);
    }
}
