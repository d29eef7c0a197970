//! The life of a client: it is active until it is ended for good.

use serde::{Deserialize, Serialize};

/// Whether users can sign in with a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum ClientStatus {
    /// They can.
    Active,
    /// They can't, and never will again.
    Inactive,
}

impl ClientStatus {
    /// As the wire, the column and eSignet spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Inactive => "INACTIVE",
        }
    }

    /// The status that this word means, in any case.
    pub fn named(word: &str) -> Option<Self> {
        [Self::Active, Self::Inactive]
            .into_iter()
            .find(|status| status.name().eq_ignore_ascii_case(word))
    }
}
