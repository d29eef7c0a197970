//! What the hub of the deployment delivered.

use std::time::Duration;

use serde_json::Value;

use super::super::client::text_at;
use super::Scenario;
use crate::commands::CommandError;

impl Scenario {
    /// The number of the last event before the demonstration, if there is a hub to ask.
    pub(super) async fn events_so_far(&self) -> u64 {
        let last = self.deployment.open_page("/dev/events.json").await.ok();
        let last = last.and_then(|events| events.as_array()?.last()?.get("seq")?.as_u64());
        last.unwrap_or(0)
    }

    pub(super) async fn hear_events(
        &mut self,
        seen: u64,
        api_key: &str,
        policy_id: &str,
    ) -> Result<(), CommandError> {
        if self.accounts.module.is_none() {
            return Ok(());
        }
        let mine = |event: &Value| {
            text_at(event, "/topic") == Some("APIKEY_APPROVED")
                && text_at(event, "/payload/event/data/apiKeyData/apiKeyId") == Some(api_key)
        };
        let events = self.wait_for_event(seen, "APIKEY_APPROVED", mine).await?;
        let id = self.accounts.partner_id.as_str();
        let topics: Vec<&str> = events
            .iter()
            .filter(|event| event.to_string().contains(id) || event.to_string().contains(policy_id))
            .filter_map(|event| text_at(event, "/topic"))
            .collect();
        let topics = topics.join(", ");
        self.tell("The hub delivered the events", topics);
        Ok(())
    }

    /// The events since `seen`, once one of them is the one that is waited for.
    pub(super) async fn wait_for_event(
        &self,
        seen: u64,
        topic: &str,
        wanted: impl Fn(&Value) -> bool,
    ) -> Result<Vec<Value>, CommandError> {
        let path = format!("/dev/events.json?after={seen}");
        let heard = tokio::time::timeout(Duration::from_secs(10), async {
            let mut ticks = tokio::time::interval(Duration::from_millis(50));
            loop {
                ticks.tick().await;
                let events = self.deployment.open_page(&path).await?;
                let events = events.as_array().cloned().unwrap_or_default();
                if events.iter().any(&wanted) {
                    return Ok::<_, CommandError>(events);
                }
            }
        });
        heard.await.map_err(|_elapsed| {
            CommandError(format!("the event {topic} was not delivered within 10 s"))
        })?
    }
}
