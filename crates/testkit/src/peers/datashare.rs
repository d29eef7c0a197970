//! A data share on a port of its own.

use chrono::DateTime;
use pms_peers::datashare::{PATH, Shares, Terms};
use serde_json::Value;

use super::stand_in::{Served, faulty};

/// One share that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// Where it can be downloaded.
    pub url: String,
    /// What was shared.
    pub content: String,
}

/// A data share on a free port of loopback, with the policy and the subscriber
/// of the default rows.
pub struct DatasharePeer {
    served: Served<Shares>,
}

impl DatasharePeer {
    /// Starts without shares.
    pub fn start() -> Self {
        Self {
            served: Served::start(Shares::default()),
        }
    }

    /// Its create endpoint, without policy and subscriber.
    pub fn url(&self) -> String {
        self.served.url(PATH)
    }

    /// The shares that were made, oldest first.
    pub fn shares(&self) -> Vec<Share> {
        let made = self.served.work().made().into_iter();
        made.map(|share| Share {
            url: share.url,
            content: String::from_utf8(share.content).unwrap(),
        })
        .collect()
    }

    /// Shares with the subscriber under the policy from now on.
    pub fn allow(&self, policy_id: &str, subscriber_id: &str, terms: Terms) {
        self.served.work().allow(policy_id, subscriber_id, terms);
    }

    /// Shares with the subscriber under the policy no longer.
    pub fn forbid(&self, policy_id: &str, subscriber_id: &str) {
        self.served.work().forbid(policy_id, subscriber_id);
    }
}

faulty!(DatasharePeer);

/// An answer of a data share that refuses.
pub fn refusal(code: &str, message: &str) -> Value {
    pms_peers::datashare::refusal(code, message, DateTime::UNIX_EPOCH)
}
