//! Lists without pages: bounded, so that one request can't take the memory of
//! all.

use pms_runtime::{Runtime, RuntimeError};
use pms_web::{ApiError, ApiResult};
use prometheus::IntCounter;

/// The bound of lists without pages.
pub(crate) struct Unpaged {
    most: u64,
    refused: IntCounter,
}

impl Unpaged {
    /// The operator's bound, and a counter of the lists that broke it.
    pub(crate) fn new(runtime: &Runtime) -> Result<Self, RuntimeError> {
        let failed = |error: prometheus::Error| RuntimeError::Other(format!("metrics: {error}"));
        let refused = IntCounter::new(
            "partner_unpaged_lists_refused_total",
            "Lists without pages that were refused for having more rows than limits.unpaged_rows",
        );
        let refused = refused.map_err(failed)?;
        runtime
            .edge
            .metrics()
            .registry()
            .register(Box::new(refused.clone()))
            .map_err(failed)?;
        Ok(Self {
            most: runtime.settings.limits.unpaged_rows,
            refused,
        })
    }

    /// How many rows to ask for: one more than a list may have.
    pub(crate) fn rows_to_ask(&self) -> i64 {
        i64::try_from(self.most).map_or(i64::MAX, |most| most.saturating_add(1))
    }

    /// Lets a list of so many rows pass.
    ///
    /// # Errors
    /// The neutral error for too many.
    pub(crate) fn check(&self, rows: usize) -> ApiResult<()> {
        if u64::try_from(rows).is_ok_and(|rows| rows <= self.most) {
            return Ok(());
        }
        self.refused.inc();
        let most = self.most;
        Err(ApiError::Unexpected(format!(
            "a list without pages has more than {most} rows"
        )))
    }
}
