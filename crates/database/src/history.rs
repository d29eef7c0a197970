//! History rows: what a row was after each change.
//!
//! A history row is copied in the database, which has the values already. It begins
//! at the time of the change, or one microsecond after the latest row of the same id:
//! changes are stamped before they wait for each other.

use std::marker::PhantomData;

use chrono::NaiveDateTime;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::methods::LoadQuery;
use diesel::sql_types::{BigInt, Text, Timestamp};

use crate::Stamp;

/// A table whose changes are kept.
pub(crate) trait WithHistory: 'static {
    /// The table, as a statement names it.
    const TABLE: &'static str;
    /// Its history table.
    const HISTORY: &'static str;
    /// The columns that a history row has as the row has them.
    const COPIED: &'static str;
    /// The columns of a history row that say who changed the row, and when.
    const STAMPED: &'static [(&'static str, Stamped)];
    /// Whether rows of other ids may be in the way: then nothing is written. Otherwise
    /// a clash is an error.
    const MAY_CLASH: bool = false;
}

/// A value of the change itself.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Stamped {
    By,
    At,
}

/// Inserts a row with its first history row, with one statement: gives the row, and
/// whether the history row was written (see [`WithHistory::MAY_CLASH`]).
///
/// `row` is an insert that returns all columns of the table. Changes of a row that
/// exists can't be kept this way: the statement would not see a history row that was
/// committed while it waited for the row's lock.
///
/// # Errors
/// As for the insert alone.
pub(crate) fn insert<'q, K, Q, R>(
    conn: &mut PgConnection,
    row: Q,
    stamp: &Stamp,
) -> QueryResult<(R, bool)>
where
    K: WithHistory,
    Inserted<K, Q>: LoadQuery<'q, PgConnection, (R, i64)>,
{
    let inserted = Inserted {
        row,
        copy: Copy::<K>::of(stamp),
    };
    let (row, kept) = inserted.get_result(conn)?;
    Ok((row, kept > 0))
}

/// Appends what the row with this id is now, from the time of the change on or from
/// `from` on. Tells whether it did: not when there is no row, or when a row of history
/// is in the way.
///
/// Lock the row before, or change it in a statement before.
pub(crate) fn append<K: WithHistory>(
    conn: &mut PgConnection,
    id: &str,
    stamp: &Stamp,
    from: Option<NaiveDateTime>,
) -> QueryResult<bool> {
    let mut copy = Copy::<K>::of(stamp);
    copy.from = from.unwrap_or(stamp.at);
    let appended = Appended {
        id: id.to_owned(),
        copy,
    };
    Ok(appended.execute(conn)? > 0)
}

/// `INSERT INTO history SELECT … FROM changed`.
struct Copy<K> {
    by: String,
    at: NaiveDateTime,
    from: NaiveDateTime,
    table: PhantomData<K>,
}

impl<K: WithHistory> Copy<K> {
    fn of(stamp: &Stamp) -> Self {
        Self {
            by: stamp.by.clone(),
            at: stamp.at,
            from: stamp.at,
            table: PhantomData,
        }
    }
}

impl<K: WithHistory> QueryFragment<Pg> for Copy<K> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        for part in ["INSERT INTO ", K::HISTORY, " (", K::COPIED] {
            pass.push_sql(part);
        }
        for (column, _) in K::STAMPED {
            pass.push_sql(", ");
            pass.push_sql(column);
        }
        pass.push_sql(", is_deleted, eff_dtimes) SELECT ");
        pass.push_sql(K::COPIED);
        for (_, value) in K::STAMPED {
            pass.push_sql(", ");
            match value {
                Stamped::By => pass.push_bind_param::<Text, _>(&self.by)?,
                Stamped::At => pass.push_bind_param::<Timestamp, _>(&self.at)?,
            }
        }
        pass.push_sql(", coalesce(is_deleted, false), greatest(");
        pass.push_bind_param::<Timestamp, _>(&self.from)?;
        // By primary key alone: the plan doesn't depend on a value, so it is kept.
        pass.push_sql(", (SELECT max(earlier.eff_dtimes) + interval '1 microsecond' FROM ");
        pass.push_sql(K::HISTORY);
        pass.push_sql(" AS earlier WHERE earlier.id = changed.id)) FROM changed");
        if K::MAY_CLASH {
            pass.push_sql(" ON CONFLICT DO NOTHING");
        }
        Ok(())
    }
}

/// An insert into a table, and the copy of its row into the history.
pub(crate) struct Inserted<K, Q> {
    row: Q,
    copy: Copy<K>,
}

impl<K: WithHistory, Q: QueryId> QueryId for Inserted<K, Q> {
    type QueryId = Inserted<K, Q::QueryId>;
    const HAS_STATIC_QUERY_ID: bool = Q::HAS_STATIC_QUERY_ID;
}

impl<K: WithHistory, Q: Query> Query for Inserted<K, Q> {
    type SqlType = (Q::SqlType, BigInt);
}

impl<K, Q> RunQueryDsl<PgConnection> for Inserted<K, Q> {}

impl<K: WithHistory, Q: QueryFragment<Pg>> QueryFragment<Pg> for Inserted<K, Q> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        pass.push_sql("WITH changed AS (");
        self.row.walk_ast(pass.reborrow())?;
        pass.push_sql("), kept AS (");
        self.copy.walk_ast(pass.reborrow())?;
        pass.push_sql(" RETURNING id) SELECT changed.*, (SELECT count(*) FROM kept) FROM changed");
        Ok(())
    }
}

/// The copy of a row that is there into the history.
struct Appended<K> {
    id: String,
    copy: Copy<K>,
}

impl<K: WithHistory> QueryId for Appended<K> {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<K> RunQueryDsl<PgConnection> for Appended<K> {}

impl<K: WithHistory> QueryFragment<Pg> for Appended<K> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        for part in ["WITH changed AS (SELECT * FROM ", K::TABLE, " WHERE id = "] {
            pass.push_sql(part);
        }
        pass.push_bind_param::<Text, _>(&self.id)?;
        pass.push_sql(") ");
        self.copy.walk_ast(pass)
    }
}
