//! Mails of notifications: the row of the notification is told when its mail was
//! sent, and the audit trail what became of it
//! (contract clients-users-notifications.md §4.7).

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use pms_database::outbox::leases::Delivery;
use pms_database::{Clock, Db, Stamp, notifications};
use pms_domain::notification::Kind;
use pms_domain::notification::audits::{self, FAILED, about_notification};
use serde::Deserialize;

use super::Mailer;
use crate::dispatcher::{Deliverer, Undelivered};

/// Author of notifications.
const SYSTEM: &str = "SYSTEM";

/// Delivers mails, those of notifications with their book-keeping.
pub struct NoticeMailer {
    /// Sends them.
    pub mailer: Mailer,
    /// Has the notifications.
    pub db: Db,
    /// The time.
    pub clock: Clock,
}

/// What the payload says of the notification, beside the mail itself.
#[derive(Deserialize)]
struct Payload {
    notification: Option<Notice>,
}

#[derive(Deserialize)]
struct Notice {
    id: String,
    #[serde(rename = "type")]
    kind: String,
}

impl Notice {
    /// The notification of a mail, if it has one.
    fn of(row: &Delivery) -> Option<Self> {
        Payload::deserialize(&row.payload).ok()?.notification
    }
}

impl NoticeMailer {
    async fn send(&self, row: &Delivery) -> Result<(), Undelivered> {
        let Some(notice) = Notice::of(row) else {
            return self.mailer.deliver(row).await;
        };
        if self.is_sent(&notice.id).await? {
            return Ok(());
        }
        self.mailer.deliver(row).await?;
        self.note_sent(notice).await;
        Ok(())
    }

    /// A mail whose row was not acknowledged comes again; it is not sent again.
    async fn is_sent(&self, id: &str) -> Result<bool, Undelivered> {
        let id = id.to_owned();
        let sent = self
            .db
            .read(move |conn| Ok(notifications::is_mail_sent(conn, &id)?))
            .await;
        // A notification that is gone has no record of it; its mail is sent.
        sent.map(|sent| sent == Some(true))
            .map_err(|error| Undelivered::Retry(error.to_string()))
    }

    /// The mail is out: nothing here may bring it again.
    async fn note_sent(&self, notice: Notice) {
        let at = self.clock.now_naive();
        let noted = self.db.audited(Stamp::new(SYSTEM, at), move |conn, trail| {
            notifications::note_mail_sent(conn, &notice.id, at)?;
            if let Some(kind) = Kind::of_code(&notice.kind) {
                trail.note(audits::of_kind(kind).sent, about_notification(&notice.id));
            }
            Ok(())
        });
        if let Err(error) = noted.await {
            tracing::warn!(%error, "that the mail of a notification was sent is not noted");
        }
    }

    /// The mail will not be sent any more: its address is none, the notifier does not take it,
    /// or it is too old.
    async fn note_failure(&self, row: &Delivery) {
        let Some(kind) = Notice::of(row).and_then(|notice| Kind::of_code(&notice.kind)) else {
            return;
        };
        let stamp = Stamp::new(SYSTEM, self.clock.now_naive());
        let failure = audits::of_kind(kind).not_sent;
        self.db
            .note(stamp, |trail| {
                trail.note(failure, about_notification(FAILED));
            })
            .await;
    }
}

impl Deliverer for NoticeMailer {
    fn deliver<'a>(&'a self, row: &'a Delivery) -> BoxFuture<'a, Result<(), Undelivered>> {
        self.send(row).boxed()
    }

    fn give_up<'a>(&'a self, row: &'a Delivery) -> BoxFuture<'a, ()> {
        self.note_failure(row).boxed()
    }
}
