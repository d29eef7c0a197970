//! The data of events (contract integrations.md §1.3).

use chrono::{NaiveDateTime, SecondsFormat};
use serde::Serialize;
use serde_json::Value;

/// The named objects of `event.data` (contract integrations.md §1.3); absent ones are not written.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EventData {
    /// The partner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner_data: Option<PartnerData>,
    /// The policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_data: Option<PolicyData>,
    /// The API key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_key_data: Option<ApiKeyData>,
    /// The MISP licence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub misp_license_data: Option<MispLicenseData>,
    /// The OIDC client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_data: Option<ClientData>,
    /// Where the trust chain can be downloaded; filled at delivery.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cert_chain_datashare_url: Option<String>,
    /// Domain of the trust chain: `AUTH`, `DEVICE`, `FTM`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner_domain: Option<String>,
}

/// `partnerData`.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PartnerData {
    /// Partner id.
    pub partner_id: String,
    /// Organisation name.
    pub partner_name: String,
    /// PEM of the MOSIP-signed leaf; `""` when there is none, never null.
    pub certificate_data: String,
    /// `ACTIVE` or `DEACTIVE`.
    pub partner_status: Status,
}

/// `policyData`; no member may be null at the consumer.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyData {
    /// Policy id.
    pub policy_id: String,
    /// The policy document, as an object.
    pub policy: Value,
    /// Policy name.
    pub policy_name: String,
    /// `ACTIVE` or `DEACTIVE`.
    pub policy_status: Status,
    /// Description.
    pub policy_description: String,
    /// Start of validity, UTC.
    pub policy_commence_on: Instant,
    /// End of validity, UTC.
    pub policy_expires_on: Instant,
}

/// `apiKeyData`. The id is the key itself.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ApiKeyData {
    /// The API key: a bearer secret.
    pub api_key_id: String,
    /// Start of validity, UTC.
    pub api_key_commence_on: Instant,
    /// End of validity, UTC.
    pub api_key_expires_on: Option<Instant>,
    /// `ACTIVE` or `DEACTIVE`.
    pub api_key_status: Status,
}

/// `mispLicenseData`.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MispLicenseData {
    /// Partner id of the MISP.
    pub misp_id: String,
    /// The licence key: a bearer secret.
    pub license_key: String,
    /// Start of validity, UTC.
    pub misp_commence_on: Instant,
    /// End of validity, UTC.
    pub misp_expires_on: Option<Instant>,
    /// `ACTIVE` or `NOT_ACTIVE`.
    pub misp_status: MispStatus,
}

/// `clientData`; no member may be null at the consumer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClientData {
    /// Client id.
    pub client_id: String,
    /// The plain name, or the names by language as JSON text: what is stored.
    pub client_name: String,
    /// `ACTIVE` or `INACTIVE`.
    pub client_status: String,
    /// Claims that it may ask for.
    pub user_claims: Vec<String>,
    /// ACR values that it may ask for.
    pub auth_context_refs: Vec<String>,
    /// How it authenticates itself.
    pub client_auth_methods: Vec<String>,
}

/// Status of MISP licences in events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum MispStatus {
    /// Usable.
    #[serde(rename = "ACTIVE")]
    Active,
    /// Not usable.
    #[serde(rename = "NOT_ACTIVE")]
    NotActive,
}

/// Status of partners, policies and API keys in events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Status {
    /// Usable.
    #[serde(rename = "ACTIVE")]
    Active,
    /// Not usable.
    #[serde(rename = "DEACTIVE")]
    Deactive,
}

impl Status {
    /// `Active` when `active`.
    pub const fn of(active: bool) -> Self {
        if active { Self::Active } else { Self::Deactive }
    }
}

/// A UTC instant in the wire's form `2025-07-01T10:11:12.345Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(pub NaiveDateTime);

impl std::fmt::Display for Instant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(
            &self
                .0
                .and_utc()
                .to_rfc3339_opts(SecondsFormat::Millis, true),
        )
    }
}

impl Serialize for Instant {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
