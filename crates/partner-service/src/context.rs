//! What every use case can reach.

use std::ops::Deref;
use std::time::Duration;

use pms_database::Lookup;
use pms_database::partners::ProfileById;
use pms_domain::device::sbi_dates::YearLimits;
use pms_domain::notification::Kind;
use pms_domain::partner::credentials::CredentialRules;
use pms_domain::partner::registration::Limits;
use pms_integrations::{Esignet, KeyManager, Keycloak};
use pms_runtime::{BaseContext, Runtime, RuntimeError};
use pms_web::Settings;
use pms_web::service::PARTNER;

use crate::operator_pattern::OperatorPattern;
use crate::personal_data::PersonalData;
use crate::sign_in::SignIn;
use crate::system_config::SystemConfig;

/// What every use case can reach.
pub struct Context {
    base: BaseContext,
    /// Profiles of partners.
    pub(crate) profiles: Lookup<ProfileById>,
    /// The key manager.
    pub(crate) key_manager: KeyManager,
    /// Holds the OIDC clients.
    pub(crate) esignet: Esignet,
    /// Encrypts and decrypts what is known of people.
    pub(crate) personal_data: PersonalData,
    /// Makes users.
    pub(crate) keycloak_users: pms_integrations::KeycloakUsers,
    /// Whether all that a partner has ends when it is deactivated.
    pub(crate) cascade_deactivation: bool,
    /// Tells names of people.
    pub(crate) keycloak: Keycloak,
    /// Whether partners may have their certificates back.
    pub(crate) signed_certificates: bool,
    /// The operator's rules.
    pub(crate) rules: Rules,
    /// The kinds of notices that a request without a kind is shown.
    pub(crate) notice_kinds: Vec<Kind>,
    /// How people sign in to the portal.
    pub(crate) sign_in: SignIn,
    /// What the portal reads at its start.
    pub(crate) system_config: SystemConfig,
}

/// What the operator decided about partners.
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    /// Limits of a registration.
    pub(crate) limits: Limits,
    /// Days that an API key is valid.
    /// Longest additional information of a partner.
    pub(crate) additional_info_bytes: usize,
    pub(crate) api_key_validity_days: u32,
    /// Partner types whose requests wait for bio-extractors.
    bio_extractor_types: Vec<String>,
    /// The partner type whose licences follow its status.
    pub(crate) misp_type: String,
    /// Which partners get which credentials.
    pub(crate) credentials: CredentialRules,
    /// Roles that the portal offers at sign-up.
    pub(crate) portal_roles: Vec<String>,
    /// How far from today the dates of SBIs may be.
    pub(crate) sbi_years: YearLimits,
    /// What OIDC clients may be.
    pub(crate) oidc: OidcRules,
    /// Ids of FTM chips whose certificates may be asked for.
    pub(crate) chip_id: OperatorPattern,
    email: OperatorPattern,
}

/// What the operator decided about OIDC clients.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OidcRules {
    /// Whether there are any.
    pub(crate) available: bool,
    /// Shortest RSA key of a new one, in bits.
    pub(crate) minimum_rsa_bits: usize,
    /// Longest that eSignet may take for an answer.
    pub(crate) timeout: Duration,
    /// Longest that a connection to the database is waited for.
    pub(crate) connection: Duration,
}

impl Context {
    pub(crate) fn new(runtime: &Runtime) -> Result<Self, RuntimeError> {
        Ok(Self {
            base: BaseContext::new(runtime, &PARTNER, "partner")?,
            profiles: Lookup::new(&runtime.db),
            key_manager: runtime.key_manager.clone(),
            esignet: runtime.esignet.clone(),
            personal_data: PersonalData::new(runtime)?,
            keycloak_users: runtime.keycloak_users(),
            cascade_deactivation: runtime.settings.partners.cascade_deactivation,
            keycloak: Keycloak::new(
                runtime.client.clone(),
                runtime.settings.keycloak.users_url.to_string(),
                runtime.token.clone(),
            ),
            signed_certificates: runtime.settings.features.ca_signed_partner_certificate,
            rules: Rules::of(&runtime.settings)?,
            notice_kinds: notice_kinds(&runtime.settings),
            sign_in: SignIn::new(runtime)?,
            system_config: SystemConfig::of(&runtime.settings),
        })
    }
}

