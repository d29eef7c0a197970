//! Jobs when an operator asks: what is known of them, and a run now.

use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, NaiveDate, Utc};
use pms_database::job_runs::{self, Claim, Run};
use pms_database::{Db, DbError};
use pms_domain::schedule::{self, Schedule, Tz};
use pms_runtime::{Runtime, RuntimeError};
use pms_web::settings::JobSettings;
use prometheus::Registry;
use tokio::sync::watch;

use super::metrics::Metrics;
use super::running::Attempt;
use super::{Job, JobContext, JobError, Lease, Options, Outcome, RunPlan, all};

/// The jobs, without a clock that starts them.
pub struct Jobs {
    context: Arc<JobContext>,
    jobs: Vec<Arc<dyn Job>>,
    options: Options,
}

/// A job, and its runs.
#[derive(Debug, Clone)]
pub struct JobState {
    /// Its name.
    pub name: &'static str,
    /// Its schedule; `-` is off.
    pub expression: String,
    /// The next planned time.
    pub next: Option<DateTime<Utc>>,
    /// The newest run.
    pub last: Option<Run>,
}

impl Jobs {
    /// All jobs.
    ///
    /// # Errors
    /// When the settings are impossible.
    pub fn new(runtime: &Runtime) -> Result<Self, RuntimeError> {
        Ok(Self::of(Arc::new(JobContext::alone(runtime)?), all()))
    }

    /// These jobs.
    pub fn of(context: Arc<JobContext>, jobs: Vec<Arc<dyn Job>>) -> Self {
        let options = Options::of(context.job_settings());
        Self {
            context,
            jobs,
            options,
        }
    }

    /// The names of all.
    pub fn names(&self) -> Vec<&'static str> {
        self.jobs.iter().map(|job| job.name()).collect()
    }

    /// Runs a job now, as of a day if one is given. A dry run writes nothing, and
    /// lists in lines what would be done.
    ///
    /// # Errors
    /// When there is no such job, another process runs it now, the day is still
    /// to come and this is no dry run, or the job fails.
    pub async fn run(
        &self,
        name: &str,
        day: Option<NaiveDate>,
        dry_run: bool,
        stopped: watch::Receiver<bool>,
    ) -> Result<Outcome, JobError> {
        let job = self.jobs.iter().find(|job| job.name() == name);
        let job = job.ok_or_else(|| {
            let names = self.names().join(", ");
            JobError::Failed(format!("there is no job {name:?}; the jobs are {names}"))
        })?;
        let now = self.context.clock.now();
        let today = now.with_timezone(&self.context.zone).date_naive();
        let day = day.unwrap_or(today);
        if dry_run {
            return self.try_out(job.as_ref(), day, now, stopped).await;
        }
        if day > today {
            return Err(JobError::Failed(format!(
                "{day} is still to come: only a dry run can be made for it"
            )));
        }
        let metrics = Metrics::new(&Registry::new());
        let metrics = metrics.map_err(|error| JobError::Failed(error.to_string()))?;
        let claimed_at = Instant::now();
        let options = Options {
            // An operator sees what fails, and decides.
            max_attempts: 1,
            ..self.options
        };
        let of_job = job.name();
        let claim = self.context.db.transaction(move |conn| {
            let who = options.claimant(of_job, now);
            Ok(job_runs::begin_manual(conn, who, now, day)?)
        });
        let Claim::Run(run) = claim.await? else {
            return Err(JobError::Failed("another process runs it now".to_owned()));
        };
        let attempt = Attempt {
            job: Arc::clone(job),
            context: Arc::clone(&self.context),
            run,
            claimed_at,
            options,
            metrics,
        };
        attempt.make(stopped).await
    }

    /// Runs a job by a plan of the caller's, which keeps other runs away itself: a
    /// demonstration, or a simulation. Nothing is written into the table of runs.
    ///
    /// # Errors
    /// When there is no such job, or it fails.
    pub async fn run_plan(
        &self,
        name: &str,
        plan: &RunPlan,
        stopped: watch::Receiver<bool>,
    ) -> Result<Outcome, JobError> {
        let job = self.jobs.iter().find(|job| job.name() == name);
        let job = job.ok_or_else(|| JobError::Failed(format!("there is no job {name:?}")))?;
        job.run(&self.context, plan, &Lease::dry(stopped)).await
    }

    async fn try_out(
        &self,
        job: &dyn Job,
        day: NaiveDate,
        now: DateTime<Utc>,
        stopped: watch::Receiver<bool>,
    ) -> Result<Outcome, JobError> {
        let begin = schedule::begin_of(day, self.context.zone).unwrap_or(now);
        let plan = RunPlan {
            planned_at: begin,
            days: vec![day],
            now: now.max(begin),
            dry_run: true,
        };
        job.run(&self.context, &plan, &Lease::dry(stopped)).await
    }
}

/// Where all jobs stand, as these settings plan them.
///
/// # Errors
/// When the database can't be read.
pub async fn list(
    db: &Db,
    settings: &JobSettings,
    now: DateTime<Utc>,
) -> Result<Vec<JobState>, DbError> {
    let read = db.read(|conn| Ok(job_runs::newest(conn, true)?));
    let newest = read.await?;
    // A wrong zone or expression has stopped the start.
    let zone = settings.zone().unwrap_or(Tz::UTC);
    let state = |job: Arc<dyn Job>| {
        let expression = job.cron(settings);
        let schedule = Schedule::parse(expression, zone).ok().flatten();
        JobState {
            name: job.name(),
            expression: expression.to_owned(),
            next: schedule.and_then(|schedule| schedule.next_after(now)),
            last: newest.iter().find(|run| run.job == job.name()).cloned(),
        }
    };
    Ok(all().into_iter().map(state).collect())
}
