//! The columns of a list: what clients may order by and filter by, each under
//! its wire name.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamp};
use pms_domain::{BusinessError, ErrorDef};

use super::approval;
use super::filter::{FilterValue, Label, ListFilter, nothing};
use crate::search::column::{Condition, Expr, Kind, Order};
use crate::search::contains;
use crate::search::order::{self, Direction};

/// A column of a list over the rows of `S`. Its constructors say how it orders
/// rows, [`ListColumn::contains`] and its like how it filters them.
pub struct ListColumn<S: 'static> {
    /// The wire's name.
    pub(super) name: &'static str,
    key: SortKey<S>,
    filter: Option<ListFilter<S>>,
    sorts: bool,
    inverted: bool,
    /// True for every row.
    pub(super) known: Option<fn() -> Condition<S>>,
}

/// What a list is ordered by.
enum SortKey<S: 'static> {
    Column(Kind<S>),
    Number(fn() -> Expr<S, Nullable<BigInt>>),
    /// The status that is displayed for an approval status and an activity.
    Status(
        fn() -> Expr<S, Nullable<Text>>,
        fn() -> Expr<S, Nullable<Bool>>,
    ),
    Refused(ErrorDef),
}

impl<S> Clone for SortKey<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for SortKey<S> {}

impl<S: 'static> ListColumn<S> {
    const fn of(name: &'static str, key: SortKey<S>) -> Self {
        Self {
            name,
            key,
            filter: None,
            sorts: true,
            inverted: false,
            known: None,
        }
    }

    /// Text.
    pub const fn text(name: &'static str, expr: fn() -> Expr<S, Nullable<Text>>) -> Self {
        Self::of(name, SortKey::Column(Kind::Text(expr)))
    }

    /// A date and time.
    pub const fn time(name: &'static str, expr: fn() -> Expr<S, Nullable<Timestamp>>) -> Self {
        Self::of(name, SortKey::Column(Kind::Local(expr)))
    }

    /// A truth value.
    pub const fn bool(name: &'static str, expr: fn() -> Expr<S, Nullable<Bool>>) -> Self {
        Self::of(name, SortKey::Column(Kind::Bool(expr)))
    }

    /// A number.
    pub const fn number(name: &'static str, expr: fn() -> Expr<S, Nullable<BigInt>>) -> Self {
        Self::of(name, SortKey::Number(expr))
    }

    /// The displayed status of devices, SBIs and FTM chips: ordered by its word,
    /// filtered by exactly that word (contract devices.md §4).
    pub const fn status(
        name: &'static str,
        approval: fn() -> Expr<S, Nullable<Text>>,
        active: fn() -> Expr<S, Nullable<Bool>>,
    ) -> Self {
        let mut column = Self::of(name, SortKey::Status(approval, active));
        column.filter = Some(ListFilter::Status);
        column
    }

    /// A name that is known and refused as an order, after all other checks.
    pub const fn refused(name: &'static str, error: ErrorDef) -> Self {
        Self::of(name, SortKey::Refused(error))
    }

    /// Filters by a part of the text, ignoring case. Rows without text match
    /// no part, not even an empty one.
    #[must_use]
    pub const fn contains(mut self) -> Self {
        assert!(self.is_text(), "only text has parts");
        self.filter = Some(ListFilter::Contains);
        self
    }

    /// Filters by the whole text, in its own case.
    #[must_use]
    pub const fn exact(mut self) -> Self {
        assert!(self.is_text(), "other kinds have filters of their own");
        self.filter = Some(ListFilter::Exact);
        self
    }

    /// Filters by the truth value, in any of its spellings; anything else is a
    /// request that can't be read (contract envelope-and-search.md §10.3).
    #[must_use]
    pub const fn flag(mut self) -> Self {
        assert!(
            matches!(self.key, SortKey::Column(Kind::Bool(_))),
            "only a truth value is a flag"
        );
        self.filter = Some(ListFilter::Flag);
        self
    }

    /// Filters by exactly `expired`, before today, or `valid`; anything else,
    /// and a row without end, is neither.
    #[must_use]
    pub const fn expiry(mut self) -> Self {
        assert!(
            matches!(self.key, SortKey::Column(Kind::Local(_))),
            "only a date and time expires"
        );
        self.filter = Some(ListFilter::Expiry);
        self
    }

    /// Filters by exactly one of these words; any other has no rows.
    #[must_use]
    pub const fn labels(mut self, labels: &'static [Label<S>]) -> Self {
        self.filter = Some(ListFilter::Labels(labels));
        self
    }

    /// This column, for filters alone.
    #[must_use]
    pub const fn filter_only(mut self) -> Self {
        self.sorts = false;
        self
    }

    /// This column, with `asc` and `desc` swapped.
    #[must_use]
    pub const fn inverted(mut self) -> Self {
        self.inverted = true;
        self
    }

    /// With something that is true for every row. That a row which the schema
    /// guarantees is there makes an outer join an inner one, whose rows can be
    /// read in the order of the joined table.
    #[must_use]
    pub const fn knowing(mut self, known: fn() -> Condition<S>) -> Self {
        self.known = Some(known);
        self
    }

    /// The wire's name, for orders and filters.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Whether clients can order by it.
    pub const fn sorts(&self) -> bool {
        self.sorts
    }

    /// How clients filter by it, if they can.
    pub const fn filter(&self) -> Option<&ListFilter<S>> {
        self.filter.as_ref()
    }

    const fn is_text(&self) -> bool {
        matches!(self.key, SortKey::Column(Kind::Text(_)))
    }

    /// Its entry of an order.
    ///
    /// # Errors
    /// A column that is refused.
    pub(super) fn order(&self, direction: Direction) -> Result<Order<S>, BusinessError> {
        let direction = if self.inverted {
            direction.inverted()
        } else {
            direction
        };
        Ok(match self.key {
            SortKey::Column(kind) => order::plain(kind, direction),
            SortKey::Number(expr) => order::numeric(expr(), direction),
            SortKey::Status(approval, active) => {
                order::plain_text(approval::displayed(approval, active), direction)
            }
            SortKey::Refused(error) => return Err(error.with(&[self.name])),
        })
    }

    /// What rows must fulfil for this value of its filter. `today` is the
    /// beginning of the present day.
    pub(super) fn condition(&self, value: &FilterValue, today: NaiveDateTime) -> Condition<S> {
        let Some(filter) = &self.filter else {
            return nothing();
        };
        match (filter, self.key, value) {
            (ListFilter::Contains, SortKey::Column(Kind::Text(expr)), FilterValue::Text(part)) => {
                contains(expr(), part)
            }
            (ListFilter::Exact, SortKey::Column(Kind::Text(expr)), FilterValue::Text(text)) => {
                Box::new(expr().eq(Some(text.clone())))
            }
            (ListFilter::Flag, SortKey::Column(Kind::Bool(expr)), FilterValue::Flag(wanted)) => {
                Box::new(expr().eq(Some(*wanted)))
            }
            (ListFilter::Status, SortKey::Status(approval, active), FilterValue::Text(word)) => {
                approval::has_status(approval(), active(), word)
            }
            (ListFilter::Expiry, SortKey::Column(Kind::Local(expr)), FilterValue::Text(word)) => {
                match word.as_str() {
                    "expired" => Box::new(expr().lt(Some(today))),
                    "valid" => Box::new(expr().ge(Some(today))),
                    _ => nothing(),
                }
            }
            (ListFilter::Labels(labels), _, FilterValue::Text(word)) => {
                let found = labels.iter().find(|(label, _)| label == word);
                found.map_or_else(nothing, |(_, condition)| condition())
            }
            // The constructors leave no other pair of filter and key.
            _ => nothing(),
        }
    }
}
