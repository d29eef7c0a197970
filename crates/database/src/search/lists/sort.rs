//! Columns that lists can be ordered by.

use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamp};
use pms_domain::{BusinessError, ErrorDef};

use crate::search::column::{Condition, Expr, Kind, Order};
use crate::search::order::{self, Direction};

/// A column that a list can be ordered by.
pub struct SortColumn<S: 'static> {
    /// The wire's name.
    pub(super) name: &'static str,
    by: Result<SortKey<S>, ErrorDef>,
    inverted: bool,
    /// True for every row.
    pub(super) known: Option<fn() -> Condition<S>>,
}

/// What a list is ordered by.
enum SortKey<S: 'static> {
    Column(Kind<S>),
    Number(fn() -> Expr<S, Nullable<BigInt>>),
}

impl<S> Clone for SortKey<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for SortKey<S> {}

impl<S> SortColumn<S> {
    /// Text.
    pub const fn text(name: &'static str, expr: fn() -> Expr<S, Nullable<Text>>) -> Self {
        Self {
            name,
            by: Ok(SortKey::Column(Kind::Text(expr))),
            inverted: false,
            known: None,
        }
    }

    /// A date and time.
    pub const fn time(name: &'static str, expr: fn() -> Expr<S, Nullable<Timestamp>>) -> Self {
        Self {
            name,
            by: Ok(SortKey::Column(Kind::Local(expr))),
            inverted: false,
            known: None,
        }
    }

    /// A truth value.
    pub const fn bool(name: &'static str, expr: fn() -> Expr<S, Nullable<Bool>>) -> Self {
        Self {
            name,
            by: Ok(SortKey::Column(Kind::Bool(expr))),
            inverted: false,
            known: None,
        }
    }

    /// A number.
    pub const fn number(name: &'static str, expr: fn() -> Expr<S, Nullable<BigInt>>) -> Self {
        Self {
            name,
            by: Ok(SortKey::Number(expr)),
            inverted: false,
            known: None,
        }
    }

    /// A name that is known and refused, after all other checks.
    pub const fn refused(name: &'static str, error: ErrorDef) -> Self {
        Self {
            name,
            by: Err(error),
            inverted: false,
            known: None,
        }
    }

    /// This column, with `asc` and `desc` swapped.
    pub const fn inverted(mut self) -> Self {
        self.inverted = true;
        self
    }

    /// With something that is true for every row. That a row which the schema
    /// guarantees is there makes an outer join an inner one, whose rows can be
    /// read in the order of the joined table.
    pub const fn knowing(mut self, known: fn() -> Condition<S>) -> Self {
        self.known = Some(known);
        self
    }

    /// Its entry of an order.
    ///
    /// # Errors
    /// A column that is refused.
    pub(super) fn order(&self, direction: Direction) -> Result<Order<S>, BusinessError>
    where
        S: 'static,
    {
        let key = self.by.map_err(|error| error.with(&[self.name]))?;
        let direction = if self.inverted {
            direction.inverted()
        } else {
            direction
        };
        Ok(match key {
            SortKey::Column(kind) => order::plain(kind, direction),
            SortKey::Number(expr) => order::numeric(expr(), direction),
        })
    }
}
