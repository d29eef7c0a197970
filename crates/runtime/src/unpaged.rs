//! Lists without pages: bounded, so that one request can't take the memory of
//! all.

use pms_web::{ApiError, ApiResult};
use prometheus::IntCounter;

use crate::{Runtime, RuntimeError};

/// The bound of a service's lists without pages; clones share the counter.
#[derive(Debug, Clone)]
pub struct Unpaged {
    most: u64,
    refused: IntCounter,
}

impl Unpaged {
    /// The operator's bound, and a counter of the lists that broke it, whose
    /// name begins with `service`.
    ///
    /// # Errors
    /// When the process has a counter of that name already.
    pub fn new(runtime: &Runtime, service: &str) -> Result<Self, RuntimeError> {
        let refused = IntCounter::new(
            format!("{service}_unpaged_lists_refused_total"),
            "Lists without pages that were refused for having more rows than limits.unpaged_rows",
        )?;
        runtime
            .edge
            .metrics()
            .registry()
            .register(Box::new(refused.clone()))?;
        Ok(Self {
            most: runtime.settings.limits.unpaged_rows,
            refused,
        })
    }

    /// How many rows a list may have.
    pub fn most(&self) -> i64 {
        i64::try_from(self.most).unwrap_or(i64::MAX)
    }

    /// How many rows to ask for: one more than a list may have.
    pub fn rows_to_ask(&self) -> i64 {
        i64::try_from(self.most).map_or(i64::MAX, |most| most.saturating_add(1))
    }

    /// Lets a list of so many rows pass.
    ///
    /// # Errors
    /// The neutral error for too many.
    pub fn check(&self, rows: usize) -> ApiResult<()> {
        self.refuse_if(u64::try_from(rows).is_ok_and(|rows| rows > self.most))
    }

    /// Refuses a list that has too many rows.
    ///
    /// # Errors
    /// The neutral error.
    pub fn refuse_if(&self, too_many: bool) -> ApiResult<()> {
        if !too_many {
            return Ok(());
        }
        self.refused.inc();
        let most = self.most;
        Err(ApiError::Unexpected(format!(
            "a list without pages has more than {most} rows"
        )))
    }
}
