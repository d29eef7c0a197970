//! Deletes notifications that are old, and runs of jobs that ended long ago
//! (contract clients-users-notifications.md §4.5).

use chrono::{DateTime, Days, NaiveDateTime, Utc};
use pms_database::{job_runs, notifications};
use pms_domain::schedule;

use super::{JobContext, JobError, Lease, Outcome, RunPlan};

/// Rows that one statement deletes, so that its locks are short.
const BATCH: u32 = 1_000;

/// The clean-up.
pub(super) async fn run(
    context: &JobContext,
    plan: &RunPlan,
    lease: &Lease,
) -> Result<Outcome, JobError> {
    let mut outcome = Outcome::default();
    let settings = context.job_settings();
    if settings.delete_notifications {
        match oldest_kept(context, plan) {
            Some(before) if plan.dry_run => count(context, before, &mut outcome).await?,
            Some(before) => delete(context, before, lease, &mut outcome).await?,
            // Kept for longer than there is time.
            None => {}
        }
    }
    if !plan.dry_run {
        let days = settings.keep_runs_days.get();
        let deleted = context
            .db
            .read(move |conn| Ok(job_runs::delete_old(conn, days)?))
            .await?;
        outcome.count("runs", u64::try_from(deleted).unwrap_or(0));
    }
    Ok(outcome)
}

/// The beginning of the first day whose notifications are kept.
fn oldest_kept(context: &JobContext, plan: &RunPlan) -> Option<NaiveDateTime> {
    let days = Days::new(u64::from(context.job_settings().keep_notifications_days));
    let day = plan.day().checked_sub_days(days)?;
    let begin: DateTime<Utc> = schedule::begin_of(day, context.zone)?;
    Some(begin.naive_utc())
}

async fn count(
    context: &JobContext,
    before: NaiveDateTime,
    outcome: &mut Outcome,
) -> Result<(), JobError> {
    let rows = context
        .db
        .read(move |conn| Ok(notifications::count_older(conn, before)?))
        .await?;
    let rows = u64::try_from(rows).unwrap_or(0);
    outcome.examined = rows;
    outcome.changed = rows;
    outcome.line(format!(
        "delete {rows} notifications that were written before {before} UTC"
    ));
    Ok(())
}

async fn delete(
    context: &JobContext,
    before: NaiveDateTime,
    lease: &Lease,
    outcome: &mut Outcome,
) -> Result<(), JobError> {
    loop {
        lease.check().await?;
        let deleted = context
            .db
            .read(move |conn| Ok(notifications::delete_older(conn, before, BATCH.into())?))
            .await?;
        let deleted = u64::try_from(deleted).unwrap_or(0);
        outcome.examined += deleted;
        outcome.changed += deleted;
        if deleted < u64::from(BATCH) {
            return Ok(());
        }
    }
}
