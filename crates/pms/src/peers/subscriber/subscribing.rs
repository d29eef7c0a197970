//! Subscribing, and renewing the subscriptions.

use std::time::Duration;

use tokio::task::JoinHandle;

use super::{CALLBACK, CLIENT, Subscriber};
use crate::hub::HUB_PATH;

/// Seconds that a subscription shall last: ten days.
const LEASE: &str = "864000";
/// How often subscriptions are renewed.
const RENEW: Duration = Duration::from_secs(24 * 3600);
/// How long to wait for the hub's question.
const PATIENCE: Duration = Duration::from_secs(2);

/// The work of subscribing; it ends when this is dropped.
pub(in crate::peers) struct Subscribing(JoinHandle<()>);

impl Drop for Subscribing {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Subscriber {
    /// Subscribes to every topic once the hub answers, and renews that for ever.
    pub(in crate::peers) fn subscribe(&self) -> Subscribing {
        let subscriber = self.clone();
        Subscribing(tokio::spawn(async move {
            loop {
                while !subscriber.ask_for_missing().await {
                    tokio::time::sleep(PATIENCE).await;
                }
                tokio::time::sleep(RENEW).await;
                subscriber.forget_confirmations();
            }
        }))
    }

    /// Asks for the topics that are not confirmed; whether there were none.
    async fn ask_for_missing(&self) -> bool {
        let topics = self.topics().into_iter();
        let missing: Vec<_> = topics.filter(|(_, confirmed)| !confirmed).collect();
        for (topic, _) in &missing {
            if let Err(reason) = self.ask(topic).await {
                tracing::warn!(topic, reason, "no subscription yet");
            }
        }
        missing.is_empty()
    }

    async fn ask(&self, topic: &str) -> Result<(), String> {
        let address = |path: &str| self.0.base.join(path).map_err(|error| error.to_string());
        let (hub, callback) = (address(HUB_PATH)?, address(&format!("{CALLBACK}{topic}"))?);
        let token = self.0.identity.mint_service_account(CLIENT);
        let token = token.map_err(|error| error.to_string())?;
        let form = [
            ("hub.mode", "subscribe"),
            ("hub.topic", topic),
            ("hub.callback", callback.as_str()),
            ("hub.secret", &self.0.secret),
            ("hub.lease_seconds", LEASE),
        ];
        let request = self.0.http.post(hub).form(&form);
        let request = request.header("cookie", format!("Authorization={token}"));
        let response = request.send().await;
        let response = response.map_err(|error| error.without_url().to_string())?;
        if response.status().is_success() {
            Ok(())
        } else {
            Err(format!("the hub answered {}", response.status()))
        }
    }
}
