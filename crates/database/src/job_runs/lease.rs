//! The hold of a process on a run.

use std::time::Duration;

use chrono::NaiveDateTime;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Timestamp;
use uuid::Uuid;

use super::{Claimed, Counts, DONE, FAILED, RUNNING, column};
use crate::schema::job_run;

/// How a run, or an attempt at it, ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// It is not repeated; `error` says what did not work.
    Done {
        /// What did not work, if something did not.
        error: Option<String>,
    },
    /// It is tried again after a pause, by any process.
    Again {
        /// How long it rests.
        pause: Duration,
        /// Why; nothing when the process stops.
        error: Option<String>,
    },
    /// It was tried often enough; the next planned run makes up for its days.
    GivenUp {
        /// Why.
        error: String,
    },
}

/// Longest text about an error.
const ERROR_LENGTH: usize = 1000;

/// Holds a run for another `hold`; false when another process has taken it over,
/// or it has ended.
///
/// # Errors
/// When the statement fails.
pub fn extend(conn: &mut PgConnection, run: &Claimed, hold: Duration) -> QueryResult<bool> {
    let millis = i64::try_from(hold.as_millis()).unwrap_or(i64::MAX);
    let rows = diesel::sql_query(
        "UPDATE pms.job_run SET held_until = clock_timestamp() AT TIME ZONE 'UTC' \
                                             + $4 * interval '1 millisecond' \
         WHERE job = $1 AND planned_at = $2 AND holder = $3 AND status = 'running'",
    )
    .bind::<diesel::sql_types::Text, _>(&run.job)
    .bind::<Timestamp, _>(run.planned_at.naive_utc())
    .bind::<diesel::sql_types::Uuid, _>(run.holder)
    .bind::<diesel::sql_types::BigInt, _>(millis)
    .execute(conn)?;
    Ok(rows == 1)
}

/// Whether a run is still this process's. Until the transaction ends no other
/// takes it over, so what is written in it is written by the holder.
///
/// # Errors
/// When the statement fails.
pub fn hold(conn: &mut PgConnection, run: &Claimed) -> QueryResult<bool> {
    let held = job_run::table
        .find((&run.job, run.planned_at.naive_utc()))
        .filter(job_run::holder.eq(run.holder))
        .filter(job_run::status.eq(RUNNING))
        .select(job_run::attempts)
        .for_share()
        .first::<i32>(conn)
        .optional()?;
    Ok(held.is_some())
}

/// Writes down how a run ended; false when it was taken over before.
///
/// # Errors
/// When the statement fails.
pub fn finish(
    conn: &mut PgConnection,
    run: &Claimed,
    ended: &Ended,
    counts: Option<&Counts>,
) -> QueryResult<bool> {
    let (status, pause, error) = match ended {
        Ended::Done { error } => (DONE, None, error.as_deref()),
        Ended::Again { pause, error } => (RUNNING, Some(*pause), error.as_deref()),
        Ended::GivenUp { error } => (FAILED, None, Some(error.as_str())),
    };
    let none = Counts::default();
    let counts = counts.unwrap_or(&none);
    let mine = job_run::table
        .find((&run.job, run.planned_at.naive_utc()))
        .filter(job_run::holder.eq(run.holder))
        .filter(job_run::status.eq(RUNNING));
    let now = sql::<Timestamp>("clock_timestamp() AT TIME ZONE 'UTC'");
    let error = error.map(|text| text.chars().take(ERROR_LENGTH).collect::<String>());
    let named = serde_json::to_value(&counts.named).unwrap_or_default();
    let numbers = (
        job_run::examined.eq(column(counts.examined)),
        job_run::changed.eq(column(counts.changed)),
        job_run::skipped.eq(column(counts.skipped)),
        job_run::failed.eq(column(counts.failed)),
        job_run::counts.eq(named),
        job_run::error.eq(error),
        job_run::status.eq(status),
        job_run::holder.eq(None::<Uuid>),
    );
    let rows = match pause {
        Some(pause) => {
            let rested = sql("clock_timestamp() AT TIME ZONE 'UTC' + ")
                .bind::<diesel::sql_types::BigInt, _>(column_of(pause))
                .sql(" * interval '1 millisecond'");
            diesel::update(mine)
                .set((numbers, job_run::held_until.eq(rested)))
                .execute(conn)?
        }
        None => diesel::update(mine)
            .set((
                numbers,
                job_run::held_until.eq(None::<NaiveDateTime>),
                job_run::finished_at.eq(now.nullable()),
            ))
            .execute(conn)?,
    };
    Ok(rows == 1)
}

fn column_of(pause: Duration) -> i64 {
    i64::try_from(pause.as_millis()).unwrap_or(i64::MAX)
}
