//! The version of a row.

use diesel::expression::is_aggregate;
use std::marker::PhantomData;

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Nullable, Oid};

/// `table.xmin`: the number of the transaction that wrote the row, by any program,
/// a person with psql included. NULL where a join found no row.
///
/// PostgreSQL has this column in every table, and diesel knows it in none. A literal
/// of SQL would do, but statements with one are never kept prepared.
#[derive(Debug, Clone, Copy, QueryId)]
pub(crate) struct Xmin<T>(PhantomData<T>);

/// A table whose rows have versions here.
pub(crate) trait Versioned: QueryId + Copy {
    /// As statements name it.
    const NAME: &'static str;
}

impl<T> Xmin<T> {
    pub(crate) fn of(_: T) -> Self {
        Self(PhantomData)
    }
}

impl<T> Expression for Xmin<T> {
    type SqlType = Nullable<Oid>;
}

impl<T: Versioned> QueryFragment<Pg> for Xmin<T> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        pass.push_identifier(T::NAME)?;
        pass.push_sql(".xmin");
        Ok(())
    }
}

impl<T> ValidGrouping<()> for Xmin<T> {
    type IsAggregate = is_aggregate::No;
}

impl<T, From> AppearsOnTable<From> for Xmin<T> {}
impl<T, From> SelectableExpression<From> for Xmin<T> {}
