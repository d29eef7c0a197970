//! Giving notices: each in a transaction of its own with its mail and its audit
//! record, unless it was given before.

use std::collections::HashMap;

use chrono::{Days, NaiveDateTime};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, StreamExt as _};
use pms_database::locks::{self, Lock};
use pms_database::notifications::{self, NewNotification};
use pms_database::outbox::{AuditTrail, writer};
use pms_database::{Connection, DbError, Stamp};
use pms_domain::notification::audits::{self, FAILED, about_notification};
use pms_integrations::key_manager::is_sealed;
use uuid::Uuid;

use super::identity::Identity;
use super::notice::Notice;
use crate::jobs::{JobContext, JobError, Lease, Outcome, RunPlan};

/// Author of notifications.
pub(super) const SYSTEM: &str = "SYSTEM";
/// Notices between two looks at the lease.
const CHUNK: usize = 64;
/// Notices that are given at the same time: half of the smallest usual pool.
const AT_ONCE: usize = 4;
/// Days before the day of a notice in which rows are looked for that say the same:
/// the clocks of others, and their zones.
const SLACK_DAYS: u64 = 2;

/// Gives notices and counts them.
pub(super) struct NoticeGiver<'r> {
    context: &'r JobContext,
    plan: &'r RunPlan,
    lease: &'r Lease,
    /// Clear address → column.
    sealed: HashMap<String, String>,
    /// What was done.
    pub(super) outcome: Outcome,
}

/// Whether a notice is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NoticeOutcome {
    Given,
    GivenBefore,
}

impl<'r> NoticeGiver<'r> {
    pub(super) fn new(context: &'r JobContext, plan: &'r RunPlan, lease: &'r Lease) -> Self {
        Self {
            context,
            plan,
            lease,
            sealed: HashMap::new(),
            outcome: Outcome::default(),
        }
    }

    /// Gives the notices that were not given before. One that fails is counted, and
    /// hinders no other.
    ///
    /// # Errors
    /// When the run is not this process's any more.
    pub(super) async fn give(&mut self, notices: Vec<Notice>) -> Result<(), JobError> {
        let mut left = notices.into_iter();
        loop {
            let chunk: Vec<Notice> = left.by_ref().take(CHUNK).collect();
            if chunk.is_empty() {
                return Ok(());
            }
            self.lease.check().await?;
            self.outcome.examined += count(chunk.len());
            if self.plan.dry_run {
                self.preview(chunk).await?;
            } else {
                self.give_chunk(chunk).await;
            }
        }
    }

    async fn give_chunk(&mut self, chunk: Vec<Notice>) {
        self.seal(&chunk).await;
        let mut calls: Vec<BoxFuture<'_, Option<NoticeOutcome>>> = Vec::with_capacity(chunk.len());
        for notice in chunk {
            let column = self.column(&notice);
            calls.push(give_one(self.context, notice, column).boxed());
        }
        let calls = stream::iter(calls).buffer_unordered(AT_ONCE);
        let given: Vec<Option<NoticeOutcome>> = calls.collect().await;
        for given in given {
            match given {
                Some(NoticeOutcome::Given) => self.outcome.changed += 1,
                Some(NoticeOutcome::GivenBefore) => self.outcome.skipped += 1,
                None => self.outcome.failed += 1,
            }
        }
    }

    /// What the column of the address is: empty without one, nothing when it could
    /// not be sealed.
    fn column(&self, notice: &Notice) -> Option<String> {
        match notice.to.email.as_deref() {
            None => Some(String::new()),
            Some(email) if is_sealed(email) => Some(email.to_owned()),
            Some(email) => self.sealed.get(email).cloned(),
        }
    }

    /// Seals the clear addresses of the recipients that are new.
    async fn seal(&mut self, chunk: &[Notice]) {
        let mut clear: Vec<&str> = chunk
            .iter()
            .filter_map(|notice| notice.to.email.as_deref())
            .filter(|email| !is_sealed(email) && !self.sealed.contains_key(*email))
            .collect();
        clear.sort_unstable();
        clear.dedup();
        if clear.is_empty() {
            return;
        }
        match self.context.key_manager.encrypt(&clear).await {
            Ok(columns) => {
                let clear: Vec<String> = clear.into_iter().map(str::to_owned).collect();
                self.sealed.extend(clear.into_iter().zip(columns));
            }
            Err(error) => tracing::warn!(%error, "addresses for notices can't be encrypted"),
        }
    }

