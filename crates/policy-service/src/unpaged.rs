//! Lists without pages: bounded, so that a growing installation can't make one
//! request take the memory of all.

pub(crate) use pms_runtime::runs::{RUN, Runs};
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
