//! Trust chains: shared at delivery, then told to the hub
//! (contract integrations.md §2).

use futures_util::FutureExt as _;
use serde_json::Value;

use super::{Peers, Undelivered};

/// The member of `event.data` with the address of the share.
const URL: &str = "certChainDatashareUrl";

/// The chain, when a row's payload is one.
pub(super) fn of(payload: &Value) -> Option<&Value> {
    payload.get("certsChain")
}

/// Shares a chain and publishes where it is. Every try makes a share of its
/// own, since an address lives for minutes only; the event's id stays the same,
/// so that consumers see one upload.
pub(super) async fn deliver(
    peers: &Peers,
    topic: &str,
    payload: &Value,
) -> Result<(), Undelivered> {
    let (Some(hub), Some(datashare)) = (&peers.hub, &peers.datashare) else {
        return Err(Undelivered::NoPeer);
    };
    let unusable = || Undelivered::Never("the row is not a trust chain".to_owned());
    let chain = of(payload)
        .and_then(Value::as_str)
        .filter(|chain| !chain.is_empty())
        .ok_or_else(unusable)?;
    let mut event = payload.get("envelope").cloned().ok_or_else(unusable)?;
    let data = event
        .pointer_mut("/event/data")
        .and_then(Value::as_object_mut)
        .ok_or_else(unusable)?;
    let url = datashare.share(chain).boxed().await?;
    data.insert(URL.to_owned(), Value::from(url));
    hub.publish(topic, &event).boxed().await
}
