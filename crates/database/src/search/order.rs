//! How rows are put in order.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::column::{Expr, Kind, Order};

diesel::postfix_operator!(ByCodeUnit, " COLLATE \"C\"", Nullable<Text>, backend: diesel::pg::Pg);

/// Ascending or descending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Ascending,
    Descending,
}

impl Direction {
    /// `asc` or `desc`, in any case.
    pub(super) fn read(text: &str) -> Option<Self> {
        if text.eq_ignore_ascii_case("asc") {
            Some(Self::Ascending)
        } else if text.eq_ignore_ascii_case("desc") {
            Some(Self::Descending)
        } else {
            None
        }
    }

    pub(super) const fn inverted(self) -> Self {
        match self {
            Self::Ascending => Self::Descending,
            Self::Descending => Self::Ascending,
        }
    }
}

/// Text by its code units, whatever the database's language; NULL first when
/// ascending and last when descending (contract envelope-and-search.md §8.6).
pub(super) fn legacy<S>(kind: Kind<S>, direction: Direction) -> Order<S>
where
    S: 'static,
{
    match kind {
        Kind::Text(expr) => by_code_unit(expr(), direction),
        Kind::Local(expr) | Kind::Instant(expr) => nulls_low(expr(), direction),
        Kind::Bool(expr) => nulls_low(expr(), direction),
    }
}

fn by_code_unit<S: 'static>(expr: Expr<S, Nullable<Text>>, direction: Direction) -> Order<S> {
    let expr = ByCodeUnit::new(expr);
    match direction {
        Direction::Ascending => Box::new(expr.asc().nulls_first()),
        Direction::Descending => Box::new(expr.desc().nulls_last()),
    }
}

fn nulls_low<S, T>(expr: Expr<S, T>, direction: Direction) -> Order<S>
where
    S: 'static,
    T: diesel::sql_types::SqlType + diesel::sql_types::SingleValue + 'static,
{
    match direction {
        Direction::Ascending => Box::new(expr.asc().nulls_first()),
        Direction::Descending => Box::new(expr.desc().nulls_last()),
    }
}

/// As PostgreSQL does it: in the database's language, NULL last when ascending
/// and first when descending (contract envelope-and-search.md §10.4).
pub(super) fn plain<S>(kind: Kind<S>, direction: Direction) -> Order<S>
where
    S: 'static,
{
    match (kind, direction) {
        (Kind::Text(expr), Direction::Ascending) => Box::new(expr().asc()),
        (Kind::Text(expr), Direction::Descending) => Box::new(expr().desc()),
        (Kind::Local(expr) | Kind::Instant(expr), Direction::Ascending) => Box::new(expr().asc()),
        (Kind::Local(expr) | Kind::Instant(expr), Direction::Descending) => Box::new(expr().desc()),
        (Kind::Bool(expr), Direction::Ascending) => Box::new(expr().asc()),
        (Kind::Bool(expr), Direction::Descending) => Box::new(expr().desc()),
    }
}

/// [`plain`] for a text that is no column.
pub(super) fn plain_text<S: 'static>(
    expr: Expr<S, Nullable<Text>>,
    direction: Direction,
) -> Order<S> {
    match direction {
        Direction::Ascending => Box::new(expr.asc()),
        Direction::Descending => Box::new(expr.desc()),
    }
}

/// By a number, which is never NULL.
pub(super) fn numeric<S: 'static>(
    expr: Expr<S, Nullable<BigInt>>,
    direction: Direction,
) -> Order<S> {
    match direction {
        Direction::Ascending => Box::new(expr.asc()),
        Direction::Descending => Box::new(expr.desc()),
    }
}
