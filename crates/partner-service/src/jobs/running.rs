//! One attempt at a run.

use std::sync::Arc;
use std::time::{Duration, Instant};

use pms_database::job_runs::lease::{self, Ended};
use pms_database::job_runs::{Claimed, Counts};
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};

use super::metrics::Metrics;
use super::{Job, JobContext, JobError, Lease, Options, Outcome, RunPlan};

/// Pause before the end of a run is written down again.
const AGAIN: Duration = Duration::from_secs(1);

/// An attempt at a run that this process has.
pub(super) struct Attempt {
    pub(super) job: Arc<dyn Job>,
    pub(super) context: Arc<JobContext>,
    pub(super) run: Claimed,
    pub(super) claimed_at: Instant,
    pub(super) options: Options,
    pub(super) metrics: Metrics,
}

impl Attempt {
    /// Runs the job, and writes down how that ended. Dropped, it breaks off as a
    /// process does that is killed.
    pub(super) async fn make(self, stopped: watch::Receiver<bool>) -> Result<Outcome, JobError> {
        let now = self.context.clock.now();
        let plan = RunPlan {
            planned_at: self.run.planned_at,
            days: self.run.days.clone(),
            now,
            dry_run: false,
        };
        let lease = Lease::new(
            self.context.db.clone(),
            self.run.clone(),
            (self.claimed_at, self.options.lease),
            stopped,
        );
        let (job, name) = (Arc::clone(&self.job), self.job.name());
        let days = plan.days.len();
        let attempt = self.run.attempts;
        tracing::info!(job = name, day = %plan.day(), days, attempt, "a job begins");
        // In a task of its own, which ends with this one: a panic is a failure.
        let mut work = JoinSet::new();
        let (context, of_job) = (Arc::clone(&self.context), lease.clone());
        work.spawn(async move { job.run(&context, &plan, &of_job).await });
        let result = tokio::select! {
            ended = work.join_next() => outcome_of(ended),
            () = lease.keep() => Err(JobError::TakenOver),
        };
        drop(work);
        self.tell(&result);
        if let Some(ended) = self.ended(&result) {
            let counts = result.as_ref().ok().map(Outcome::counts);
            self.write_down(ended, counts).await;
        }
        result
    }

    fn tell(&self, result: &Result<Outcome, JobError>) {
        let job = self.job.name();
        let label = match result {
            Ok(outcome) => {
                tracing::info!(
                    job,
                    examined = outcome.examined,
                    changed = outcome.changed,
                    skipped = outcome.skipped,
                    failed = outcome.failed,
                    seconds = self.claimed_at.elapsed().as_secs(),
                    "a job has ended"
                );
                if outcome.failed == 0 {
                    "done"
                } else {
                    "incomplete"
                }
            }
            Err(JobError::Stopped) => {
                tracing::info!(job, "a job breaks off, since the process stops");
                "stopped"
            }
            Err(JobError::TakenOver) => {
                tracing::warn!(job, "another process has taken a run over");
                "taken_over"
            }
            Err(error) => {
                tracing::error!(job, %error, "a job has failed");
                "failed"
            }
        };
        self.metrics.ended(job, label);
    }

    /// What is written down; nothing when the run is another process's.
    fn ended(&self, result: &Result<Outcome, JobError>) -> Option<Ended> {
        let error = match result {
            Ok(outcome) if outcome.failed == 0 => return Some(Ended::Done { error: None }),
            Ok(outcome) => format!(
                "{} of {} could not be done",
                outcome.failed, outcome.examined
            ),
            Err(JobError::TakenOver) => return None,
            Err(JobError::Stopped) => {
                return Some(Ended::Again {
                    pause: Duration::ZERO,
                    error: None,
                });
            }
            Err(error) => error.to_string(),
        };
        if self.run.attempts < self.options.max_attempts {
            return Some(Ended::Again {
                pause: self.options.pause(self.run.attempts),
                error: Some(error),
            });
        }
        Some(match result {
            Ok(_) => Ended::Done { error: Some(error) },
            Err(_) => Ended::GivenUp { error },
        })
    }

    /// Tries for as long as the hold lasts; then another process begins anew.
    async fn write_down(&self, ended: Ended, counts: Option<Counts>) {
        let started_at = Instant::now();
        let job = self.job.name();
        loop {
            let (run, ended, counts) = (self.run.clone(), ended.clone(), counts.clone());
            let written = self.context.db.read(move |conn| {
                let written = lease::finish(conn, &run, &ended, counts.as_ref())?;
                Ok(written)
            });
            match written.await {
                Ok(true) => return,
                Ok(false) => {
                    tracing::warn!(job, "a run was taken over before its end was written down");
                    return;
                }
                Err(error) if started_at.elapsed() < self.options.lease => {
                    tracing::debug!(job, %error, "the end of a run is written down again");
                    tokio::time::sleep(AGAIN).await;
                }
                Err(error) => {
                    tracing::warn!(job, %error, "the end of a run can't be written down");
                    return;
                }
            }
        }
    }
}

fn outcome_of(
    ended: Option<Result<Result<Outcome, JobError>, JoinError>>,
) -> Result<Outcome, JobError> {
    match ended {
        Some(Ok(result)) => result,
        Some(Err(error)) => Err(JobError::Failed(error.to_string())),
        None => Err(JobError::Failed("the job did not begin".to_owned())),
    }
}
