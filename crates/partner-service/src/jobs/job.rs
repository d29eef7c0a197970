//! A job, its parameters and its outcome.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::future::BoxFuture;
use pms_database::DbError;
use pms_database::job_runs::Counts;
use pms_web::settings::JobSettings;

use super::{JobContext, Lease};

/// Most lines that a dry run prints.
const MOST_LINES: usize = 10_000;

/// Something that runs by the clock.
///
/// A run may break off at any place, and is started again by this process or
/// another one. So a job does its work in steps that are each whole (a
/// transaction per thing, which looks whether it was done already), and asks its
/// [`Lease`] between them.
pub trait Job: Send + Sync {
    /// The name in the table of runs, on the command line and in metrics.
    fn name(&self) -> &'static str;

    /// Its schedule among the settings.
    fn cron<'a>(&self, settings: &'a JobSettings) -> &'a str;

    /// Runs. In a dry run it writes nothing, and lists in lines what it would.
    ///
    /// Things that could not be done are counted as failed, and the run is
    /// repeated for them after a pause; an error is for what stops the whole run.
    ///
    /// # Errors
    /// What stopped it.
    fn run<'a>(
        &'a self,
        context: &'a JobContext,
        plan: &'a RunPlan,
        lease: &'a Lease,
    ) -> BoxFuture<'a, Result<Outcome, JobError>>;
}

/// A job without a state of its own.
pub(super) struct PlainJob {
    pub(super) name: &'static str,
    pub(super) cron: fn(&JobSettings) -> &str,
    pub(super) run: Run,
}

type Run =
    for<'a> fn(&'a JobContext, &'a RunPlan, &'a Lease) -> BoxFuture<'a, Result<Outcome, JobError>>;

/// The [`PlainJob`] of a name, of its schedule among the settings, and of an async
/// function that runs it.
macro_rules! plain_job {
    ($name:expr, $cron:expr, $run:path $(,)?) => {
        $crate::jobs::job::PlainJob {
            name: $name,
            cron: $cron,
            run: |context, plan, lease| Box::pin($run(context, plan, lease)),
        }
    };
}
pub(super) use plain_job;

impl Job for PlainJob {
    fn name(&self) -> &'static str {
        self.name
    }

    fn cron<'a>(&self, settings: &'a JobSettings) -> &'a str {
        (self.cron)(settings)
    }

    fn run<'a>(
        &'a self,
        context: &'a JobContext,
        plan: &'a RunPlan,
        lease: &'a Lease,
    ) -> BoxFuture<'a, Result<Outcome, JobError>> {
        (self.run)(context, plan, lease)
    }
}

/// What a run is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunPlan {
    /// When it was planned.
    pub planned_at: DateTime<Utc>,
    /// Days in `jobs.time_zone` that it looks at, oldest first: one, unless runs
    /// were missed. Never empty.
    pub days: Vec<NaiveDate>,
    /// The present instant at its beginning; in a dry run for a day to come, the
    /// beginning of that day.
    pub now: DateTime<Utc>,
    /// Whether it only lists what it would do.
    pub dry_run: bool,
}

impl RunPlan {
    /// The newest of its days.
    pub fn day(&self) -> NaiveDate {
        let planned = self.planned_at.date_naive();
        self.days.last().copied().unwrap_or(planned)
    }
}

/// What a run has done, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Things that were looked at.
    pub examined: u64,
    /// Things that were changed or written.
    pub changed: u64,
    /// Things that were left as they are, with a reason.
    pub skipped: u64,
    /// Things that could not be done.
    pub failed: u64,
    /// More numbers, by name.
    pub named: BTreeMap<&'static str, u64>,
    /// What a dry run would do, a line each.
    pub lines: Vec<String>,
    /// Lines that were too many.
    pub left_out: u64,
}

impl Outcome {
    /// Adds to a number of its own.
    pub fn count(&mut self, name: &'static str, more: u64) {
        *self.named.entry(name).or_default() += more;
    }

    /// Tells what a dry run would do.
    pub fn line(&mut self, line: impl Into<String>) {
        if self.lines.len() < MOST_LINES {
            self.lines.push(line.into());
        } else {
            self.left_out += 1;
        }
    }

    /// Adds what another part of the run has done.
    pub fn add(&mut self, other: Self) {
        self.examined += other.examined;
        self.changed += other.changed;
        self.skipped += other.skipped;
        self.failed += other.failed;
        self.left_out += other.left_out;
        for (name, more) in other.named {
            self.count(name, more);
        }
        for line in other.lines {
            self.line(line);
        }
    }

    /// The numbers, as they are stored.
    pub(super) fn counts(&self) -> Counts {
        let named = self.named.iter();
        Counts {
            examined: self.examined,
            changed: self.changed,
            skipped: self.skipped,
            failed: self.failed,
            named: named
                .map(|(name, count)| ((*name).to_owned(), *count))
                .collect(),
        }
    }
}

/// What stops a run.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// Another process has the run now.
    #[error("another process has taken the run over")]
    TakenOver,
    /// The process stops; another one goes on.
    #[error("the process stops")]
    Stopped,
    /// The database.
    #[error(transparent)]
    Database(#[from] DbError),
    /// Anything else, without secrets.
    #[error("{0}")]
    Failed(String),
}
