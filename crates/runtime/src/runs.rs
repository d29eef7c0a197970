//! Lists that are read in runs while they are sent, so that no request holds all
//! of its rows.

use std::sync::Arc;

use futures_util::{Stream, TryStreamExt as _, stream};
use pms_database::{Connection, Db, DbError};
use pms_web::ApiResult;

/// Rows that are read at once: few enough to hold, enough to be worth a trip.
pub const RUN: i64 = 500;

/// Rows, and whether more may follow them.
pub type Part<R> = (Vec<R>, bool);

/// Reads at most so many rows after a place, or from the beginning; fewer where rows are
/// long.
pub type Read<P, R> =
    Arc<dyn Fn(&mut Connection, Option<&P>, i64) -> Result<Part<R>, DbError> + Send + Sync>;

/// The read of a list whose rows are short: a run has as many as it may.
pub fn of_short_rows<P, R, F>(read: F) -> Read<P, R>
where
    F: Fn(&mut Connection, Option<&P>, i64) -> Result<Vec<R>, DbError> + Send + Sync + 'static,
{
    Arc::new(move |conn, after, most| {
        let rows = read(conn, after, most)?;
        let full = i64::try_from(rows.len()).is_ok_and(|rows| rows == most);
        Ok((rows, full))
    })
}

/// A list that is read in runs, each after the place where the last one ended.
pub struct Runs<P, R, W> {
    /// Where the rows are.
    pub db: Db,
    /// Rows of a run.
    pub most: i64,
    /// How a run is read.
    pub read: Read<P, R>,
    /// Where a row stands in the order of the list.
    pub place: fn(&R) -> P,
    /// The wire's form of a row.
    pub row: fn(R) -> W,
}

impl<P, R, W> Runs<P, R, W>
where
    P: Send + 'static,
    R: Send + 'static,
    W: 'static,
{
    /// All runs; the first one is read already.
    ///
    /// # Errors
    /// When it can't be read.
    pub async fn stream(self) -> ApiResult<impl Stream<Item = ApiResult<Vec<W>>>> {
        let first = self.run(None).await?;
        let (row, runs) = (self.row, stream::try_unfold((self, first), Self::next));
        Ok(runs.map_ok(move |run| run.into_iter().map(row).collect()))
    }

    /// The run at hand, and the next one read for later; none after an empty one.
    async fn next((list, part): (Self, Part<R>)) -> ApiResult<Option<(Vec<R>, (Self, Part<R>))>> {
        let (run, more) = part;
        let Some(last) = run.last() else {
            return Ok(None);
        };
        let next = if more {
            list.run(Some((list.place)(last))).await?
        } else {
            (Vec::new(), false)
        };
        Ok(Some((run, (list, next))))
    }

    async fn run(&self, after: Option<P>) -> Result<Part<R>, DbError> {
        let (read, most) = (Arc::clone(&self.read), self.most);
        self.db
            .read(move |conn| read(conn, after.as_ref(), most))
            .await
    }
}
