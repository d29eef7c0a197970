//! Which key a token is signed or checked with.

use pms_pki::{KeyManagerError, errors};

use super::fields;
use crate::keys::{curve, normal};

/// The key that signs when no application is named.
const DEFAULT: (&str, &str) = ("KERNEL", "SIGN");

/// Application and reference of a key for tokens.
#[derive(Clone)]
pub(super) struct TokenKey {
    pub(super) app_id: String,
    pub(super) ref_id: String,
}

impl TokenKey {
    /// The key of a request; without an application its reference counts for
    /// nothing.
    pub(super) fn of(app_id: Option<&str>, ref_id: Option<&str>) -> Self {
        let (app_id, ref_id) = match app_id.filter(|id| !fields::is_blank(Some(id))) {
            Some(app_id) => (app_id, normal(ref_id.unwrap_or_default())),
            None => DEFAULT,
        };
        Self {
            app_id: app_id.to_owned(),
            ref_id: ref_id.to_owned(),
        }
    }

    pub(super) fn parts(&self) -> (&str, &str) {
        (&self.app_id, &self.ref_id)
    }
}

/// Only master keys and keys with the references of signing keys sign tokens.
///
/// # Errors
/// `KER-KMS-020`.
pub(super) fn may_sign(name: (&str, &str)) -> Result<(), KeyManagerError> {
    if name.1.is_empty() || name == DEFAULT || curve(name.1).is_some() {
        Ok(())
    } else {
        Err(errors::SIGNING_FORBIDDEN)
    }
}
