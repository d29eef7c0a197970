//! Looks at the clock, and at the table of runs.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use pms_database::DbError;
use pms_database::job_runs::{self, Claim, Claimant, Overview, Run};
use pms_domain::schedule::Schedule;
use pms_runtime::RuntimeError;
use pms_web::settings::JobSettings;
use prometheus::Registry;
use tokio::sync::watch;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::metrics::{Metrics, Standing};
use super::running::Attempt;
use super::{Job, JobContext};

/// Runs of a process at the same time: requests need connections too.
const MOST_AT_ONCE: usize = 2;
/// A warning about the same trouble this often.
const WARN_EVERY: Duration = Duration::from_secs(60);
/// Shortest wait for a planned time.
const SHORTEST: Duration = Duration::from_millis(20);

/// How runs are kept.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// How long a run holds without a sign of life.
    pub lease: Duration,
    /// Pause between looks.
    pub poll: Duration,
    /// How far back runs are made up for.
    pub look_back: TimeDelta,
    /// Attempts at a run that fails.
    pub max_attempts: u32,
    /// Pause after the first attempt; doubles each time.
    pub first_pause: Duration,
    /// Longest pause between attempts.
    pub longest_pause: Duration,
}

/// The jobs of a process, and when they run.
pub struct Scheduler {
    context: Arc<JobContext>,
    jobs: Vec<Planned>,
    options: Options,
    metrics: Metrics,
}

/// A job with its schedule; without one it is off.
#[derive(Clone)]
struct Planned {
    job: Arc<dyn Job>,
    schedule: Option<Schedule>,
}

/// What the table of runs says.
struct Known {
    jobs: Vec<Overview>,
    newest: Vec<Run>,
}

/// Trouble that was logged, and whether this process's schedules are in the table.
#[derive(Default)]
struct Reported {
    noted: bool,
    warned_at: Option<Instant>,
}

impl Options {
    /// As the settings say.
    pub fn of(settings: &JobSettings) -> Self {
        Self {
            lease: Duration::from_secs(settings.lease_seconds.get()),
            poll: Duration::from_millis(settings.poll_ms.get()),
            look_back: TimeDelta::days(settings.look_back_days.get().into()),
            max_attempts: settings.max_attempts.get(),
            first_pause: Duration::from_secs(60),
            longest_pause: Duration::from_secs(30 * 60),
        }
    }

    /// The pause after so many attempts.
    pub(super) fn pause(&self, attempts: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(attempts.saturating_sub(1));
        self.first_pause
            .saturating_mul(doubled)
            .min(self.longest_pause)
    }
}

impl Scheduler {
    /// A scheduler of these jobs.
    ///
    /// # Errors
    /// When a schedule is wrong, or the process has metrics of these names.
    pub fn new(
        context: Arc<JobContext>,
        jobs: Vec<Arc<dyn Job>>,
        options: Options,
        registry: &Registry,
    ) -> Result<Self, RuntimeError> {
        let planned = jobs.into_iter().map(|job| {
            let expression = job.cron(context.job_settings());
            let schedule = Schedule::parse(expression, context.zone)
                .map_err(|error| RuntimeError::Other(format!("job {}: {error}", job.name())))?;
            Ok(Planned { job, schedule })
        });
        Ok(Self {
            jobs: planned.collect::<Result<_, RuntimeError>>()?,
            metrics: Metrics::new(registry)?,
            context,
            options,
        })
    }

    /// Runs what is due until `stopped` says so; then runs under way end at their
    /// next step, and another process goes on with them.
    pub async fn run(self: Arc<Self>, mut stopped: watch::Receiver<bool>) {
        let mut runs = JoinSet::new();
        let mut reported = Reported::default();
        while !*stopped.borrow() {
            if let Err(error) = self.look(&mut runs, &mut reported, &stopped).await {
                reported.warn(&error);
            }
            tokio::select! {
                // A run that waited for its place is started.
                Some(_) = runs.join_next() => {}
                () = tokio::time::sleep(self.pause()) => {}
                changed = stopped.changed() => {
                    // The sender is gone: this process is ending.
                    if changed.is_err() {
                        return;
                    }
                }
            }
        }
        while runs.join_next().await.is_some() {}
    }

