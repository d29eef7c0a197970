//! What the partner manager's certificate routes work with.

use pms_database::{Clock, Db, Stamp};
use pms_integrations::KeyManager;
use pms_runtime::{Lists, Runtime, RuntimeError, Unpaged};
use pms_web::Caller;
use pms_web::service::CERTIFICATE;
use pms_web::settings::{PartnerSettings, Settings};

use crate::partners::turn::Times;

/// What the partner manager's certificate routes work with.
pub struct Context {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// The key manager: a remote one, or this process itself.
    pub key_manager: KeyManager,
    /// The operator's rules.
    pub(crate) rules: Rules,
    /// Lists and searches.
    pub(crate) lists: Lists,
    /// The bound of lists without pages.
    pub(crate) unpaged: Unpaged,
    /// How long uploads of one partner wait for each other.
    pub(crate) turns: Times,
}

/// What the operator decided about certificates and licences.
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    /// The partner type that gets licences.
    pub(crate) misp_type: String,
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
    pub(crate) fn new(runtime: &Runtime) -> Result<Self, RuntimeError> {
        let unpaged = Unpaged::new(runtime, "certificate")?;
        Ok(Self {
            db: runtime.db.clone(),
            clock: runtime.clock.clone(),
            key_manager: runtime.key_manager.clone(),
            rules: Rules::of(&runtime.settings),
            lists: Lists::new(runtime, &CERTIFICATE, unpaged.clone()),
            unpaged,
            turns: Times::of(&runtime.settings),
        })
    }

    /// Author and time of a change by `caller`, now.
    pub(crate) fn stamp(&self, caller: &Caller) -> Stamp {
        Stamp::new(caller.user_id(), self.clock.now_naive())
    }
}

impl AsRef<Lists> for Context {
    fn as_ref(&self) -> &Lists {
        &self.lists
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
            licence_key_length: *misp_licence_key_length,
            licence_validity_days: *misp_licence_validity_days,
            enforce_partner_domain: settings.pki.enforce_partner_domain,
            trust_certificates: settings.features.trust_certificates,
        }
    }
}
