//! Replicas of a process with a job of their own, on one database and one clock.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Bool, Date, Integer};
use futures_util::future::{BoxFuture, FutureExt as _};
use pms_database::Clock;
use pms_partner_service::jobs::{
    Job, JobContext, JobError, Lease, Options, Outcome, RunPlan, Scheduler,
};
use pms_runtime::Runtime;
use pms_testkit::TestDatabase;
use pms_testkit::waiting::eventually;
use pms_web::Settings;
use pms_web::settings::JobSettings;
use tokio::sync::{Notify, mpsc, watch};
use tokio::task::JoinHandle;

/// Things that the job has for each day.
pub const ITEMS: i32 = 4;

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// What goes wrong at an item, once each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The step never ends.
    Hang,
    /// The step waits until it is released.
    Wait,
    /// The whole run fails.
    Fail,
    /// The item can't be done.
    Skip,
    /// The job panics.
    Panic,
}

/// A database, a clock, and what goes wrong.
pub struct Stage {
    pub database: TestDatabase,
    pub clock: Clock,
    trouble: Arc<Mutex<Vec<(i32, Trouble)>>>,
    pub released: Arc<Notify>,
    reached: mpsc::UnboundedSender<usize>,
    pub at_trouble: mpsc::UnboundedReceiver<usize>,
    settings: Vec<(String, String)>,
    cron: &'static str,
    pub options: Options,
    started: usize,
}

/// A process with a scheduler.
pub struct Replica {
    pub number: usize,
    pub runtime: Runtime,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

/// Notes each item of each day in a table, unless it stands there.
pub struct Noting {
    pub cron: &'static str,
    pub replica: usize,
    trouble: Arc<Mutex<Vec<(i32, Trouble)>>>,
    released: Arc<Notify>,
    reached: mpsc::UnboundedSender<usize>,
}

impl Stage {
    pub fn new(cron: &'static str, start: &str) -> Self {
        Self::on(TestDatabase::new(), cron, start)
    }

    pub fn on(database: TestDatabase, cron: &'static str, start: &str) -> Self {
        database.sql("CREATE TABLE public.noted (day date, item int, replica int)");
        let (reached, at_trouble) = mpsc::unbounded_channel();
        Self {
            database,
            clock: Clock::fixed(at(start)),
            trouble: Arc::default(),
            released: Arc::default(),
            reached,
            at_trouble,
            settings: Vec::new(),
            cron,
            options: Options {
                lease: Duration::from_millis(600),
                poll: Duration::from_millis(20),
                look_back: TimeDelta::days(31),
                max_attempts: 50,
                first_pause: Duration::from_millis(20),
                longest_pause: Duration::from_millis(20),
            },
            started: 0,
        }
    }

    pub fn setting(mut self, key: &str, value: &str) -> Self {
        self.settings.push((key.to_owned(), value.to_owned()));
        self
    }

    pub fn cron(&mut self, cron: &'static str) {
        self.cron = cron;
    }

    pub fn trouble(&self, item: i32, trouble: Trouble) {
        self.trouble.lock().unwrap().push((item, trouble));
    }

    pub fn runtime(&self) -> Runtime {
        let url = self.database.url();
        let mut settings: Vec<(&str, &str)> = vec![
            ("database.url", &url),
            ("database.pool_size", "4"),
            ("auth.issuer", "http://issuer.invalid"),
        ];
        let own = self.settings.iter();
        settings.extend(own.map(|(key, value)| (key.as_str(), value.as_str())));
        let settings = Settings::with_overrides(&settings).unwrap();
        Runtime::build(settings, "test", self.clock.clone()).unwrap()
    }

    pub fn job(&self, replica: usize) -> Arc<dyn Job> {
        Arc::new(Noting {
            cron: self.cron,
            replica,
            trouble: Arc::clone(&self.trouble),
            released: Arc::clone(&self.released),
            reached: self.reached.clone(),
        })
    }

    pub fn start(&mut self) -> Replica {
        self.started += 1;
        let number = self.started;
        let runtime = self.runtime();
        let context = Arc::new(JobContext::alone(&runtime).unwrap());
        let registry = runtime.edge.metrics().registry();
        let jobs = vec![self.job(number)];
        let scheduler = Scheduler::new(context, jobs, self.options, registry).unwrap();
        let (stop, stopped) = watch::channel(false);
        Replica {
            number,
            runtime,
            stop,
            task: tokio::spawn(Arc::new(scheduler).run(stopped)),
        }
    }

    /// Waits until the replicas know the schedule: what is planned from then on
    /// is not missed.
    pub async fn known(&self) {
        eventually("the schedule is known", async || {
            self.count("SELECT count(*) FROM pms.job_schedule") == 1
        })
        .await;
    }

    pub fn count(&self, query: &str) -> i64 {
        self.database.text(query).unwrap().parse().unwrap()
    }

