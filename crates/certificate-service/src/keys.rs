//! The keys of the embedded key manager (contract keymanager.md §4).
//!
//! ROOT signs the master keys of the applications; a master key signs base
//! keys, which encrypt. Private keys are sealed in their rows, opened once and
//! kept in memory.

mod base;
pub(crate) mod bootstrap;
mod chain;
mod current;
mod generate;
mod make;
mod master;
mod names;
mod own;
mod policy;
mod replace;
mod request;
mod revoke;
mod token;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pms_database::DbError;
use pms_database::keys::{KeyAlias, MasterKey, StoredKey};
use pms_pki::issue::Subject;
use pms_pki::{Certificate, DecryptingKey, EllipticCurve, Pkcs8, reading};

pub(crate) use base::{BaseKey, by_thumbprints, current_base, find_base};
pub(crate) use chain::{chain_of, complete, issuers_of_master};
pub(crate) use current::{current, is_current, is_other_domain};
pub(crate) use generate::{KeyCommand, generate};
pub(crate) use master::{current_master, current_signing, find_signing, generations, issuing_keys};
pub(crate) use names::{Kind, curve, kind, normal};
pub(crate) use own::{OwnKey, Secret};
pub(crate) use policy::{Policies, may_use};
pub(crate) use replace::replace_certificate;
pub(crate) use request::{RequestKey, request_key};
pub(crate) use revoke::revoke;
pub(crate) use token::certificate_for;

use crate::errors::OrDbError as _;
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
    pub(crate) fn open_master(&self, row: &MasterKey) -> Result<Arc<OwnKey>, DbError> {
        self.once(&row.id, &row.certificate_data, |certificate| {
            if !self.sealer.accepts(&row.kek_id) {
                return Err(DbError::Internal(format!(
                    "key_manager.kek is not the key that encrypted the private keys of this \
                     database: it has the id {}, the keys need {}",
                    self.sealer.id(),
                    row.kek_id
                )));
            }
            let key = self.unsealed(&row.id, &row.private_key)?;
            Secret::signing(EllipticCurve::of(certificate.public_key()), &key)
        })
    }

    /// The base key in a row, opened.
    ///
    /// # Errors
    /// When it can't be opened.
    pub(crate) fn open_base(&self, row: &StoredKey) -> Result<Arc<OwnKey>, DbError> {
        self.once(&row.id, &row.certificate_data, |_| {
            let key = self.private_base(row)?;
            let key = DecryptingKey::from_pkcs8(&key).or_failure()?;
            Ok(Secret::Decrypting(key))
        })
    }

    /// The opened key of this alias, if it was needed before and still has the
    /// certificate that it had then: another one may have been uploaded, also
    /// to another replica.
    pub(crate) fn opened(&self, alias: &KeyAlias) -> Option<Arc<OwnKey>> {
        let key = self.known(&alias.id)?;
        let thumbprint = alias.cert_thumbprint.as_deref();
        let same = thumbprint.is_none_or(|one| one.eq_ignore_ascii_case(&key.thumbprint));
        same.then_some(key)
    }

    fn known(&self, id: &str) -> Option<Arc<OwnKey>> {
        let opened = self.opened.read().unwrap_or_else(PoisonError::into_inner);
        opened.get(id).cloned()
    }

    fn once(
        &self,
        id: &str,
        pem: &str,
        open: impl FnOnce(&Certificate) -> Result<Secret, DbError>,
    ) -> Result<Arc<OwnKey>, DbError> {
        let certificate = reading::read_certificate(pem)
            .map_err(|error| DbError::Internal(format!("certificate of key {id}: {error}")))?;
        if let Some(key) = self.known(id)
            && key.certificate == certificate
        {
            return Ok(key);
        }
        let secret = open(&certificate)?;
        let key = Arc::new(OwnKey::new(id, certificate, secret));
        let mut opened = self.opened.write().unwrap_or_else(PoisonError::into_inner);
        opened.insert(id.to_owned(), Arc::clone(&key));
        Ok(key)
    }

    fn private_base(&self, row: &StoredKey) -> Result<Pkcs8, DbError> {
        self.unsealed(&row.id, &sealed_bytes(row)?)
    }

    fn unsealed(&self, id: &str, sealed: &[u8]) -> Result<Pkcs8, DbError> {
        self.sealer.open(id, sealed).map_err(|error| {
            DbError::Internal(format!(
                "private key {id} can't be opened with key_manager.kek: {error}"
            ))
        })
    }
}

/// Checks a private key of another key manager before it becomes a master key.
///
/// # Errors
/// When this key manager can't work with it, or it does not belong to its
/// certificate.
pub(crate) fn check_master(key: &Pkcs8, certificate: &Certificate) -> Result<(), DbError> {
    let secret = Secret::signing(EllipticCurve::of(certificate.public_key()), key)?;
    let signer = secret.signer();
    let public_key = signer.as_ref().map(|signer| signer.public_key().bits());
    if public_key == Some(certificate.public_key().bits()) {
        Ok(())
    } else {
        Err(pms_pki::PkiError::KeyMismatch).or_failure()
    }
}

/// [`check_master`] of a key that becomes a base key.
///
/// # Errors
/// As [`check_master`].
pub(crate) fn check_base(key: &Pkcs8, certificate: &Certificate) -> Result<(), DbError> {
    DecryptingKey::from_pkcs8(key).or_failure()?;
    check_master(key, certificate)
}

/// The sealed bytes in a row of a base key.
///
/// # Errors
/// When they are not base64.
pub(crate) fn sealed_bytes(row: &StoredKey) -> Result<Vec<u8>, DbError> {
    // Without the fault: it quotes a character of the row.
    STANDARD
        .decode(&row.private_key)
        .map_err(|_fault| DbError::Internal(format!("private key {} is not base64", row.id)))
}
