//! Queueing; call it in the transaction that makes the news true, after the
//! locks and changes of the use case: what has an order key takes a lock on that
//! key here, and holds it until the commit. A transaction that queues under several
//! keys does so in the order of the keys.
//!
//! Rows are due at once, by the database's clock: `at` is the instant that the
//! payload names.

use chrono::NaiveDateTime;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Timestamp;
use pms_domain::audit::AuditRecord;
use pms_domain::event::{Event, Instant, Topic};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Queue, heads};
use crate::DbError;
use crate::locks::{self, Lock};
use crate::request;
use crate::schema::outbox;

/// The topics of the queue of eSignet.
const CLIENT_UPDATE: &str = "CLIENT_UPDATE";
const CLIENT_END: &str = "CLIENT_END";

#[derive(Insertable)]
#[diesel(table_name = outbox)]
struct NewRow<'a> {
    id: Uuid,
    lane: &'a str,
    topic: &'a str,
    order_key: Option<&'a str>,
    payload: Value,
    is_head: bool,
    request_id: Option<&'a str>,
}

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
    let mut payload = to_json(record)?;
    if let Some(members) = payload.as_object_mut() {
        members.insert("actionTimeStamp".to_owned(), json!(Instant(at)));
    }
    insert(
        conn,
        Uuid::new_v4(),
        (Queue::Audit, &record.event_id),
        None,
        payload,
    )
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
    let mut is_head = true;
    if let Some(key) = order_key {
        // Numbers are given at the insert and rows appear at the commit. Unless
        // the two agree, a later event would be delivered before an earlier one
        // whose transaction takes longer.
        locks::hold(conn, Lock::OutboxOrder(key))?;
        is_head = heads::would_be(conn, queue.name(), key)?;
    }
    let request_id = request::id();
    let row = NewRow {
        id,
        lane: queue.name(),
        topic,
        order_key,
        payload,
        is_head,
        request_id: request_id.as_deref(),
    };
    let now = || sql::<Timestamp>("clock_timestamp() AT TIME ZONE 'UTC'");
    let times = (
        outbox::next_attempt_at.eq(now()),
        outbox::created_at.eq(now()),
    );
    diesel::insert_into(outbox::table)
        .values((row, times))
        .execute(conn)?;
    Ok(id)
}