    /// Waits until so many runs have this status.
    pub async fn runs(&self, status: &str, many: i64) {
        let query = format!("SELECT count(*) FROM pms.job_run WHERE status = '{status}'");
        eventually(format!("{many} runs are {status}"), async || {
            self.count(&query) == many
        })
        .await;
    }

    /// As if the leases of all runs had ended: for leases so long that no replica takes a
    /// run over by itself meanwhile.
    pub fn end_leases(&self) {
        self.database
            .sql("UPDATE pms.job_run SET held_until = now() AT TIME ZONE 'UTC' - interval '1 s'");
    }

    /// Planned instant, days, status, attempts and error of the runs.
    pub fn history(&self) -> Vec<String> {
        let rows = self.database.text(
            "SELECT string_agg(planned_at || ' ' || days::text || ' ' || status || ' ' \
                    || attempts || coalesce(' ' || error, ''), E'\\n' ORDER BY planned_at) \
             FROM pms.job_run",
        );
        let rows = rows.unwrap_or_default();
        rows.lines().map(str::to_owned).collect()
    }

    /// Each noted item stands once.
    pub fn assert_noted_once(&self, days: i64) {
        let noted = self.count("SELECT count(*) FROM public.noted");
        let distinct = self.count("SELECT count(DISTINCT (day, item)) FROM public.noted");
        assert_eq!((noted, distinct), (days * i64::from(ITEMS), noted));
    }
}

impl Replica {
    /// As `kill -9` does: nothing is written any more.
    pub async fn kill(self) {
        self.task.abort();
        assert!(self.task.await.unwrap_err().is_cancelled());
    }

    pub async fn stop(self) {
        self.stop.send(true).unwrap();
        self.task.await.unwrap();
    }

    /// A number on the page that Prometheus reads, by name and a label.
    pub fn metric(&self, name: &str, label: &str) -> Option<f64> {
        let page = self.runtime.edge.metrics().page(&self.runtime.db).unwrap();
        let page = String::from_utf8(page).unwrap();
        let begin = format!("{name}{{");
        let line = page
            .lines()
            .find(|line| line.starts_with(&begin) && line.contains(label))?;
        line.rsplit(' ').next()?.parse().ok()
    }
}

impl Job for Noting {
    fn name(&self) -> &'static str {
        "noting"
    }

    fn cron<'a>(&self, _: &'a JobSettings) -> &'a str {
        self.cron
    }

    fn run<'a>(
        &'a self,
        context: &'a JobContext,
        plan: &'a RunPlan,
        lease: &'a Lease,
    ) -> BoxFuture<'a, Result<Outcome, JobError>> {
        self.note(context, plan, lease).boxed()
    }
}

impl Noting {
    async fn note(
        &self,
        context: &JobContext,
        plan: &RunPlan,
        lease: &Lease,
    ) -> Result<Outcome, JobError> {
        let mut outcome = Outcome::default();
        for &day in &plan.days {
            if plan.dry_run {
                outcome.line(format!("note {day}"));
                continue;
            }
            for item in 0..ITEMS {
                lease.check().await?;
                outcome.examined += 1;
                match self.next_trouble(item) {
                    Some(Trouble::Hang) => {
                        self.reached.send(self.replica).unwrap();
                        std::future::pending::<()>().await;
                    }
                    Some(Trouble::Wait) => {
                        self.reached.send(self.replica).unwrap();
                        self.released.notified().await;
                    }
                    Some(Trouble::Fail) => return Err(JobError::Failed("no luck".to_owned())),
                    Some(Trouble::Panic) => panic!("the job panics"),
                    Some(Trouble::Skip) => {
                        outcome.failed += 1;
                        continue;
                    }
                    None => {}
                }
                let (replica, lease) = (i32::try_from(self.replica).unwrap(), lease.clone());
                let wrote = context.db.transaction(move |conn| {
                    lease.hold(conn)?;
                    write(conn, day, item, replica)
                });
                if wrote.await? {
                    outcome.changed += 1;
                } else {
                    outcome.skipped += 1;
                }
            }
            outcome.count("days", 1);
        }
        Ok(outcome)
    }

    fn next_trouble(&self, item: i32) -> Option<Trouble> {
        let mut trouble = self.trouble.lock().unwrap();
        let place = trouble.iter().position(|(at, _)| *at == item)?;
        Some(trouble.remove(place).1)
    }
}

/// Notes an item; false when it stands there.
fn write(
    conn: &mut PgConnection,
    day: NaiveDate,
    item: i32,
    replica: i32,
) -> Result<bool, pms_database::DbError> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = Bool)]
        found: bool,
    }
    let found: Found =
        sql_query("SELECT EXISTS (SELECT FROM public.noted WHERE day = $1 AND item = $2) AS found")
            .bind::<Date, _>(day)
            .bind::<Integer, _>(item)
            .get_result(conn)?;
    if !found.found {
        sql_query("INSERT INTO public.noted VALUES ($1, $2, $3)")
            .bind::<Date, _>(day)
            .bind::<Integer, _>(item)
            .bind::<Integer, _>(replica)
            .execute(conn)?;
    }
    Ok(!found.found)
}
