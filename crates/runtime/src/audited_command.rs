//! Changes in one transaction, with what is noted about them.

use pms_database::outbox::AuditTrail;
use pms_database::{Connection, DbError, Stamp};
use pms_web::ApiResult;

use crate::BaseContext;

/// A change that the database alone decides; where a peer must be asked as well, it is
/// a [`crate::peer_command::PeerCommand`].
pub trait AuditedCommand: Send + 'static {
    /// What the change comes to.
    type Done: Send + 'static;

    /// Author and time of the change.
    fn stamp(&self) -> &Stamp;

    /// Notes the attempt, checks, locks, writes the change with its events, and notes
    /// the success.
    ///
    /// # Errors
    /// The refusals, in the order of the contract.
    fn run(self, conn: &mut Connection, trail: &mut AuditTrail) -> Result<Self::Done, DbError>;
}

impl BaseContext {
    /// Runs a command in one transaction. What it noted is kept also when it is refused.
    ///
    /// # Errors
    /// Those of the command, and when the database can't be asked.
    pub async fn perform<C: AuditedCommand>(&self, command: C) -> ApiResult<C::Done> {
        let stamp = command.stamp().clone();
        let work = move |conn: &mut Connection, trail: &mut AuditTrail| command.run(conn, trail);
        Ok(self.db.audited(stamp, work).await?)
    }
}
