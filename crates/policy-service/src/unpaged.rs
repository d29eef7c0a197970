//! Lists without pages: bounded, so that a growing installation can't make one
//! request take the memory of all.

use std::sync::Arc;

use futures_util::{Stream, TryStreamExt as _, stream};
use pms_database::{Connection, Db, Failure};
use pms_runtime::{Runtime, RuntimeError};
use pms_web::{ApiError, ApiResult};
use prometheus::IntCounter;

use crate::Context;

/// Counts the lists that had too many rows.
pub(crate) fn counter(runtime: &Runtime) -> Result<IntCounter, RuntimeError> {
    let failed = |error: prometheus::Error| RuntimeError::Other(format!("metrics: {error}"));
    let counter = IntCounter::new(
        "policy_unpaged_lists_refused_total",
        "Lists without pages that were refused for having more rows than limits.unpaged_rows",
    )
    .map_err(failed)?;
    let registry = runtime.edge.metrics().registry();
    registry
        .register(Box::new(counter.clone()))
        .map_err(failed)?;
    Ok(counter)
}

impl Context {
    /// How many rows a list may have.
    pub(crate) fn most_rows(&self) -> i64 {
        i64::try_from(self.limits.unpaged_rows).unwrap_or(i64::MAX)
    }

    /// How many rows to ask for: one more than a list may have.
    pub(crate) fn rows_to_ask(&self) -> i64 {
        self.most_rows().saturating_add(1)
    }

    /// All rows of a list, unless there are too many.
    ///
    /// # Errors
    /// The neutral error for more than `limits.unpaged_rows` rows.
    pub(crate) fn whole<T>(&self, rows: Vec<T>) -> ApiResult<Vec<T>> {
        let most = self.limits.unpaged_rows;
        self.refuse_if(u64::try_from(rows.len()).is_ok_and(|count| count > most))?;
        Ok(rows)
    }

    /// Refuses a list that has too many rows.
    ///
    /// # Errors
    /// The neutral error.
    pub(crate) fn refuse_if(&self, too_many: bool) -> ApiResult<()> {
        if !too_many {
            return Ok(());
        }
        self.refused_lists.inc();
        let most = self.limits.unpaged_rows;
        Err(ApiError::Unexpected(format!(
            "a list without pages has more than {most} rows"
        )))
    }
}

/// Policies that are read at once: few enough to hold, enough to be worth a trip.
pub(crate) const RUN: i64 = 500;

/// Reads at most so many rows after a place, or from the beginning.
pub(crate) type Read<P, R> =
    Arc<dyn Fn(&mut Connection, Option<&P>, i64) -> Result<Vec<R>, Failure> + Send + Sync>;

/// A list that is read in runs, each after the place where the last one ended.
pub(crate) struct Runs<P, R, W> {
    pub(crate) db: Db,
    /// Rows of a run.
    pub(crate) most: i64,
    pub(crate) read: Read<P, R>,
    /// Where a row stands in the order of the list.
    pub(crate) place: fn(&R) -> P,
    /// The wire's form of a row.
    pub(crate) row: fn(R) -> W,
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
    pub(crate) async fn stream(self) -> ApiResult<impl Stream<Item = ApiResult<Vec<W>>>> {
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

    async fn run(&self, after: Option<P>) -> Result<Vec<R>, Failure> {
        let (read, most) = (Arc::clone(&self.read), self.most);
        self.db
            .read(move |conn| read(conn, after.as_ref(), most))
            .await
    }
}