    /// What a dry run would give.
    async fn preview(&mut self, chunk: Vec<Notice>) -> Result<(), JobError> {
        let look = move |conn: &mut Connection| -> Result<_, DbError> {
            let mut lines = Vec::with_capacity(chunk.len());
            for notice in chunk {
                let given = is_given(conn, &notice)?;
                lines.push((given, line(&notice)));
            }
            Ok(lines)
        };
        for (given, line) in self.context.db.read(look).await? {
            if given {
                self.outcome.skipped += 1;
            } else {
                self.outcome.changed += 1;
                self.outcome.line(line);
            }
        }
        Ok(())
    }
}

/// Gives one notice; nothing when that failed, which is logged and audited here.
async fn give_one(
    context: &JobContext,
    notice: Notice,
    column: Option<String>,
) -> Option<NoticeOutcome> {
    let stamp = context.stamp_of(SYSTEM);
    let kind = notice.kind;
    let outcome = match column {
        Some(column) => {
            let at = stamp.clone();
            context
                .db
                .audited(stamp.clone(), move |conn, trail| {
                    write(conn, trail, &notice, &column, &at)
                })
                .await
        }
        None => Err(DbError::Internal("the address is not encrypted".to_owned())),
    };
    match outcome {
        Ok(given) => Some(given),
        Err(error) => {
            tracing::warn!(kind = kind.code(), %error, "a notice can't be given");
            let failure = audits::of_kind(kind).not_made;
            context
                .db
                .note(stamp, |trail| {
                    trail.note(failure, about_notification(FAILED));
                })
                .await;
            None
        }
    }
}

fn write(
    conn: &mut Connection,
    trail: &mut AuditTrail,
    notice: &Notice,
    column: &str,
    stamp: &Stamp,
) -> Result<NoticeOutcome, DbError> {
    let lock = Lock::Notices {
        partner_id: &notice.to.id,
        kind: notice.kind.code(),
    };
    locks::hold(conn, lock)?;
    if is_given(conn, notice)? {
        return Ok(NoticeOutcome::GivenBefore);
    }
    let id = Uuid::new_v4().to_string();
    let details = serde_json::to_string(&notice.details)
        .map_err(|error| DbError::Internal(format!("details are not JSON: {error}")))?;
    let new = NewNotification {
        id: &id,
        partner_id: &notice.to.id,
        notification_type: notice.kind.code(),
        notification_details_json: &details,
        email_id: column,
        email_lang_code: &notice.to.language,
    };
    notifications::insert(conn, &new, stamp)?;
    if !column.is_empty() {
        let mail = notice.mail(&id, column);
        writer::mail(conn, notice.kind.code(), &notice.to.id, mail)?;
    }
    trail.note(audits::of_kind(notice.kind).made, about_notification(&id));
    Ok(NoticeOutcome::Given)
}

/// Whether the recipient has a row that says the same, by any writer.
fn is_given(conn: &mut Connection, notice: &Notice) -> Result<bool, DbError> {
    let whose = (notice.to.id.as_str(), notice.kind.code());
    if let Some(since) = notice.once_since {
        return Ok(!notifications::details_since(conn, whose, since, None)?.is_empty());
    }
    let identity = Identity::of(&notice.details);
    let sign = identity.as_ref().and_then(Identity::sign);
    let since = since(notice);
    let rows = notifications::details_since(conn, whose, since, sign)?;
    Ok(rows.iter().any(|row| Identity::read(row) == identity))
}

fn since(notice: &Notice) -> NaiveDateTime {
    let day = notice.due.day;
    let day = day.checked_sub_days(Days::new(SLACK_DAYS)).unwrap_or(day);
    day.into()
}

fn line(notice: &Notice) -> String {
    let name = &notice.name;
    format!(
        "{} to {}: {name} ends in {} days, counted from {}",
        notice.kind.code(),
        notice.to.id,
        notice.due.period,
        notice.due.day
    )
}

/// A count as outcomes have it.
pub(super) fn count(amount: usize) -> u64 {
    u64::try_from(amount).unwrap_or(u64::MAX)
}
