//! The life of a client: it is active until somebody ends that for good.

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
