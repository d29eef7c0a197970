//! The keys of the embedded key manager (key manager contract §4).
//!
//! ROOT signs the master keys of the applications; a master key signs base
//! keys, which encrypt. Private keys are sealed in their rows, opened once and
//! kept in memory.

mod base;
pub(crate) mod bootstrap;
mod current;
mod make;
mod master;
mod own;
mod policy;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pms_database::Failure;
use pms_database::keys::{MasterKey, StoredKey};
use pms_pki::issue::Subject;
use pms_pki::{DecryptingKey, Pkcs8, SigningKey, reading};

pub(crate) use base::{BaseKey, by_thumbprint, current_base, find_base};
pub(crate) use current::{current, is_ec_reference, is_other_domain};
pub(crate) use master::{current_master, issuer_of_master, named_master};
pub(crate) use own::{OwnKey, Secret};
pub(crate) use policy::{Policies, may_use};

use crate::failures::OrFailure as _;
use crate::kek::Sealer;

/// The application whose key signs all other master keys.
pub(crate) const ROOT: &str = "ROOT";
/// The application whose key signs partner certificates.
pub(crate) const PMS: &str = "PMS";

/// Opened private keys, by the id of their row.
pub(crate) struct Keys {
    sealer: Sealer,
    /// Distinguished name of the master keys made here, without the suffix.
    subject: Subject,
    opened: RwLock<HashMap<String, Arc<OwnKey>>>,
}

impl Keys {
    /// Nothing is opened yet.
    pub(crate) fn new(sealer: Sealer, subject: Subject) -> Self {
        Self {
            sealer,
            subject,
            opened: RwLock::default(),
        }
    }

    /// The master key in a row, opened.
    ///
    /// # Errors
    /// One line about the key encryption key, if it is not the right one.
    pub(crate) fn open_master(&self, row: &MasterKey) -> Result<Arc<OwnKey>, Failure> {
        self.once(&row.id, || {
            if row.kek_id != self.sealer.id() {
                return Err(Failure::Internal(format!(
                    "key_manager.kek is not the key that encrypted the private keys of this \
                     database: it has the id {}, the keys need {}",
                    self.sealer.id(),
                    row.kek_id
                )));
            }
            let key = self.unsealed(&row.id, &row.private_key)?;
            let secret = Secret::Signing(SigningKey::from_pkcs8(&key).or_failure()?);
            own(&row.id, &row.certificate_data, secret)
        })
    }

    /// The base key in a row, opened.
    ///
    /// # Errors
    /// When it can't be opened.
    pub(crate) fn open_base(&self, row: &StoredKey) -> Result<Arc<OwnKey>, Failure> {
        self.once(&row.id, || {
            let sealed = STANDARD.decode(&row.private_key).map_err(|error| {
                Failure::Internal(format!("private key {} is not base64: {error}", row.id))
            })?;
            let key = self.unsealed(&row.id, &sealed)?;
            let secret = Secret::Decrypting(DecryptingKey::from_pkcs8(&key).or_failure()?);
            own(&row.id, &row.certificate_data, secret)
        })
    }

    /// The opened key of this row, if it was needed before.
    pub(crate) fn opened(&self, id: &str) -> Option<Arc<OwnKey>> {
        let opened = self.opened.read().unwrap_or_else(PoisonError::into_inner);
        opened.get(id).cloned()
    }

    fn once(
        &self,
        id: &str,
        open: impl FnOnce() -> Result<OwnKey, Failure>,
    ) -> Result<Arc<OwnKey>, Failure> {
        if let Some(key) = self.opened(id) {
            return Ok(key);
        }
        let key = Arc::new(open()?);
        let mut opened = self.opened.write().unwrap_or_else(PoisonError::into_inner);
        Ok(Arc::clone(opened.entry(id.to_owned()).or_insert(key)))
    }

    fn unsealed(&self, id: &str, sealed: &[u8]) -> Result<Pkcs8, Failure> {
        self.sealer.open(id, sealed).map_err(|error| {
            Failure::Internal(format!(
                "private key {id} can't be opened with key_manager.kek: {error}"
            ))
        })
    }
}

fn own(id: &str, pem: &str, secret: Secret) -> Result<OwnKey, Failure> {
    let certificate = reading::read_certificate(pem)
        .map_err(|error| Failure::Internal(format!("certificate of key {id}: {error}")))?;
    Ok(OwnKey {
        id: id.to_owned(),
        certificate,
        secret,
    })
}
