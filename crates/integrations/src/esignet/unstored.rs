//! Clients that eSignet registered and that could not be stored here: they are
//! ended there, unless the same call has stored them meanwhile.

use std::time::Duration;

use pms_database::locks::{self, Lock};
use pms_database::oidc_clients::intents::{self, Intent, Lease};
use pms_database::{DbError, Stamp, oidc_clients};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ClientChange;
use super::updates::ClientUpdates;
use crate::dispatcher::Undelivered;

/// Author of what no user asked for.
const SYSTEM: &str = "SYSTEM";
/// Calls that an update may take: a repetition, the supported claims, fewer claims.
const CALLS: u32 = 4;
/// What they may take beyond the answers: tokens, the way there.
const MARGIN: Duration = Duration::from_secs(2);

/// A client that eSignet has, and that is not stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UnstoredClient {
    /// The request that eSignet got; it stays unresolved, so that the same
    /// call may still take the client.
    pub intent: Intent,
    /// What eSignet is given: the whole record, inactive.
    pub change: ClientChange,
}

/// What became of the client since it was queued.
enum Meanwhile {
    /// The same call was repeated, and is in the middle of it.
    Busy,
    /// It was repeated and has stored the client.
    Stored,
    /// Nothing. Until eSignet has ended it, the same call waits.
    Nothing(Lease),
}

impl UnstoredClient {
    /// The payload of [`pms_database::outbox::AuditTrail::undo_client`].
    pub fn payload(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}

impl ClientUpdates {
    /// Ends the client at eSignet; `false` when it is stored by now.
    pub(super) async fn end(&self, unstored: &Value) -> Result<bool, Undelivered> {
        let unreadable = |_error| Undelivered::Never("the row can't be read".to_owned());
        let unstored: UnstoredClient =
            serde_json::from_value(unstored.clone()).map_err(unreadable)?;
        let UnstoredClient { intent, change } = unstored;
        let busy = || Undelivered::Retry("a call registers the client at this moment".to_owned());
        let lease = match self.take_up(&intent).await.map_err(retried)? {
            Meanwhile::Stored => return Ok(false),
            Meanwhile::Busy => return Err(busy()),
            Meanwhile::Nothing(lease) => lease,
        };
        let sent = self.esignet.put(&intent.client_id, &change).await;
        let left = self
            .db
            .transaction(move |conn| Ok(intents::leave_ended(conn, &intent, lease)?));
        if !left.await.map_err(retried)? {
            // The same call was repeated while eSignet was asked, and may have stored the client.
            return Err(busy());
        }
        Self::delivered(sent, true)?;
        Ok(true)
    }

    /// Looks what became of the client, and keeps the same call from registering it
    /// while eSignet ends it.
    async fn take_up(&self, intent: &Intent) -> Result<Meanwhile, DbError> {
        let wanted = intent.clone();
        let time = self.esignet.timeout * CALLS + MARGIN;
        let taken = self.db.transaction(move |conn| {
            locks::hold(conn, Lock::OidcClient(&wanted.client_id))?;
            if oidc_clients::find(conn, &wanted.client_id)?.is_some() {
                return Ok(Meanwhile::Stored);
            }
            let stamp = Stamp::new(SYSTEM, pms_database::Clock::system().now_naive());
            let declared = intents::declare(conn, &wanted, None, time, &stamp)?;
            Ok(declared.map_or(Meanwhile::Busy, |(_before, lease)| {
                Meanwhile::Nothing(lease)
            }))
        });
        taken.await
    }
}

/// The database does not say.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the shape that map_err wants"
)]
pub(super) fn retried(error: DbError) -> Undelivered {
    Undelivered::Retry(format!("the client can't be looked up: {error}"))
}
