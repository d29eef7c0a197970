//! The column table of an entity.

use diesel::BoxableExpression;
use diesel::expression::expression_types::NotSelectable;
use diesel::pg::Pg;
use diesel::sql_types::{Bool, Nullable, Text, Timestamp};

use super::request::same;

/// An expression over the rows of `S`.
pub type Expr<S, T> = Box<dyn BoxableExpression<S, Pg, SqlType = T>>;
/// What rows must fulfil; NULL counts as no.
pub type Condition<S> = Expr<S, Nullable<Bool>>;
/// One entry of an order.
pub type Order<S> = Expr<S, NotSelectable>;

/// What a column holds, and how to write it in SQL.
pub enum Kind<S: 'static> {
    /// Text.
    Text(fn() -> Expr<S, Nullable<Text>>),
    /// A date and time that the wire shows without zone ("L").
    Local(fn() -> Expr<S, Nullable<Timestamp>>),
    /// A date and time that the wire shows with an offset ("T").
    Instant(fn() -> Expr<S, Nullable<Timestamp>>),
    /// A truth value.
    Bool(fn() -> Expr<S, Nullable<Bool>>),
}

impl<S> Clone for Kind<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Kind<S> {}

/// A column that clients can name.
pub struct Column<S: 'static> {
    /// The wire's name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind<S>,
    /// Whether response rows have it, under any spelling: only those sort.
    pub in_row: bool,
}

impl<S> Column<S> {
    /// A text column that response rows have.
    pub const fn text(name: &'static str, expr: fn() -> Expr<S, Nullable<Text>>) -> Self {
        Self {
            name,
            kind: Kind::Text(expr),
            in_row: true,
        }
    }

    /// A date and time without zone that response rows have.
    pub const fn local(name: &'static str, expr: fn() -> Expr<S, Nullable<Timestamp>>) -> Self {
        Self {
            name,
            kind: Kind::Local(expr),
            in_row: true,
        }
    }

    /// A date and time with offset that response rows have.
    pub const fn instant(name: &'static str, expr: fn() -> Expr<S, Nullable<Timestamp>>) -> Self {
        Self {
            name,
            kind: Kind::Instant(expr),
            in_row: true,
        }
    }

    /// A truth value that response rows have.
    pub const fn bool(name: &'static str, expr: fn() -> Expr<S, Nullable<Bool>>) -> Self {
        Self {
            name,
            kind: Kind::Bool(expr),
            in_row: true,
        }
    }

    /// This column, for filters alone: response rows lack it.
    pub const fn not_in_row(mut self) -> Self {
        self.in_row = false;
        self
    }

    /// The column of this name, ignoring case.
    pub(super) fn find(columns: &'static [Self], name: &str) -> Option<&'static Self> {
        columns.iter().find(|column| same(column.name, name))
    }

    /// The column of exactly this name.
    pub(super) fn find_exactly(columns: &'static [Self], name: &str) -> Option<&'static Self> {
        columns.iter().find(|column| column.name == name)
    }
}
