//! The queues of the outbox.

use std::fmt::{self, Display};
use std::str::FromStr;

/// Declares the queues once: the enum, the list of all, and their names.
macro_rules! queues {
    ($($(#[$doc:meta])* $queue:ident = $name:literal,)+) => {
        /// What kind of delivery a row wants. Queues don't wait for each other.
        ///
        /// The table calls a queue's name its `lane`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Queue {
            $($(#[$doc])* $queue,)+
        }

        impl Queue {
            /// Every queue.
            pub const ALL: &'static [Self] = &[$(Self::$queue,)+];

            /// The queue as the table, the settings and the metrics spell it.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$queue => $name,)+
                }
            }
        }
    };
}

queues! {
    /// Events for the WebSub hub.
    Event = "event",
    /// Trust chains: shared through the data share, then published at the hub.
    TrustChain = "trust-chain",
    /// Audit records for the Audit Manager.
    Audit = "audit",
    /// Mails for the notifier.
    Mail = "mail",
    /// Changes of OIDC clients for eSignet.
    OidcClient = "oidc-client",
}

impl Queue {
    /// The queue whose earlier rows of the same order key are delivered first.
    pub(super) const fn after(self) -> Option<Self> {
        match self {
            // Consumers get a partner's certificate before its chain.
            Self::TrustChain => Some(Self::Event),
            Self::Event | Self::Audit | Self::Mail | Self::OidcClient => None,
        }
    }
}

impl Display for Queue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that no queue has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no queue `{name}`; the queues are {}", names())]
pub struct UnknownQueue {
    name: String,
}

fn names() -> String {
    let names: Vec<&str> = Queue::ALL.iter().map(|queue| queue.name()).collect();
    names.join(", ")
}

impl FromStr for Queue {
    type Err = UnknownQueue;

    fn from_str(name: &str) -> Result<Self, UnknownQueue> {
        let named = |queue: &&Self| queue.name() == name;
        let found = Self::ALL.iter().find(named);
        found.copied().ok_or_else(|| UnknownQueue {
            name: name.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queue_is_found_by_its_name_and_an_unknown_name_lists_the_choices() {
        for queue in Queue::ALL {
            assert_eq!(queue.name().parse(), Ok(*queue));
        }
        let refused = "mails".parse::<Queue>().unwrap_err().to_string();
        assert_eq!(
            refused,
            "there is no queue `mails`; the queues are event, trust-chain, audit, mail, oidc-client"
        );
    }
}
