//! Mails to partners, queued with the change that they report.

use pms_database::outbox::writer;
use pms_database::partners::Partner;
use pms_database::{Connection, DbError, Stamp};
use pms_domain::event::Instant;
use pms_domain::partner::mail::{Addressee, MailKind, PartnerMail};

/// Queues a mail to a partner; one without an address gets none.
pub(crate) fn queue(
    conn: &mut Connection,
    kind: MailKind<'_>,
    partner: &Partner,
    default_language: Option<&str>,
    stamp: &Stamp,
) -> Result<(), DbError> {
    let Some(email) = partner
        .email_id
        .as_deref()
        .filter(|email| !email.is_empty())
    else {
        return Ok(());
    };
    let addressee = Addressee {
        partner_id: &partner.id,
        partner_name: &partner.name,
        email,
        lang_code: partner.lang_code.as_deref().or(default_language),
        is_active: partner.is_active,
    };
    let mail = PartnerMail::new(kind, addressee, Instant(stamp.at));
    let payload = serde_json::to_value(&mail)
        .map_err(|error| DbError::Internal(format!("a mail is not JSON: {error}")))?;
    writer::mail(conn, kind.name(), &partner.id, payload)?;
    Ok(())
}
