//! Queueing; call it in the transaction that makes the news true, after the
//! locks and changes of the use case: what has an order key takes a lock on that
//! key here, and holds it until the commit. A transaction that queues under several
//! keys does so in the order of the keys.
//!
//! Rows are due at once, by the database's clock: `at` is the instant that the
//! payload names.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use pms_domain::audit::AuditRecord;
use pms_domain::event::{Event, Instant, Topic};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Queue;
use super::insert::QueueRows;
use crate::DbError;
use crate::locks::{self, Lock};
use crate::request;

/// The topics of the queue of eSignet.
const CLIENT_UPDATE: &str = "CLIENT_UPDATE";
const CLIENT_END: &str = "CLIENT_END";

/// Queues an event for the hub. Its id stays the same over redeliveries.
///
/// # Errors
/// When the row can't be written.
pub fn event(conn: &mut PgConnection, event: &Event, at: NaiveDateTime) -> Result<Uuid, DbError> {
    let id = Uuid::new_v4();
    let payload = envelope(event, id, at)?;
    insert(
        conn,
        id,
        (Queue::Event, event.topic.name()),
        event.subject.as_deref(),
        payload,
    )
}

/// Queues a trust chain for the data share and, once it is there, the event
/// `CA_CERTIFICATE_UPLOADED` about it. The share is made at delivery, because
/// its address is short-lived (contract integrations.md §2).
///
/// `event` names the domain and lacks the address; `chain` is the base64url
/// text of the PKCS#7 chain.
///
/// # Errors
/// When the row can't be written.
pub fn trust_chain(
    conn: &mut PgConnection,
    event: &Event,
    chain: &str,
    at: NaiveDateTime,
) -> Result<Uuid, DbError> {
    let id = Uuid::new_v4();
    let topic = Topic::CaCertificateUploaded.name();
    let payload = json!({ "envelope": envelope(event, id, at)?, "certsChain": chain });
    insert(
        conn,
        id,
        (Queue::TrustChain, topic),
        event.subject.as_deref(),
        payload,
    )
}

/// Queues an audit record.
///
/// # Errors
/// When the row can't be written.
pub fn audit(
    conn: &mut PgConnection,
    record: &AuditRecord,
    at: NaiveDateTime,
) -> Result<Uuid, DbError> {
    let id = Uuid::new_v4();
    audits(conn, [(id, record, at)])?;
    Ok(id)
}

/// Queues audit records with one statement, in their order: the id of the row and
/// the instant that the record names.
///
/// # Errors
/// When the rows can't be written.
pub(crate) fn audits<R: std::borrow::Borrow<AuditRecord>>(
    conn: &mut PgConnection,
    records: impl IntoIterator<Item = (Uuid, R, NaiveDateTime)>,
) -> Result<(), DbError> {
    let mut rows = QueueRows::of(request::id().as_deref());
    let mut any = false;
    for (id, record, at) in records {
        let record = record.borrow();
        let mut payload = to_json(record)?;
        if let Some(members) = payload.as_object_mut() {
            members.insert("actionTimeStamp".to_owned(), json!(Instant(at)));
        }
        rows.push(id, (Queue::Audit.name(), &record.event_id), None, payload);
        any = true;
    }
    if any {
        rows.execute(conn)?;
    }
    Ok(())
}

/// Queues a mail: `kind` of the mail, the partner it is about (order), and the
/// template variables with the recipient's encrypted address.
///
/// # Errors
/// When the row can't be written.
pub fn mail(
    conn: &mut PgConnection,
    kind: &str,
    partner_id: &str,
    payload: Value,
) -> Result<Uuid, DbError> {
    insert(
        conn,
        Uuid::new_v4(),
        (Queue::Mail, kind),
        Some(partner_id),
        payload,
    )
}

/// Queues that eSignet is given a client as it is stored, which is read when that
/// is done: whatever else happens to the client before, eSignet gets the last of
/// it. Rows of one client keep their order; the clients of a partner don't wait
/// for each other.
///
/// # Errors
/// When the row can't be written.
pub fn client_update(conn: &mut PgConnection, client_id: &str) -> Result<Uuid, DbError> {
    insert(
        conn,
        Uuid::new_v4(),
        (Queue::OidcClient, CLIENT_UPDATE),
        Some(client_id),
        json!({ "clientId": client_id }),
    )
}

/// Queues that eSignet ends a client which it has and which is not stored here:
/// `payload` has all that is needed for that. A client that is stored by then is
/// given as it is stored.
///
/// # Errors
/// When the row can't be written.
pub fn client_end(
    conn: &mut PgConnection,
    client_id: &str,
    payload: &Value,
) -> Result<Uuid, DbError> {
    insert(
        conn,
        Uuid::new_v4(),
        (Queue::OidcClient, CLIENT_END),
        Some(client_id),
        json!({ "clientId": client_id, "unstored": payload }),
    )
}

fn envelope(event: &Event, id: Uuid, at: NaiveDateTime) -> Result<Value, DbError> {
    event
        .envelope(&id.to_string(), at.and_utc())
        .map_err(not_json)
}

fn to_json(value: &impl serde::Serialize) -> Result<Value, DbError> {
    serde_json::to_value(value).map_err(not_json)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the shape that map_err wants"
)]
fn not_json(error: serde_json::Error) -> DbError {
    DbError::Internal(format!("an outbox payload is not JSON: {error}"))
}

fn insert(
    conn: &mut PgConnection,
    id: Uuid,
    (queue, topic): (Queue, &str),
    order_key: Option<&str>,
    payload: Value,
) -> Result<Uuid, DbError> {
    if let Some(key) = order_key {
        // Numbers are given at the insert and rows appear at the commit. Unless
        // the two agree, a later event would be delivered before an earlier one
        // whose transaction takes longer. A statement of its own: the insert must
        // see what was committed while the lock was waited for.
        locks::hold(conn, Lock::OutboxOrder(key))?;
    }
    let mut rows = QueueRows::of(request::id().as_deref());
    rows.push(id, (queue.name(), topic), order_key, payload);
    rows.execute(conn)?;
    Ok(id)
}
