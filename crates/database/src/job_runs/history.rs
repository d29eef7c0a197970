//! What is known of the runs of jobs.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamp};

use super::{Counts, count, utc};
use crate::schema::job_run;

/// Where a job stands.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct Overview {
    /// Name of the job.
    #[diesel(sql_type = Text)]
    pub job: String,
    /// What was planned up to then is not made up.
    #[diesel(sql_type = Timestamp)]
    pub since: NaiveDateTime,
    /// The newest planned time that has a run.
    #[diesel(sql_type = Nullable<Timestamp>)]
    pub planned_at: Option<NaiveDateTime>,
    /// The newest planned time whose run was done.
    #[diesel(sql_type = Nullable<Timestamp>)]
    pub done_at: Option<NaiveDateTime>,
    /// When a run last ended with success, by the database's clock.
    #[diesel(sql_type = Nullable<Timestamp>)]
    pub succeeded_at: Option<NaiveDateTime>,
    /// Whether a run waits for a process that begins it again.
    #[diesel(sql_type = Bool)]
    pub waits: bool,
}

/// Whether a run goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunState {
    /// A process runs it.
    Running,
    /// It waits for its next attempt, or its process has ended.
    Waiting,
    /// It has ended, with success.
    Done,
    /// It was given up.
    Failed,
}

/// A run, as its row records it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Name of the job.
    pub job: String,
    /// When it was planned, or asked for.
    pub planned_at: DateTime<Utc>,
    /// Whether an operator asked for it.
    pub manual: bool,
    /// The days that it looks at.
    pub days: Vec<NaiveDate>,
    /// How it stands.
    pub state: RunState,
    /// How often it was started.
    pub attempts: u32,
    /// When the last attempt began.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// What it has done.
    pub counts: Counts,
    /// What did not work.
    pub error: Option<String>,
}

/// Where the jobs of the table of schedules stand.
///
/// # Errors
/// When the statement fails.
pub fn overview(conn: &mut PgConnection) -> QueryResult<Vec<Overview>> {
    diesel::sql_query(
        "SELECT s.job, s.since, \
                (SELECT max(r.planned_at) FROM pms.job_run r \
                 WHERE r.job = s.job AND r.origin = 'schedule') AS planned_at, \
                (SELECT max(r.planned_at) FROM pms.job_run r \
                 WHERE r.job = s.job AND r.origin = 'schedule' AND r.status = 'done') AS done_at, \
                (SELECT max(r.finished_at) FROM pms.job_run r \
                 WHERE r.job = s.job AND r.status = 'done') AS succeeded_at, \
                EXISTS (SELECT FROM pms.job_run r \
                 WHERE r.job = s.job AND r.origin = 'schedule' AND r.status = 'running' \
                   AND r.held_until <= clock_timestamp() AT TIME ZONE 'UTC') AS waits \
         FROM pms.job_schedule s",
    )
    .load(conn)
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(embed)]
    run: Fields,
    #[diesel(sql_type = Bool)]
    live: bool,
}

#[derive(QueryableByName)]
#[diesel(table_name = job_run)]
struct Fields {
    job: String,
    planned_at: NaiveDateTime,
    origin: String,
    days: Vec<NaiveDate>,
    status: String,
    attempts: i32,
    started_at: NaiveDateTime,
    finished_at: Option<NaiveDateTime>,
    examined: i64,
    changed: i64,
    skipped: i64,
    failed: i64,
    counts: Option<serde_json::Value>,
    error: Option<String>,
}

/// The newest run of each job by the schedule; with `manual`, also those that an
/// operator asked for.
///
/// # Errors
/// When the statement fails.
pub fn newest(conn: &mut PgConnection, manual: bool) -> QueryResult<Vec<Run>> {
    let rows: Vec<Row> = diesel::sql_query(
        "SELECT DISTINCT ON (job) *, \
                coalesce(holder IS NOT NULL \
                         AND held_until > clock_timestamp() AT TIME ZONE 'UTC', false) AS live \
         FROM pms.job_run WHERE origin = 'schedule' OR $1 \
         ORDER BY job, planned_at DESC",
    )
    .bind::<Bool, _>(manual)
    .load(conn)?;
    Ok(rows.into_iter().map(Row::run).collect())
}

/// Deletes runs that ended more than `days` ago, but for the newest ones of each
/// job: what is missed is found by them. Returns how many.
///
/// # Errors
/// When the statement fails.
pub fn delete_old(conn: &mut PgConnection, days: u32) -> QueryResult<usize> {
    diesel::sql_query(
        "DELETE FROM pms.job_run AS old \
         WHERE old.finished_at < clock_timestamp() AT TIME ZONE 'UTC' - $1 * interval '1 day' \
           AND EXISTS (SELECT FROM pms.job_run AS newer \
                       WHERE newer.job = old.job AND newer.origin = 'schedule' \
                         AND newer.status = 'done' AND newer.planned_at > old.planned_at)",
    )
    .bind::<BigInt, _>(i64::from(days))
    .execute(conn)
}

impl Row {
    fn run(self) -> Run {
        let Self { run, live } = self;
        let state = match run.status.as_str() {
            super::DONE => RunState::Done,
            super::FAILED => RunState::Failed,
            _ if live => RunState::Running,
            _ => RunState::Waiting,
        };
        let named: BTreeMap<String, u64> = run
            .counts
            .and_then(|counts| serde_json::from_value(counts).ok())
            .unwrap_or_default();
        Run {
            job: run.job,
            planned_at: utc(run.planned_at),
            manual: run.origin == super::MANUAL,
            days: run.days,
            state,
            attempts: u32::try_from(run.attempts).unwrap_or(0),
            started_at: utc(run.started_at),
            finished_at: run.finished_at.map(utc),
            counts: Counts {
                examined: count(run.examined),
                changed: count(run.changed),
                skipped: count(run.skipped),
                failed: count(run.failed),
                named,
            },
            error: run.error,
        }
    }
}
