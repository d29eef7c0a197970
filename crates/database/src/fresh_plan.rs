//! Statements that PostgreSQL plans for their values.
//!
//! For a statement that is kept prepared PostgreSQL may plan once for all values, and then
//! expects a third of the rows before any date. A page of them in the order of their ids
//! seems cheapest by reading the ids from the first on, so a job that looks for what ended
//! today reads the whole table. With the date at hand the statistics say how few they are.

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::Bool;

/// A condition that holds always. Its statement is not kept prepared, so each time it is
/// planned for the values that it has: for statements of jobs whose best plan depends on
/// a date.
#[derive(Debug, Clone, Copy, ValidGrouping)]
pub(crate) struct PlannedForItsValues;

impl Expression for PlannedForItsValues {
    type SqlType = Bool;
}

impl<S> AppearsOnTable<S> for PlannedForItsValues {}

impl<S> SelectableExpression<S> for PlannedForItsValues {}

impl QueryId for PlannedForItsValues {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Pg> for PlannedForItsValues {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.unsafe_to_cache_prepared();
        out.push_sql("TRUE");
        Ok(())
    }
}
