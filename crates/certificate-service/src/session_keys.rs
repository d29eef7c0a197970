//! Session keys of personal data: AES keys that encrypt or decrypt many texts
//! for one RSA operation.
//!
//! They are shared for the key of personal data alone, for texts without salt and
//! associated data; every other text has a key of its own. They never leave this
//! process.

mod sealing;
mod unwrapped;

use pms_pki::{DecryptingKey, KeyManagerError, errors};
use pms_runtime::RuntimeError;
use pms_web::settings::KeyManagerSettings;
use prometheus::{IntCounter, Registry};

pub(crate) use sealing::Sealing;
pub(crate) use unwrapped::{Digest, Unwrapped, Unwrapping};

use crate::keys::{OwnKey, Secret};

/// The session keys, both ways.
pub(crate) struct SessionKeys {
    /// Application and reference id of the key of personal data.
    pub(crate) name: (String, String),
    /// For encrypting.
    pub(crate) sealing: Sealing,
    /// For decrypting.
    pub(crate) unwrapped: Unwrapped,
}

impl SessionKeys {
    /// None yet. Their RSA operations are counted in `registry`.
    ///
    /// # Errors
    /// When the metrics can't be made.
    pub(crate) fn new(
        settings: &KeyManagerSettings,
        registry: &Registry,
    ) -> Result<Self, RuntimeError> {
        let made = counter(
            registry,
            "session_keys_made_total",
            "Session keys that were made to encrypt personal data: RSA operations with the public key",
        )?;
        let unwrapped = counter(
            registry,
            "session_keys_unwrapped_total",
            "Session keys that were unwrapped to decrypt: RSA operations with the private key",
        )?;
        Ok(Self {
            name: (
                settings.crypto_app_id.clone(),
                settings.crypto_ref_id.clone(),
            ),
            sealing: Sealing::new(sealing::Limits::default(), made),
            unwrapped: Unwrapped::new(unwrapped::KEPT, unwrapped),
        })
    }

    /// Whether this is the key of personal data, exactly.
    pub(crate) fn are_for(&self, app_id: &str, ref_id: &str) -> bool {
        self.name.0 == app_id && self.name.1 == ref_id
    }
}

fn counter(registry: &Registry, name: &str, help: &str) -> Result<IntCounter, RuntimeError> {
    let counter = IntCounter::new(name, help)?;
    match registry.register(Box::new(counter.clone())) {
        // Another key manager of this process counts there already.
        Ok(()) | Err(prometheus::Error::AlreadyReg) => Ok(counter),
        Err(error) => Err(error.into()),
    }
}

/// The private half of a key that decrypts.
///
/// # Errors
/// `KER-KMS-019` when it is a key that signs.
pub(crate) fn decrypting(key: &OwnKey) -> Result<&DecryptingKey, KeyManagerError> {
    match &key.secret {
        Secret::Decrypting(private) => Ok(private),
        Secret::Signing(_) | Secret::Elliptic(_) => Err(errors::SYMMETRIC_KEY_UNREADABLE),
    }
}
