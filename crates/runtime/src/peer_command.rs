//! Changes that need a peer's answer: check, ask, check again, write.
//!
//! See `docs/peers-in-use-cases.md`.

use std::sync::Arc;

use pms_database::outbox::AuditTrail;
use pms_database::{Connection, Db, DbError, Stamp};
use pms_web::ApiResult;

/// A change that needs an answer which only a peer has: a certificate, cipher
/// text, a client id.
///
/// No peer is called inside a transaction, so the change takes two database
/// closures with the call between them. What the first one saw may be history by
/// the time of the second, which therefore decides anew.
pub trait PeerCommand: Send + Sync + 'static {
    /// What the first check found out, and the peer is asked with.
    type Question: Send + 'static;
    /// What the peer answered, with what it was asked for.
    type Prefetched: Send + 'static;
    /// What the change comes to.
    type Done: Send + 'static;

    /// Author and time of the change.
    fn stamp(&self) -> &Stamp;

    /// Notes the attempt and decides whether the change may be made, so that no
    /// peer is asked in vain. Locks and writes nothing: no transaction is begun for it.
    ///
    /// # Errors
    /// The refusals, in the order of the contract.
    fn check(
        &self,
        conn: &mut Connection,
        trail: &mut AuditTrail,
    ) -> Result<Self::Question, DbError>;

    /// Locks what the decision depends on, decides again, writes the change with
    /// its events, and notes the success.
    ///
    /// # Errors
    /// The refusals, in the order of the contract; [`DbError::Busy`] when the
    /// peer was asked about what is no longer there.
    fn write(
        &self,
        conn: &mut Connection,
        trail: &mut AuditTrail,
        prefetched: Self::Prefetched,
    ) -> Result<Self::Done, DbError>;
}

/// Runs a command. `ask` calls the peer; no connection is held meanwhile.
///
/// # Errors
/// Those of the two closures, and what `ask` makes of the peer's.
pub async fn run<C: PeerCommand>(
    db: &Db,
    command: C,
    ask: impl AsyncFnOnce(&C, C::Question) -> ApiResult<C::Prefetched>,
) -> ApiResult<C::Done> {
    let command = Arc::new(command);
    let first = Arc::clone(&command);
    let check = move |conn: &mut Connection, trail: &mut AuditTrail| {
        let question = first.check(conn, trail)?;
        Ok((question, trail.attempt()))
    };
    let (question, attempt) = db.checked(command.stamp().clone(), check).await?;
    let prefetched = ask(&command, question).await?;
    let stamp = command.stamp().clone();
    let write = move |conn: &mut Connection, trail: &mut AuditTrail| {
        trail.resume(attempt);
        command.write(conn, trail, prefetched)
    };
    Ok(db.audited(stamp, write).await?)
}