impl Deref for Context {
    type Target = BaseContext;

    fn deref(&self) -> &BaseContext {
        &self.base
    }
}

/// Those of the reference, and what the operator added.
fn notice_kinds(settings: &Settings) -> Vec<Kind> {
    use Kind::{IntermediateCertificate, PartnerCertificate, RootCertificate, WeeklySummary};
    let mut kinds = Kind::ALL.to_vec();
    kinds.retain(|kind| {
        matches!(
            kind,
            RootCertificate | IntermediateCertificate | PartnerCertificate | WeeklySummary
        ) || settings.jobs.notices_of(kind.name())
    });
    kinds
}

/// A pattern of the operator's, by our setting and the property of the reference.
fn compiled(
    setting: &'static str,
    property: &str,
    pattern: &str,
) -> Result<OperatorPattern, RuntimeError> {
    OperatorPattern::compile(setting, pattern).map_err(|error| {
        RuntimeError::Other(format!(
            "configuration: {setting} ({property}) is no pattern: {error}"
        ))
    })
}

impl Rules {
    fn of(all: &Settings) -> Result<Self, RuntimeError> {
        let settings = &all.partner;
        let devices = &all.devices;
        let email = compiled(
            "partner.email_regex",
            "pmp.partner.valid.email.address.regex",
            &settings.email_regex,
        )?;
        let chip_id = compiled(
            "devices.ftm_id_regex",
            "mosip.pms.ftm.id.regex",
            &devices.ftm_id_regex,
        )?;
        let languages = settings
            .mandatory_languages
            .iter()
            .chain(&settings.optional_languages);
        Ok(Self {
            limits: Limits {
                id_length: settings.id_max_length.get(),
                phone_length: settings.mobile_max_length.get(),
                languages: languages.filter(|code| !code.is_empty()).cloned().collect(),
            },
            additional_info_bytes: settings.additional_info_bytes.get(),
            api_key_validity_days: settings.api_key_validity_days.get(),
            bio_extractor_types: settings.bio_extractor_types.clone(),
            misp_type: settings.misp_type.clone(),
            credentials: CredentialRules {
                credential_types: settings.credential_types.clone(),
                partner_types: settings.credential_partner_types.clone(),
            },
            portal_roles: settings.portal_roles.clone(),
            sbi_years: YearLimits {
                created: devices.sbi_created_max_years,
                expiry: devices.sbi_expiry_max_years,
            },
            oidc: OidcRules {
                available: all.features.oidc_clients,
                minimum_rsa_bits: all.esignet.minimum_rsa_bits,
                timeout: Duration::from_millis(all.esignet.timeout_ms.get()),
                connection: Duration::from_millis(all.database.acquire_timeout_ms.get()),
            },
            chip_id,
            email,
        })
    }

    /// Whether this is an e-mail address that the operator accepts.
    pub(crate) fn is_email(&self, text: &str) -> bool {
        self.email.matches(text)
    }

    /// Whether licences hang on partners of this type.
    pub(crate) fn is_misp(&self, partner_type: &str) -> bool {
        self.misp_type.eq_ignore_ascii_case(partner_type)
    }

    /// Whether mapping requests of this partner type wait for bio-extractors.
    pub(crate) fn needs_extractors(&self, partner_type: &str) -> bool {
        self.bio_extractor_types
            .iter()
            .any(|code| code.eq_ignore_ascii_case(partner_type))
    }

    /// The language of a partner that has none.
    pub(crate) fn default_language(&self) -> Option<&str> {
        self.limits.languages.first().map(String::as_str)
    }
}
