//! Verification of intent (W3C WebSub §5.3): the callback must repeat a challenge.

use uuid::Uuid;

use super::delivery::{Deliverer, Target};

/// What the callback is to confirm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Subscribe {
        /// Seconds that the subscription will last.
        lease: i64,
    },
    Unsubscribe,
}

/// One question to a callback.
pub(super) struct Intent {
    mode: Mode,
    challenge: String,
}

impl Intent {
    pub(super) fn new(mode: Mode) -> Self {
        Self {
            mode,
            challenge: Uuid::new_v4().to_string(),
        }
    }
}

impl Deliverer {
    /// Asks the callback; the error says why that is no confirmation.
    pub(super) async fn ask(&self, target: &Target, intent: &Intent) -> Result<(), String> {
        let mut url = target.callback.clone();
        let mode = match intent.mode {
            Mode::Subscribe { .. } => "subscribe",
            Mode::Unsubscribe => "unsubscribe",
        };
        url.query_pairs_mut()
            .append_pair("hub.mode", mode)
            .append_pair("hub.topic", &target.topic)
            .append_pair("hub.challenge", &intent.challenge);
        if let Mode::Subscribe { lease } = intent.mode {
            url.query_pairs_mut()
                .append_pair("hub.lease_seconds", &lease.to_string());
        }
        let request = self.http().get(url);
        let mut response = request
            .send()
            .await
            .map_err(|e| e.without_url().to_string())?;
        if !response.status().is_success() {
            return Err(format!("it answers {}", response.status()));
        }
        let mut answer = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|e| e.without_url().to_string())?
        {
            answer.extend_from_slice(&chunk);
            if answer.len() > intent.challenge.len().saturating_add(2) {
                break;
            }
        }
        if answer.trim_ascii() != intent.challenge.as_bytes() {
            return Err("it doesn't repeat the challenge".to_owned());
        }
        Ok(())
    }
}
