//! Which process runs which job. The row of a job's schedule is locked meanwhile: claims of one
//! job happen one after the other.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::dsl::max;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text, Timestamp};
use pms_domain::schedule::Due;
use uuid::Uuid;

use super::{Claimed, DONE, FAILED, MANUAL, RUNNING, SCHEDULED, utc};
use crate::schema::{job_run, job_schedule};

/// The process that claims a run.
#[derive(Debug, Clone, Copy)]
pub struct Claimant<'a> {
    /// Name of the job.
    pub job: &'a str,
    /// Whose the run becomes: a new one for each claim.
    pub holder: Uuid,
    /// How long it holds without a sign of life.
    pub lease: Duration,
    /// Attempts after which a run is given up.
    pub max_attempts: u32,
    /// Planned times up to then are not made up any more.
    pub look_back: DateTime<Utc>,
}

/// What came of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// There is nothing to run.
    Nothing,
    /// Another process runs the job now.
    Busy,
    /// The run is the claimant's.
    Run(Claimed),
}

/// A run that is open.
#[derive(Queryable)]
struct OpenRun {
    planned_at: NaiveDateTime,
    origin: String,
    days: Vec<NaiveDate>,
    attempts: i32,
    holder: Option<Uuid>,
    held_until: Option<NaiveDateTime>,
}

impl OpenRun {
    /// Whether a process shows that it runs this.
    fn is_live(&self, now: NaiveDateTime) -> bool {
        self.holder.is_some() && self.held_until > Some(now)
    }
}

/// Writes down the schedule of a job, as this process has it from `now` on.
/// What was planned before a job was known, or while it was off, is not made up.
///
/// # Errors
/// When the statement fails.
pub fn note_schedule(
    conn: &mut PgConnection,
    job: &str,
    (expression, time_zone): (&str, &str),
    now: DateTime<Utc>,
) -> QueryResult<()> {
    diesel::sql_query(
        "INSERT INTO pms.job_schedule AS known (job, expression, time_zone, since) \
         VALUES ($1, $2, $3, $4) \
         ON CONFLICT (job) DO UPDATE SET \
           expression = excluded.expression, time_zone = excluded.time_zone, \
           since = CASE WHEN known.expression = '-' THEN excluded.since ELSE known.since END \
         WHERE (known.expression, known.time_zone) \
               IS DISTINCT FROM (excluded.expression, excluded.time_zone)",
    )
    .bind::<Text, _>(job)
    .bind::<Text, _>(expression)
    .bind::<Text, _>(time_zone)
    .bind::<Timestamp, _>(now.naive_utc())
    .execute(conn)?;
    Ok(())
}

/// Claims what is to be run of a job, in a transaction: what is planned and due
/// (`due` tells what is, after a time), else a run whose holder shows no sign of
/// life, or whose next attempt is due.
///
/// A run that is due ends an older one that failed so far, and makes up for the
/// days since the last one that was done.
///
/// # Errors
/// When a statement fails.
pub fn claim(
    conn: &mut PgConnection,
    who: Claimant<'_>,
    due: impl Fn(DateTime<Utc>) -> Option<Due>,
) -> QueryResult<Claim> {
    let Some(since) = lock(conn, who.job)? else {
        return Ok(Claim::Nothing);
    };
    let now = database_time(conn)?;
    let open = open_runs(conn, who.job)?;
    if open.iter().any(|run| run.is_live(now)) {
        return Ok(Claim::Busy);
    }
    let begin = since.max(who.look_back);
    let after = |known: Option<DateTime<Utc>>| known.map_or(begin, |known| known.max(begin));
    if let Some(next) = due(after(last(conn, who.job, None)?)) {
        let done = last(conn, who.job, Some(DONE))?;
        let days = due(after(done)).map_or(next.days, |since_done| since_done.days);
        give_up(
            conn,
            who.job,
            &[SCHEDULED, MANUAL],
            "the next planned run came first",
        )?;
        return insert(conn, who, SCHEDULED, (next.planned_at, days), now).map(Claim::Run);
    }
    let planned = open.into_iter().rfind(|run| run.origin == SCHEDULED);
    match planned {
        Some(run) if run.held_until <= Some(now) => take_over(conn, who, run, now),
        _ => Ok(Claim::Nothing),
    }
}

/// Begins a run that an operator asked for at `at`, of one day.
///
/// # Errors
/// When a statement fails.
pub fn begin_manual(
    conn: &mut PgConnection,
    who: Claimant<'_>,
    at: DateTime<Utc>,
    day: NaiveDate,
) -> QueryResult<Claim> {
    lock(conn, who.job)?;
    let now = database_time(conn)?;
    let open = open_runs(conn, who.job)?;
    if open.iter().any(|run| run.is_live(now)) {
        return Ok(Claim::Busy);
    }
    give_up(conn, who.job, &[MANUAL], "it was interrupted")?;
    insert(conn, who, MANUAL, (at, vec![day]), now).map(Claim::Run)
}

