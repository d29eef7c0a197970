//! Author and time of a change.

use chrono::{NaiveDateTime, TimeDelta};

/// The author and time of a change, for the `cr_*` and `upd_*` columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// User id of the caller, exactly as in the token: clean-up scripts of
    /// other tools select by it (contract schema.md §1.2).
    pub by: String,
    /// UTC, microseconds.
    pub at: NaiveDateTime,
}

impl Stamp {
    /// A stamp of `by` at `at`.
    pub fn new(by: impl Into<String>, at: NaiveDateTime) -> Self {
        Self { by: by.into(), at }
    }

    /// When a history row of this change begins: at its time, or one microsecond
    /// after `latest`, the last row that would clash with it.
    pub fn after(&self, latest: Option<NaiveDateTime>) -> NaiveDateTime {
        latest.map_or(self.at, |latest| latest + TimeDelta::microseconds(1))
    }
}
