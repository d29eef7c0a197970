//! Lists that are read in runs while they are sent, so that no request holds all
//! of its rows.

use std::sync::Arc;

use futures_util::{Stream, TryStreamExt as _, stream};
use pms_database::{Connection, Db, DbError};
use pms_web::ApiResult;

/// Rows that are read at once: few enough to hold, enough to be worth a trip.
pub const RUN: i64 = 500;

/// Reads at most so many rows after a place, or from the beginning.
pub type Read<P, R> =
    Arc<dyn Fn(&mut Connection, Option<&P>, i64) -> Result<Vec<R>, DbError> + Send + Sync>;

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
    async fn next((list, run): (Self, Vec<R>)) -> ApiResult<Option<(Vec<R>, (Self, Vec<R>))>> {
        let Some(last) = run.last() else {
            return Ok(None);
        };
        let full = i64::try_from(run.len()).is_ok_and(|rows| rows == list.most);
        let next = if full {
            list.run(Some((list.place)(last))).await?
        } else {
            Vec::new()
        };
        Ok(Some((run, (list, next))))
    }

    async fn run(&self, after: Option<P>) -> Result<Vec<R>, DbError> {
        let (read, most) = (Arc::clone(&self.read), self.most);
        self.db
            .read(move |conn| read(conn, after.as_ref(), most))
            .await
    }
}
