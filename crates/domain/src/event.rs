//! Events for the WebSub hub (contract integrations.md §1).

use chrono::{DateTime, NaiveDateTime, SecondsFormat, Utc};
use serde::Serialize;
use serde_json::Value;

/// Who emits an event; the strings are part of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Emitter {
    /// `publisher` and `event.type.name`.
    pub name: &'static str,
    /// `event.type.namespace`.
    pub namespace: &'static str,
}

/// Partner activation, API keys, OIDC clients.
pub const PARTNER_MANAGER: Emitter = Emitter {
    name: "PartnerManagementServiceImpl",
    namespace: "io.mosip.pmp.partner.manager.service.impl.PartnerManagementServiceImpl",
};
/// Partner certificate upload.
pub const PARTNER_SERVICE: Emitter = Emitter {
    name: "PartnerServiceImpl",
    namespace: "io.mosip.pmp.partner.service.impl.PartnerServiceImpl",
};
/// Certificate upload of an FTM chip.
pub const FTM_CHIPS: Emitter = Emitter {
    name: "PartnerServiceImpl",
    namespace: "io.mosip.pms.device.authdevice.service.impl.FTPChipDetailServiceImpl",
};
/// MISP licences.
pub const INFRA_PROVIDER: Emitter = Emitter {
    name: "InfraProviderServiceImpl",
    namespace: "io.mosip.pmp.partner.service.impl.InfraProviderServiceImpl",
};
/// The policy service.
pub const POLICY_SERVICE: Emitter = Emitter {
    name: "PolicyManagementService",
    namespace: "io.mosip.pmp.policy.service",
};

/// The topics that PMS publishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Topic {
    /// A new API key, with its partner and policy.
    ApiKeyApproved,
    /// An API key changed its status or policy.
    ApiKeyUpdated,
    /// A partner was activated, deactivated or got a certificate.
    PartnerUpdated,
    /// A policy was published or changed its status.
    PolicyUpdated,
    /// A new MISP licence.
    MispLicenseGenerated,
    /// A MISP licence changed.
    MispLicenseUpdated,
    /// A new OIDC client.
    OidcClientCreated,
    /// An OIDC client changed.
    OidcClientUpdated,
    /// A partner's trust chain is ready for download.
    CaCertificateUploaded,
}

impl Topic {
    /// Every topic, for registration at the hub.
    pub const ALL: [Self; 9] = [
        Self::ApiKeyApproved,
        Self::ApiKeyUpdated,
        Self::PartnerUpdated,
        Self::PolicyUpdated,
        Self::MispLicenseGenerated,
        Self::MispLicenseUpdated,
        Self::OidcClientCreated,
        Self::OidcClientUpdated,
        Self::CaCertificateUploaded,
    ];

    /// The topic's name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ApiKeyApproved => "APIKEY_APPROVED",
            Self::ApiKeyUpdated => "APIKEY_UPDATED",
            Self::PartnerUpdated => "PARTNER_UPDATED",
            Self::PolicyUpdated => "POLICY_UPDATED",
            Self::MispLicenseGenerated => "MISP_LICENSE_GENERATED",
            Self::MispLicenseUpdated => "MISP_LICENSE_UPDATED",
            Self::OidcClientCreated => "OIDC_CLIENT_CREATED",
            Self::OidcClientUpdated => "OIDC_CLIENT_UPDATED",
            Self::CaCertificateUploaded => "CA_CERTIFICATE_UPLOADED",
        }
    }
}

/// What happened, for the relying modules. Holds bearer secrets: never logged.
#[derive(Clone, PartialEq, Eq)]
pub struct Event {
    /// Where it is published.
    pub topic: Topic,
    /// Who says so.
    pub emitter: Emitter,
    /// Events of one subject are delivered in order: a partner or policy id.
    pub subject: Option<String>,
    /// The named objects of `event.data`.
    pub data: EventData,
}

impl std::fmt::Debug for Event {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Event")
            .field("topic", &self.topic)
            .finish_non_exhaustive()
    }
}

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

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<'a> {
    publisher: &'a str,
    topic: &'a str,
    published_on: Instant,
    event: Body<'a>,
}

#[derive(Serialize)]
struct Body<'a> {
    id: &'a str,
    r#type: Kind<'a>,
    timestamp: Instant,
    data: &'a EventData,
}

#[derive(Serialize)]
struct Kind<'a> {
    namespace: &'a str,
    name: &'a str,
}

impl Event {
    /// The JSON that the hub gets (contract integrations.md §1.2): `id` is stable over
    /// redeliveries.
    ///
    /// # Errors
    /// Only if a member can't be written as JSON, which none of ours can cause.
    pub fn envelope(&self, id: &str, at: DateTime<Utc>) -> Result<Value, serde_json::Error> {
        let at = Instant(at.naive_utc());
        let kind = Kind {
            namespace: self.emitter.namespace,
            name: self.emitter.name,
        };
        serde_json::to_value(Envelope {
            publisher: self.emitter.name,
            topic: self.topic.name(),
            published_on: at,
            event: Body {
                id,
                r#type: kind,
                timestamp: at,
                data: &self.data,
            },
        })
    }
}
