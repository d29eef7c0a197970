//! Events for the WebSub hub (contract integrations.md §1).

mod data;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

pub use data::{
    ApiKeyData, ClientData, EventData, Instant, MispLicenseData, MispStatus, PartnerData,
    PolicyData, Status,
};

/// The service that emits an event; the strings are part of the contract.
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
    /// The service that emits it.
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