/// Locks the schedule of a job; since when it holds.
fn lock(conn: &mut PgConnection, job: &str) -> QueryResult<Option<DateTime<Utc>>> {
    let since = job_schedule::table
        .find(job)
        .select(job_schedule::since)
        .for_update()
        .first::<NaiveDateTime>(conn)
        .optional()?;
    Ok(since.map(utc))
}

fn database_time(conn: &mut PgConnection) -> QueryResult<NaiveDateTime> {
    diesel::select(diesel::dsl::sql::<Timestamp>(
        "clock_timestamp() AT TIME ZONE 'UTC'",
    ))
    .first(conn)
}

/// The open runs of a job, oldest first.
fn open_runs(conn: &mut PgConnection, job: &str) -> QueryResult<Vec<OpenRun>> {
    job_run::table
        .filter(job_run::job.eq(job))
        .filter(job_run::status.eq(RUNNING))
        .order(job_run::planned_at)
        .select((
            job_run::planned_at,
            job_run::origin,
            job_run::days,
            job_run::attempts,
            job_run::holder,
            job_run::held_until,
        ))
        .load(conn)
}

/// The newest planned time of the schedule that has a row, of a status if one is
/// given.
fn last(
    conn: &mut PgConnection,
    job: &str,
    status: Option<&str>,
) -> QueryResult<Option<DateTime<Utc>>> {
    let mut runs = job_run::table
        .filter(job_run::job.eq(job))
        .filter(job_run::origin.eq(SCHEDULED))
        .select(max(job_run::planned_at))
        .into_boxed();
    if let Some(status) = status {
        runs = runs.filter(job_run::status.eq(status));
    }
    Ok(runs.first::<Option<NaiveDateTime>>(conn)?.map(utc))
}

/// Ends the open runs of a job without success.
fn give_up(conn: &mut PgConnection, job: &str, origins: &[&str], why: &str) -> QueryResult<()> {
    let open = job_run::table
        .filter(job_run::job.eq(job))
        .filter(job_run::status.eq(RUNNING))
        .filter(job_run::origin.eq_any(origins));
    diesel::update(open)
        .set((
            job_run::status.eq(FAILED),
            job_run::holder.eq(None::<Uuid>),
            job_run::held_until.eq(None::<NaiveDateTime>),
            job_run::finished_at.eq(diesel::dsl::sql("clock_timestamp() AT TIME ZONE 'UTC'")),
            // What went wrong before says more.
            job_run::error.eq(diesel::dsl::sql::<Nullable<Text>>("coalesce(error, ")
                .bind::<Text, _>(why)
                .sql(")")),
        ))
        .execute(conn)?;
    Ok(())
}

fn insert(
    conn: &mut PgConnection,
    who: Claimant<'_>,
    origin: &str,
    (planned_at, days): (DateTime<Utc>, Vec<NaiveDate>),
    now: NaiveDateTime,
) -> QueryResult<Claimed> {
    diesel::insert_into(job_run::table)
        .values((
            job_run::job.eq(who.job),
            job_run::planned_at.eq(planned_at.naive_utc()),
            job_run::origin.eq(origin),
            job_run::days.eq(&days),
            job_run::status.eq(RUNNING),
            job_run::attempts.eq(1),
            job_run::holder.eq(who.holder),
            job_run::held_until.eq(now + who.lease),
            job_run::started_at.eq(now),
        ))
        .execute(conn)?;
    Ok(Claimed {
        job: who.job.to_owned(),
        planned_at,
        days,
        attempts: 1,
        holder: who.holder,
    })
}

/// Takes a run that waits, unless it was tried often enough.
fn take_over(
    conn: &mut PgConnection,
    who: Claimant<'_>,
    run: OpenRun,
    now: NaiveDateTime,
) -> QueryResult<Claim> {
    let attempts = u32::try_from(run.attempts).unwrap_or(u32::MAX);
    if attempts >= who.max_attempts {
        give_up(
            conn,
            who.job,
            &[SCHEDULED],
            "its process ended, again and again",
        )?;
        return Ok(Claim::Nothing);
    }
    diesel::update(job_run::table.find((who.job, run.planned_at)))
        .set((
            job_run::attempts.eq(run.attempts + 1),
            job_run::holder.eq(who.holder),
            job_run::held_until.eq(now + who.lease),
            job_run::started_at.eq(now),
        ))
        .execute(conn)?;
    Ok(Claim::Run(Claimed {
        job: who.job.to_owned(),
        planned_at: utc(run.planned_at),
        days: run.days,
        attempts: attempts + 1,
        holder: who.holder,
    }))
}
