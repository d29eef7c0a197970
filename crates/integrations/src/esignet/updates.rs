//! Changes of clients that eSignet is given from the outbox: those that no user
//! waits for, such as the end of a partner's clients, and those that put right
//! what a call left half done.

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use pms_database::oidc_clients::{OidcClient, unfinished};
use pms_database::outbox::leases::Delivery;
use pms_database::{Db, oidc_clients};
use serde_json::Value;

use super::answers::Fault;
use super::unstored::retried;
use super::{ClientChange, Esignet};
use crate::dispatcher::{Deliverer, Undelivered};

/// Gives eSignet clients as they are stored at the time of the delivery. A
/// repetition does no harm: every update sends the whole record.
pub struct ClientUpdates {
    /// Takes the update.
    pub esignet: Esignet,
    /// Holds the client.
    pub db: Db,
}

impl ClientUpdates {
    async fn send(&self, payload: &Value) -> Result<(), Undelivered> {
        let id = payload.get("clientId").and_then(Value::as_str);
        let id = id.ok_or_else(|| Undelivered::Never("the row names no client".to_owned()))?;
        if let Some(unstored) = payload.get("unstored")
            && self.end(unstored).await?
        {
            return Ok(());
        }
        let wanted = id.to_owned();
        let found = self
            .db
            .read(move |conn| Ok(oidc_clients::find(conn, &wanted)?));
        let found = found.await.map_err(retried)?;
        let Some(client) = found else {
            return Err(Undelivered::Never(
                "the client is not stored any more".to_owned(),
            ));
        };
        let sent = self.esignet.put(id, &ClientChange::stored(&client)).await;
        Self::delivered(sent, client.is_deactivated())?;
        self.still_true(client).await
    }

    /// Makes sure that eSignet has what is stored now. A call that updates the client
    /// asks eSignet first and stores then: which of the two updates eSignet took last
    /// is not known, so this one is sent again behind it.
    async fn still_true(&self, sent: OidcClient) -> Result<(), Undelivered> {
        let looked = self.db.transaction(move |conn| {
            // In this order: a call that is over by the first look has stored what the
            // second one sees, and one that begins behind it asks eSignet later.
            let is_quiet = unfinished::end_updates(conn, &sent.id)?;
            let stored = oidc_clients::find(conn, &sent.id)?;
            Ok(is_quiet && stored.as_ref() == Some(&sent))
        });
        if looked.await.map_err(retried)? {
            return Ok(());
        }
        let why = "the client is updated at this moment";
        Err(Undelivered::Retry(why.to_owned()))
    }

    /// What the answer to an update means for its row. An end is asked for as long as eSignet
    /// could be away, whatever it says: people sign in with the client until it is done.
    pub(super) fn delivered(sent: Result<(), Fault>, ended: bool) -> Result<(), Undelivered> {
        sent.map_err(|fault| match fault {
            Fault::NotSent => {
                Undelivered::Retry("eSignet can't be reached, or refuses us".to_owned())
            }
            Fault::Broken | Fault::Lost => {
                Undelivered::Retry("eSignet did not answer the update".to_owned())
            }
            Fault::Unusable(_) => {
                Undelivered::Retry("eSignet's answer says nothing about the update".to_owned())
            }
            Fault::Refused(why) if ended => Undelivered::Retry(format!(
                "eSignet refuses to end the client, which people can still use: {}",
                why.code()
            )),
            Fault::Refused(why) => {
                Undelivered::Refused(format!("eSignet refuses the update: {}", why.code()))
            }
        })
    }
}

impl Deliverer for ClientUpdates {
    fn deliver<'a>(&'a self, row: &'a Delivery) -> BoxFuture<'a, Result<(), Undelivered>> {
        self.send(&row.payload).boxed()
    }
}
