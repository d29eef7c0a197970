//! Mails about API keys that expire soon, where partners get no notices of them
//! (contract clients-users-notifications.md §5). One mail is sent for each key.

use aws_lc_rs::digest::{SHA256, digest};
use chrono::{Days, NaiveDateTime};
use pms_database::ends::{self, EndingKey};
use pms_database::outbox::writer;
use pms_database::{Connection, DbError};
use pms_domain::event::Instant;
use pms_domain::partner::mail::{Addressee, KeyFacts, MailKind, PartnerMail};

use super::ending::{Ending as _, Pages};
use super::notice::readable;
use super::own_things;
use super::recipients::Partners;
use crate::jobs::{JobContext, JobError, Lease, Outcome, RunPlan};

/// Days that a mail is remembered after the end that it named.
const KEEP_DAYS: u64 = 60;

/// API keys: notices where they are wanted, else mails.
pub(super) async fn run(
    context: &JobContext,
    plan: &RunPlan,
    lease: &Lease,
) -> Result<Outcome, JobError> {
    let settings = context.job_settings();
    if settings.notices_of(EndingKey::KIND.name()) {
        return own_things::keys(context, plan, lease).await;
    }
    let mut outcome = Outcome::default();
    let now = plan.now.naive_utc();
    let until = plan
        .day()
        .checked_add_days(Days::new(u64::from(settings.api_key_mail_days) + 1));
    let Some(until) = until.filter(|_| settings.api_key_mail_days > 0) else {
        return Ok(outcome);
    };
    let partners = Partners::of(context).await?;
    let mut pages = Pages::of((now, until.into()));
    while let Some(page) = pages.next::<EndingKey>(context, lease).await? {
        for key in page {
            outcome.examined += 1;
            let Some(to) = partners
                .recipient(&key.owner)
                .filter(|to| to.email.is_some())
            else {
                outcome.skipped += 1;
                continue;
            };
            if plan.dry_run {
                let ends = key.valid_to_datetime.map(readable).unwrap_or_default();
                let (to, label) = (&to.id, &key.label);
                outcome.line(format!("mail to {to}: API key {label} expires on {ends}"));
                continue;
            }
            lease.check().await?;
            let mail = move |conn: &mut Connection| queue(conn, &key, &to.language, now);
            match context.db.transaction(mail).await {
                Ok(true) => outcome.changed += 1,
                Ok(false) => outcome.skipped += 1,
                Err(error) => {
                    tracing::warn!(%error, "a mail about an API key can't be queued");
                    outcome.failed += 1;
                }
            }
        }
    }
    if !plan.dry_run {
        forget(context, now).await?;
    }
    Ok(outcome)
}

/// Queues the mail, unless it was before.
fn queue(
    conn: &mut Connection,
    key: &EndingKey,
    language: &str,
    now: NaiveDateTime,
) -> Result<bool, DbError> {
    let Some((ends_at, email)) = key.valid_to_datetime.zip(key.owner.email_id.as_deref()) else {
        return Ok(false);
    };
    let facts = KeyFacts {
        label: &key.label,
        policy_id: &key.policy_id,
        policy_name: key.policy_name.as_deref().unwrap_or_default(),
        policy_active: key.policy_is_active == Some(true),
        policy_expires_on: Instant(key.policy_ends_at.unwrap_or(ends_at)),
        key_active: true,
        key_expires_on: Some(Instant(ends_at)),
    };
    let kind = MailKind::KeyExpires(facts);
    // The key itself is a secret.
    let hash = hex::encode(digest(&SHA256, key.policy_api_key.as_bytes()).as_ref());
    if !ends::note_mail(conn, (kind.name(), &hash, ends_at), now)? {
        return Ok(false);
    }
    let addressee = Addressee {
        partner_id: &key.owner.id,
        partner_name: &key.owner.name,
        email,
        lang_code: Some(language),
        is_active: key.owner.is_active,
    };
    let mail = PartnerMail::new(kind, addressee, Instant(now));
    let payload = serde_json::to_value(&mail)
        .map_err(|error| DbError::Internal(format!("a mail is not JSON: {error}")))?;
    writer::mail(conn, kind.name(), &key.owner.id, payload)?;
    Ok(true)
}

async fn forget(context: &JobContext, now: NaiveDateTime) -> Result<(), JobError> {
    let before = now.checked_sub_days(Days::new(KEEP_DAYS)).unwrap_or(now);
    context
        .db
        .transaction(move |conn| Ok(ends::forget_mails(conn, before)?))
        .await?;
    Ok(())
}
