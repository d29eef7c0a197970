//! What the role of a route alone does not entitle to: the keys that everything
//! else hangs on, and personal data (contract keymanager.md §2).

use pms_web::auth::KeyManagerRoles;
use pms_web::settings::Settings;
use pms_web::{ApiError, ApiResult, Caller};

use crate::keys::{PMS, ROOT};

/// The role of those who make keys.
const KEY_MAKER: &str = "KEY_MAKER";
/// Why personal data stays encrypted.
pub(crate) const NOT_A_CLIENT: &str =
    "personal data is for the clients of key_manager.personal_data_clients";

/// The restrictions; none where the roles are those of the reference.
#[derive(Debug, Clone, Default)]
pub(crate) struct Restricted(Option<Restrictions>);

#[derive(Debug, Clone)]
struct Restrictions {
    /// Application and reference id of the key for personal data.
    personal_data: (String, String),
    /// Clients whose tokens may use it.
    clients: Vec<String>,
}

impl Restricted {
    pub(crate) fn of(settings: &Settings) -> Self {
        if settings.security.key_manager_roles == KeyManagerRoles::Reference {
            return Self(None);
        }
        let keys = &settings.key_manager;
        let clients = if keys.personal_data_clients.is_empty() {
            vec![settings.service_account.client_id.clone()]
        } else {
            keys.personal_data_clients.clone()
        };
        Self(Some(Restrictions {
            personal_data: (keys.crypto_app_id.clone(), keys.crypto_ref_id.clone()),
            clients,
        }))
    }

    /// Lets only key makers make, replace, end or re-certify the keys of ROOT and
    /// PMS.
    ///
    /// # Errors
    /// HTTP 403.
    pub(super) fn check_maker(&self, caller: &Caller, app_id: Option<&str>) -> ApiResult<()> {
        let named = app_id.unwrap_or_default();
        let is_ours = [ROOT, PMS].iter().any(|one| is_same(one, named));
        if self.0.is_none() || !is_ours || caller.has_role(KEY_MAKER) {
            return Ok(());
        }
        Err(ApiError::Forbidden(
            "keys of ROOT and PMS are for KEY_MAKER",
        ))
    }

    /// Lets only the clients of this system encrypt and decrypt personal data. An application's keys
    /// of all references open what names none, the key for personal data among them.
    ///
    /// # Errors
    /// HTTP 403.
    pub(super) fn check_client(&self, caller: &Caller, name: (&str, &str)) -> ApiResult<()> {
        let client = caller.token().client_id.as_deref().unwrap_or_default();
        if self.admits(client, name) {
            return Ok(());
        }
        Err(ApiError::Forbidden(NOT_A_CLIENT))
    }

    /// Whether a client may encrypt and decrypt with the key of this application and
    /// reference.
    pub(crate) fn admits(&self, client: &str, name: (&str, &str)) -> bool {
        let Some(restrictions) = &self.0 else {
            return true;
        };
        let (app_id, ref_id) = &restrictions.personal_data;
        let any_reference = name.1.trim().is_empty();
        if !is_same(app_id, name.0) || !(any_reference || is_same(ref_id, name.1)) {
            return true;
        }
        let is_known = restrictions.clients.iter().any(|known| known == client);
        is_known && !client.is_empty()
    }
}

/// More names than the key tables take for the same.
fn is_same(one: &str, other: &str) -> bool {
    one.trim().eq_ignore_ascii_case(other.trim())
}
