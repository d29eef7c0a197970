//! Deactivates what has expired: API keys, MISP licences, SBIs with their
//! devices, and policies that ended (contract clients-users-notifications.md §10).
//!
//! Relying modules enforce what events say, so this takes rows out of use that
//! worked until now: it is off unless `jobs.deactivate_expired` says so.

mod api_keys;
mod interfaces;
mod licences;
mod policies;

use std::collections::HashSet;
use std::sync::Arc;

use pms_database::outbox::AuditTrail;
use pms_database::{Connection, DbError, Stamp};
use pms_web::settings::JobSettings;

use super::{JobContext, JobError, Lease, Outcome, RunPlan};

/// Things that are read at once.
const BATCH: i64 = 500;
/// Name of the job, and author of its changes in `upd_by` and audit records.
pub(super) const NAME: &str = "deactivate-expired";

/// A kind of rows that expire.
trait Expiring: Send + Sync + 'static {
    /// A thing that was found.
    type Item: Clone + Send + Sync + 'static;
    /// The kind in counts and logs.
    const NAME: &'static str;

    /// At most `most` rows that have expired by the time of the stamp and are in
    /// use, in an order, after one if it is given.
    fn list(
        conn: &mut Connection,
        stamp: &Stamp,
        after: Option<&Self::Item>,
        most: i64,
    ) -> Result<Vec<Self::Item>, DbError>;

    /// Whose it is; nothing when it belongs to no partner.
    fn partner(item: &Self::Item) -> Option<&str>;

    /// What is done to it, for people; without secrets.
    fn line(item: &Self::Item) -> String;

    /// Takes it out of use, with its events and audit records; false when it is
    /// not so any more.
    fn end(
        conn: &mut Connection,
        trail: &mut AuditTrail,
        item: &Self::Item,
        stamp: &Stamp,
    ) -> Result<bool, DbError>;
}

/// The schedule, if the deactivation is on.
pub(super) fn cron(settings: &JobSettings) -> &str {
    if settings.deactivate_expired {
        &settings.deactivate_expired_cron
    } else {
        "-"
    }
}

/// The deactivation.
pub(super) async fn run(
    context: &JobContext,
    plan: &RunPlan,
    lease: &Lease,
) -> Result<Outcome, JobError> {
    let settings = context.job_settings();
    if !settings.deactivate_expired && !plan.dry_run {
        return Err(JobError::Failed(
            "jobs.deactivate_expired is off: only a dry run can be made".to_owned(),
        ));
    }
    let run = Run {
        context,
        lease,
        stamp: Stamp::new(NAME, plan.now.naive_utc()),
        skipped: settings.skip_partners.iter().map(String::as_str).collect(),
        dry_run: plan.dry_run,
    };
    let mut outcome = run.all_of::<api_keys::ApiKeys>().await?;
    outcome.add(run.all_of::<licences::Licences>().await?);
    outcome.add(run.all_of::<interfaces::Interfaces>().await?);
    outcome.add(run.all_of::<policies::Policies>().await?);
    Ok(outcome)
}

/// A run, for all kinds.
struct Run<'a> {
    context: &'a JobContext,
    lease: &'a Lease,
    stamp: Stamp,
    skipped: HashSet<&'a str>,
    dry_run: bool,
}

impl Run<'_> {
    async fn all_of<K: Expiring>(&self) -> Result<Outcome, JobError> {
        let mut outcome = Outcome::default();
        let mut last: Option<K::Item> = None;
        loop {
            let stamp = self.stamp.clone();
            let read = self
                .context
                .db
                .read(move |conn| K::list(conn, &stamp, last.as_ref(), BATCH));
            let items = read.await?;
            let is_last = i64::try_from(items.len()).is_ok_and(|found| found < BATCH);
            for item in &items {
                self.one::<K>(item, &mut outcome).await?;
            }
            last = items.into_iter().last();
            if is_last {
                return Ok(outcome);
            }
        }
    }

    /// Does what is to be done about one thing. What fails for it holds back none
    /// of the others.
    async fn one<K: Expiring>(
        &self,
        item: &K::Item,
        outcome: &mut Outcome,
    ) -> Result<(), JobError> {
        self.lease.check().await?;
        outcome.examined += 1;
        if K::partner(item).is_some_and(|id| self.skipped.contains(id)) {
            outcome.skipped += 1;
            return Ok(());
        }
        if self.dry_run {
            outcome.changed += 1;
            outcome.count(K::NAME, 1);
            outcome.line(K::line(item));
            return Ok(());
        }
        let (item, stamp) = (Arc::new(item.clone()), self.stamp.clone());
        let (of_change, author) = (Arc::clone(&item), stamp.clone());
        let ended = self.context.db.audited(stamp, move |conn, trail| {
            K::end(conn, trail, &of_change, &author)
        });
        match ended.await {
            Ok(true) => {
                outcome.changed += 1;
                outcome.count(K::NAME, 1);
            }
            Ok(false) => outcome.skipped += 1,
            // Nothing will work: the run is repeated.
            Err(error @ (DbError::Connection(_) | DbError::Busy(_))) => return Err(error.into()),
            Err(error) => {
                outcome.failed += 1;
                tracing::error!(kind = K::NAME, what = K::line(&item), %error, "not done");
            }
        }
        Ok(())
    }
}
