//! What distinguishes the services on the wire.

use pms_domain::ErrorDef;

/// How a service's V1 envelopes look (contract envelope-and-search.md §6.8).
#[derive(Debug, PartialEq, Eq)]
pub struct EnvelopeStyle {
    /// `id` and `version` of business errors.
    pub error_ids: Option<(&'static str, &'static str)>,
    /// Whether a V1 success has a `metadata` member.
    pub metadata_on_success: bool,
    /// Stands for anything unexpected.
    pub neutral: ErrorDef,
    /// Whether a filter-values call reports its faults one by one
    /// (contract envelope-and-search.md §9.2); the neutral error stands for all of them otherwise.
    pub reports_value_faults: bool,
    /// Whether members of a search that are null are empty; the neutral error
    /// is the answer otherwise (contract envelope-and-search.md §8.2).
    pub fills_searches: bool,
    /// Whether a 403 copies `id` and `version` from the request body.
    pub forbidden_echoes: bool,
}

/// One deployable service: its name, its own pages, its routes.
#[derive(Debug, PartialEq, Eq)]
pub struct Service {
    /// Binary and metric label.
    pub name: &'static str,
    /// Prefix of its business routes.
    pub base: &'static str,
    /// Prefix of its health, metrics and API document.
    pub own: &'static str,
    /// Title of its API document.
    pub title: &'static str,
    /// Port when none is configured.
    pub port: u16,
}

/// Envelope style of everything under `/v1/partnermanager`.
pub static PARTNER_STYLE: EnvelopeStyle = EnvelopeStyle {
    error_ids: Some(("mosip.partnermanagement", "1.0")),
    metadata_on_success: true,
    neutral: ErrorDef::new("PMS_PRT_500", "Unable to process the request."),
    reports_value_faults: true,
    fills_searches: true,
    forbidden_echoes: true,
};

/// Envelope style of everything under `/v1/policymanager`.
pub static POLICY_STYLE: EnvelopeStyle = EnvelopeStyle {
    error_ids: None,
    metadata_on_success: false,
    neutral: ErrorDef::new("PMS_COR_003", "Could not process the request"),
    reports_value_faults: false,
    fills_searches: false,
    forbidden_echoes: false,
};

/// The policy service.
pub static POLICY: Service = Service {
    name: "policy-service",
    base: "/v1/policymanager",
    own: "/v1/policymanager",
    title: "Policy Manager Services API documentation",
    port: 9107,
};

/// The partner service.
pub static PARTNER: Service = Service {
    name: "partner-service",
    base: "/v1/partnermanager",
    own: "/v1/partnermanager",
    title: "Partner Management Services API documentation",
    port: 9109,
};

/// The certificate service: public routes below the partner manager's prefix.
pub static CERTIFICATE: Service = Service {
    name: "certificate-service",
    base: "/v1/partnermanager",
    own: "/v1/keymanager",
    title: "Partner Certificate Services API documentation",
    port: 9111,
};

/// Every service, policy first.
pub static ALL: [&Service; 3] = [&POLICY, &PARTNER, &CERTIFICATE];

impl Service {
    /// The envelope style of the service's business routes.
    pub fn style(&self) -> &'static EnvelopeStyle {
        if self.base == POLICY.base {
            &POLICY_STYLE
        } else {
            &PARTNER_STYLE
        }
    }
}
