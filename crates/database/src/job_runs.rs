//! Runs of jobs: `pms.job_schedule` and `pms.job_run`.
//!
//! A planned run happens once in the deployment: who inserts its row has it, for
//! as long as it shows signs of life ([`lease`]). When those end, another process
//! takes the row over. Leases follow the database's clock, the one that all
//! processes share; planned times follow the clock of the process.

mod claiming;
mod history;
pub mod lease;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use uuid::Uuid;

pub use claiming::{Claim, Claimant, begin_manual, claim, note_schedule};
pub use history::{Overview, Run, RunState, delete_old, newest, overview};

/// A run of the schedule.
pub(crate) const SCHEDULED: &str = "schedule";
/// A run that an operator asked for.
pub(crate) const MANUAL: &str = "manual";
/// Being run, or waiting for its next attempt.
pub(crate) const RUNNING: &str = "running";
/// Ended, and not to be repeated.
pub(crate) const DONE: &str = "done";
/// Given up.
pub(crate) const FAILED: &str = "failed";

/// A run that this process has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// Name of the job.
    pub job: String,
    /// When it was planned; when it was asked for, if an operator did.
    pub planned_at: DateTime<Utc>,
    /// The days that it looks at, oldest first.
    pub days: Vec<NaiveDate>,
    /// How often it was started, this time included.
    pub attempts: u32,
    /// The attempt that holds it; no other may write.
    pub holder: Uuid,
}

/// What a run has done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Things that were looked at.
    pub examined: u64,
    /// Things that were changed or written.
    pub changed: u64,
    /// Things that were left as they are, with a reason.
    pub skipped: u64,
    /// Things that could not be done.
    pub failed: u64,
    /// More numbers, by name.
    pub named: BTreeMap<String, u64>,
}

/// A count as columns hold it.
fn column(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A count as it was.
fn count(column: i64) -> u64 {
    u64::try_from(column).unwrap_or(0)
}

fn utc(column: NaiveDateTime) -> DateTime<Utc> {
    column.and_utc()
}
