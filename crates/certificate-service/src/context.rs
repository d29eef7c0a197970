//! What the partner manager's certificate routes work with.

use std::ops::Deref;

use pms_integrations::KeyManager;
use pms_runtime::{BaseContext, Compute, Runtime, RuntimeError};
use pms_web::service::CERTIFICATE;
use pms_web::settings::{PartnerSettings, Settings};

use crate::partners::upload_slot::SlotTimes;

/// What the partner manager's certificate routes work with.
pub struct Context {
    base: BaseContext,
    /// The key manager: a remote one, or this process itself.
    pub key_manager: KeyManager,
    /// The operator's rules.
    pub(crate) rules: Rules,
    /// Where certificates are read.
    pub(crate) compute: Compute,
    /// How long uploads of one partner wait for each other.
    pub(crate) upload_slots: SlotTimes,
}

/// What the operator decided about certificates and licences.
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    /// The partner type that gets licences.
    pub(crate) misp_type: String,
    /// Whether all that a partner has ends when it is deactivated.
    pub(crate) cascade_deactivation: bool,
    /// Characters of a licence key.
    pub(crate) licence_key_length: usize,
    /// Days that a licence is valid.
    pub(crate) licence_validity_days: u32,
    /// Whether a certificate's domain must fit the partner's type.
    pub(crate) enforce_partner_domain: bool,
    /// Whether the trust chain certificates can be seen.
    pub(crate) trust_certificates: bool,
}

impl Context {
    pub(crate) fn new(runtime: &Runtime, compute: Compute) -> Result<Self, RuntimeError> {
        Ok(Self {
            base: BaseContext::new(runtime, &CERTIFICATE, "certificate")?,
            compute,
            key_manager: runtime.key_manager.clone(),
            rules: Rules::of(&runtime.settings),
            upload_slots: SlotTimes::of(&runtime.settings),
        })
    }
}

impl Deref for Context {
    type Target = BaseContext;

    fn deref(&self) -> &BaseContext {
        &self.base
    }
}

impl Rules {
    fn of(settings: &Settings) -> Self {
        let PartnerSettings {
            misp_type,
            misp_licence_key_length,
            misp_licence_validity_days,
            ..
        } = &settings.partner;
        Self {
            misp_type: misp_type.clone(),
            cascade_deactivation: settings.partners.cascade_deactivation,
            licence_key_length: *misp_licence_key_length,
            licence_validity_days: misp_licence_validity_days.get(),
            enforce_partner_domain: settings.pki.enforce_partner_domain,
            trust_certificates: settings.features.trust_certificates,
        }
    }
}
