//! Author and time of a change.

use chrono::NaiveDateTime;

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
}
