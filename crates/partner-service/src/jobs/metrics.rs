//! Numbers about jobs. The gauges show what the table of runs says, so they are
//! the same in every process.

use chrono::{DateTime, Utc};
use pms_database::job_runs::{Run, RunState};
use prometheus::{GaugeVec, IntCounterVec, IntGaugeVec, Opts, Registry};

/// Numbers about jobs.
#[derive(Clone)]
pub(super) struct Metrics {
    runs: IntCounterVec,
    succeeded: GaugeVec,
    next: GaugeVec,
    overdue: GaugeVec,
    duration: GaugeVec,
    attempts: IntGaugeVec,
    rows: IntGaugeVec,
}

/// Where a job stands, for the gauges.
pub(super) struct Standing<'a> {
    pub(super) job: &'a str,
    pub(super) now: DateTime<Utc>,
    pub(super) succeeded_at: Option<DateTime<Utc>>,
    /// The next planned time; nothing when the job is off.
    pub(super) next: Option<DateTime<Utc>>,
    /// The first planned time that was not done.
    pub(super) due_since: Option<DateTime<Utc>>,
    pub(super) newest: Option<&'a Run>,
}

impl Metrics {
    pub(super) fn new(registry: &Registry) -> Result<Self, prometheus::Error> {
        let by_job = |name: &str, help: &str| {
            let gauge = GaugeVec::new(Opts::new(name, help), &["job"])?;
            registry.register(Box::new(gauge.clone()))?;
            Ok::<_, prometheus::Error>(gauge)
        };
        let integers = |name: &str, help: &str, labels: &[&str]| {
            let gauge = IntGaugeVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(gauge.clone()))?;
            Ok::<_, prometheus::Error>(gauge)
        };
        let runs = IntCounterVec::new(
            Opts::new(
                "pms_job_runs_total",
                "Attempts at runs of jobs in this process",
            ),
            &["job", "outcome"],
        )?;
        registry.register(Box::new(runs.clone()))?;
        Ok(Self {
            runs,
            succeeded: by_job(
                "pms_job_last_success_timestamp_seconds",
                "When a run of the job last ended with success",
            )?,
            next: by_job(
                "pms_job_next_run_timestamp_seconds",
                "When the job is planned next; 0 when it is off",
            )?,
            overdue: by_job(
                "pms_job_overdue_seconds",
                "For how long a planned run has not been done; 0 when all are done",
            )?,
            duration: by_job(
                "pms_job_last_duration_seconds",
                "How long the last attempt at the newest ended run took",
            )?,
            attempts: integers(
                "pms_job_failed_attempts",
                "Attempts at the newest run that failed; 0 when it was done",
                &["job"],
            )?,
            rows: integers(
                "pms_job_rows",
                "What the newest run looked at, changed, skipped and could not do",
                &["job", "kind"],
            )?,
        })
    }

    /// An attempt has ended here.
    pub(super) fn ended(&self, job: &str, outcome: &str) {
        self.runs.with_label_values(&[job, outcome]).inc();
    }

    /// Shows where a job stands.
    pub(super) fn show(&self, standing: &Standing<'_>) {
        let job = [standing.job];
        let seconds = |at: Option<DateTime<Utc>>| at.map_or(0.0, seconds_of);
        self.succeeded
            .with_label_values(&job)
            .set(seconds(standing.succeeded_at));
        self.next
            .with_label_values(&job)
            .set(seconds(standing.next));
        let overdue = standing.due_since.map(|since| standing.now - since);
        let overdue = overdue.and_then(|late| late.to_std().ok());
        self.overdue
            .with_label_values(&job)
            .set(overdue.map_or(0.0, |late| late.as_secs_f64()));
        let Some(run) = standing.newest else {
            return;
        };
        if let Some(finished_at) = run.finished_at {
            let took = (finished_at - run.started_at).to_std().unwrap_or_default();
            self.duration
                .with_label_values(&job)
                .set(took.as_secs_f64());
        }
        self.attempts
            .with_label_values(&job)
            .set(failed_attempts(run));
        for (kind, count) in [
            ("examined", run.counts.examined),
            ("changed", run.counts.changed),
            ("skipped", run.counts.skipped),
            ("failed", run.counts.failed),
        ] {
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            self.rows
                .with_label_values(&[standing.job, kind])
                .set(count);
        }
    }
}

fn failed_attempts(run: &Run) -> i64 {
    let attempts = i64::from(run.attempts);
    match run.state {
        RunState::Done if run.error.is_none() => 0,
        RunState::Running => attempts - 1,
        RunState::Done | RunState::Waiting | RunState::Failed => attempts,
    }
}

fn seconds_of(at: DateTime<Utc>) -> f64 {
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
    std::time::Duration::from_millis(millis).as_secs_f64()
}