    /// Looks once: shows where the jobs stand, and begins what is due.
    async fn look(
        &self,
        runs: &mut JoinSet<()>,
        reported: &mut Reported,
        stopped: &watch::Receiver<bool>,
    ) -> Result<(), DbError> {
        let now = self.context.clock.now();
        if !reported.noted && !self.context.db.is_read_only() {
            self.note_schedules(now).await?;
            reported.noted = true;
        }
        let known = self.known().await?;
        for planned in &self.jobs {
            let name = planned.job.name();
            let Some(known_of) = known.jobs.iter().find(|known| known.job == name) else {
                continue;
            };
            let newest = known.newest.iter().find(|run| run.job == name);
            let wanted = self.stand(planned, known_of, newest, now);
            if wanted && runs.len() < MOST_AT_ONCE && !self.context.db.is_read_only() {
                self.begin(planned, now, runs, stopped).await?;
            }
        }
        Ok(())
    }

    async fn note_schedules(&self, now: DateTime<Utc>) -> Result<(), DbError> {
        let zone = self.context.job_settings().time_zone.clone();
        let schedules = self.jobs.iter().map(|planned| {
            let expression = planned.schedule.as_ref().map_or("-", Schedule::expression);
            (planned.job.name(), expression.to_owned())
        });
        let schedules: Vec<_> = schedules.collect();
        let noted = self.context.db.read(move |conn| {
            for (job, expression) in &schedules {
                job_runs::note_schedule(conn, job, (expression, &zone), now)?;
            }
            Ok(())
        });
        noted.await
    }

    async fn known(&self) -> Result<Known, DbError> {
        let read = self.context.db.read(|conn| {
            Ok(Known {
                jobs: job_runs::overview(conn)?,
                newest: job_runs::newest(conn, false)?,
            })
        });
        read.await
    }

    /// Shows where a job stands; whether there is something to run.
    fn stand(
        &self,
        planned: &Planned,
        known: &Overview,
        newest: Option<&Run>,
        now: DateTime<Utc>,
    ) -> bool {
        let begin = known.since.and_utc().max(now - self.options.look_back);
        let after =
            |at: Option<chrono::NaiveDateTime>| at.map_or(begin, |at| at.and_utc().max(begin));
        let schedule = planned.schedule.as_ref();
        let next = |after| schedule.and_then(|schedule| schedule.next_after(after));
        let due_since = next(after(known.done_at)).filter(|at| *at <= now);
        let due = next(after(known.planned_at)).is_some_and(|at| at <= now);
        self.metrics.show(&Standing {
            job: planned.job.name(),
            now,
            succeeded_at: known.succeeded_at.map(|at| at.and_utc()),
            next: next(now),
            due_since,
            newest,
        });
        schedule.is_some() && (due || known.waits)
    }

    /// Claims a run of a job, and begins it.
    async fn begin(
        &self,
        planned: &Planned,
        now: DateTime<Utc>,
        runs: &mut JoinSet<()>,
        stopped: &watch::Receiver<bool>,
    ) -> Result<(), DbError> {
        let Some(schedule) = planned.schedule.clone() else {
            return Ok(());
        };
        let claimed_at = Instant::now();
        let (name, options) = (planned.job.name(), self.options);
        let claim = self.context.db.transaction(move |conn| {
            let who = options.claimant(name, now);
            Ok(job_runs::claim(conn, who, |after| {
                schedule.due(after, now)
            })?)
        });
        let Claim::Run(run) = claim.await? else {
            return Ok(());
        };
        let attempt = Attempt {
            job: Arc::clone(&planned.job),
            context: Arc::clone(&self.context),
            run,
            claimed_at,
            options,
            metrics: self.metrics.clone(),
        };
        let stopped = stopped.clone();
        runs.spawn(async move {
            // It was logged and written to the table of runs.
            let _ = attempt.make(stopped).await;
        });
        Ok(())
    }

    /// Until the next look: the next planned time, or the pause between looks.
    fn pause(&self) -> Duration {
        let now = self.context.clock.now();
        let schedules = self.jobs.iter().filter_map(|job| job.schedule.as_ref());
        let next = schedules
            .filter_map(|schedule| schedule.next_after(now))
            .min();
        let until = next.and_then(|next| (next - now).to_std().ok());
        until.map_or(self.options.poll, |until| {
            until.clamp(SHORTEST, self.options.poll.max(SHORTEST))
        })
    }
}

impl Options {
    /// A new claimant of a run of a job.
    pub(super) fn claimant<'a>(&self, job: &'a str, now: DateTime<Utc>) -> Claimant<'a> {
        Claimant {
            job,
            holder: Uuid::new_v4(),
            lease: self.lease,
            max_attempts: self.max_attempts,
            look_back: now - self.look_back,
        }
    }
}

impl Reported {
    /// Tells of trouble with the database, once a minute.
    fn warn(&mut self, error: &DbError) {
        if self.warned_at.is_none_or(|at| at.elapsed() >= WARN_EVERY) {
            self.warned_at = Some(Instant::now());
            tracing::warn!(%error, "jobs can't be looked after");
        }
    }
}
