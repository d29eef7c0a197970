//! Trust chains: shared at delivery, then published at the hub
//! (contract integrations.md §2).

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use pms_database::outbox::leases::Delivery;
use serde_json::Value;

use crate::datashare::Datashare;
use crate::dispatcher::{Deliverer, Undelivered};
use crate::websub::Hub;

/// The member of a row's payload with the chain.
const CHAIN: &str = "certsChain";
/// The member of `event.data` with the address of the share.
const URL: &str = "certChainDatashareUrl";

/// Shares chains and publishes where they are.
pub struct TrustChains {
    /// Takes the event.
    pub hub: Hub,
    /// Takes the chain.
    pub datashare: Datashare,
}

/// Whether a row's payload is a trust chain.
pub(crate) fn is_trust_chain(payload: &Value) -> bool {
    payload.get(CHAIN).is_some()
}

impl TrustChains {
    /// Every try makes a share of its own, since an address lives for minutes
    /// only; the event's id stays the same, so that consumers see one upload.
    async fn send(&self, topic: &str, payload: &Value) -> Result<(), Undelivered> {
        let unusable = || Undelivered::Never("the row is not a trust chain".to_owned());
        let chain = payload
            .get(CHAIN)
            .and_then(Value::as_str)
            .filter(|chain| !chain.is_empty())
            .ok_or_else(unusable)?;
        let mut event = payload.get("envelope").cloned().ok_or_else(unusable)?;
        let data = event
            .pointer_mut("/event/data")
            .and_then(Value::as_object_mut)
            .ok_or_else(unusable)?;
        let url = self.datashare.share(chain).boxed().await?;
        data.insert(URL.to_owned(), Value::from(url));
        self.hub.publish(topic, &event).boxed().await
    }
}

impl Deliverer for TrustChains {
    fn deliver<'a>(&'a self, row: &'a Delivery) -> BoxFuture<'a, Result<(), Undelivered>> {
        self.send(&row.topic, &row.payload).boxed()
    }
}
