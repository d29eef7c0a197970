//! How to reach eSignet and the mapping files.

use std::time::Duration;

use super::EsignetAddresses;

/// How to reach eSignet and the mapping files.
#[derive(Debug, Clone)]
pub struct EsignetOptions {
    /// Its endpoints.
    pub addresses: EsignetAddresses,
    /// Address of the mapping of claims; empty: the contract's mapping.
    pub claims_mapping: String,
    /// Address of the mapping of ACR values; empty: the contract's mapping.
    pub acr_mapping: String,
    /// How long a mapping is used before it is fetched again.
    pub refresh: Duration,
    /// Longest a call may take.
    pub timeout: Duration,
}
