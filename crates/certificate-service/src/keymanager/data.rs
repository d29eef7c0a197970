//! Reading what is to be encrypted or decrypted, and with which key.

use std::collections::HashMap;
use std::sync::Arc;

use actix_web::web::Data;
use chrono::{DateTime, Utc};
use pms_database::{Connection, DbError};
use pms_pki::envelope::{Envelope, Salted};
use pms_pki::{KeyManagerError, errors, reading};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::opening::Thumbprint;
use crate::errors::{OrDbError as _, refused};
use crate::keys::{self, BaseKey, OwnKey, current_base, curve};
use crate::session_keys::{Digest, SessionKeys};
use crate::vault::Vault;

/// Length of a salt: the nonce of AES-GCM.
const SALT: usize = 12;

/// Encrypted data, or base64url of plain data.
#[derive(Serialize, ToSchema)]
pub(crate) struct Converted {
    pub(super) data: Zeroized,
}

/// A text that is wiped when dropped: it may be personal data.
pub(super) struct Zeroized(Zeroizing<String>);

impl Serialize for Zeroized {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl From<String> for Zeroized {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl utoipa::PartialSchema for Zeroized {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        String::schema()
    }
}

impl ToSchema for Zeroized {}

/// Salt and associated data of a request, decoded.
#[derive(Clone, Default)]
pub(super) struct Salt {
    salt: Option<Vec<u8>>,
    aad: Vec<u8>,
}

impl Salt {
    /// Decodes both.
    ///
    /// # Errors
    /// `KER-CRY-003` when one is not base64, or the salt has not 12 bytes, or
    /// there is associated data without a salt.
    pub(super) fn parse(salt: Option<&str>, aad: Option<&str>) -> Result<Self, KeyManagerError> {
        let decoded = |text: Option<&str>| text.map(reading::decode_data).transpose();
        let (salt, aad) = (decoded(salt)?, decoded(aad)?);
        let wrong_length = salt.as_ref().is_some_and(|salt| salt.len() != SALT);
        if wrong_length || (salt.is_none() && aad.is_some()) {
            return Err(errors::ENVELOPE_INVALID);
        }
        Ok(Self {
            salt,
            aad: aad.unwrap_or_default(),
        })
    }

    /// Whether there is neither.
    pub(super) const fn is_absent(&self) -> bool {
        self.salt.is_none()
    }

    /// As the envelope wants it.
    pub(super) fn salted(&self) -> Option<Salted<'_>> {
        self.salt.as_deref().map(|salt| Salted {
            salt,
            aad: &self.aad,
        })
    }
}

/// The caller, and the application whose keys are to decrypt.
#[derive(Clone)]
pub(crate) struct Reader {
    pub(crate) user: String,
    pub(crate) app_id: String,
    pub(crate) ref_id: String,
    pub(crate) now: DateTime<Utc>,
}

impl Reader {
    /// Lets only those decrypt who may use the application's keys.
    ///
    /// # Errors
    /// `KER-CRY-012`.
    pub(super) fn check(&self, conn: &mut Connection) -> Result<(), DbError> {
        if keys::may_use(conn, &self.app_id, &self.user)? {
            Ok(())
        } else {
            Err(refused(errors::DECRYPTION_FORBIDDEN))
        }
    }

    /// The keys that open envelopes: those that they name, and the current one
    /// for old data without a name.
    ///
    /// # Errors
    /// When the keys can't be looked up. Of each key: when there is no such one, it is
    /// not ours, or it can't be opened.
    fn keys_of(
        &self,
        vault: &Vault,
        conn: &mut Connection,
        thumbprints: &[Option<[u8; 32]>],
    ) -> Result<Vec<Result<Arc<OwnKey>, DbError>>, DbError> {
        let name = (self.app_id.as_str(), self.ref_id.as_str());
        let named: Vec<[u8; 32]> = thumbprints.iter().flatten().copied().collect();
        let mut named = keys::by_thumbprints(&vault.keys, conn, name, &named)?.into_iter();
        let key = |thumbprint: &Option<[u8; 32]>| match thumbprint {
            Some(_) => named
                .next()
                .unwrap_or_else(|| Err(refused(errors::THUMBPRINT_UNKNOWN))),
            None => self.current(vault, conn, name),
        };
        Ok(thumbprints.iter().map(key).collect())
    }

    fn current(
        &self,
        vault: &Vault,
        conn: &mut Connection,
        name: (&str, &str),
    ) -> Result<Arc<OwnKey>, DbError> {
        if curve(name.1).is_some() {
            // Such a key signs, and none is made that decrypts in its place.
            return Err(refused(errors::SYMMETRIC_KEY_UNREADABLE));
        }
        match current_base(&vault.keys, conn, name, self.now)? {
            BaseKey::Own(key) => Ok(key),
            BaseKey::OtherDomain(_) => Err(refused(errors::OTHER_DOMAIN_DECRYPTION)),
        }
    }
}

/// Opens an envelope: base64url of the plain data. `shared` says whether its
/// session key is kept for later.
///
/// An RSA operation: only for [`pms_runtime::Compute`].
///
/// # Errors
/// `KER-KMS-019` when the key does not fit, `KER-CRY-003` when the data is
/// damaged.
pub(super) fn open(
    sessions: &SessionKeys,
    (envelope, key): (&Envelope, &OwnKey),
    salt: &Salt,
    shared: bool,
) -> Result<Zeroized, KeyManagerError> {
    let slot = if shared {
        let digest = Digest::of(envelope, key);
        sessions.unwrapped.of(digest, envelope, key)
    } else {
        sessions.unwrapped.alone(envelope, key)
    };
    let data_key = slot.get().and_then(Option::as_ref);
    let data_key = data_key.ok_or(errors::SYMMETRIC_KEY_UNREADABLE)?;
    let plain = envelope.open_with(data_key, salt.salted())?;
    Ok(reading::encode_data(&plain).into())
}

/// Loads the keys of a reader; in a transaction only when one may have to be
/// made, for old data that names none. Of each key: why no text that names it is
/// decrypted. That is [`DbError::Rejected`], which is about the text, or
/// [`DbError::Internal`] for a key of ours that can't be opened, which says nothing of
/// whether the text can be decrypted.
///
/// # Errors
/// `KER-CRY-012` for who may not decrypt, and when the keys can't be looked up.
pub(super) async fn keys_for(
    vault: &Data<Vault>,
    reader: Reader,
    thumbprints: Vec<Option<[u8; 32]>>,
) -> Result<Vec<Result<Arc<OwnKey>, DbError>>, DbError> {
    let within = vault.clone();
    let named = thumbprints.iter().all(Option::is_some);
    let load = move |conn: &mut Connection| {
        reader.check(conn)?;
        let found = reader.keys_of(&within, conn, &thumbprints)?.into_iter();
        // These two are about one key; any other failure is about the look-up.
        let results = found.map(|key| match key {
            Ok(_) | Err(DbError::Rejected(_) | DbError::Internal(_)) => Ok(key),
            Err(failure) => Err(failure),
        });
        results.collect()
    };
    if named {
        vault.db.read(load).await
    } else {
        vault.db.transaction(load).await
    }
}

/// The keys that certificates stand for. One that is unknown is in neither.
#[derive(Default)]
pub(crate) struct Found {
    /// Those that decrypt.
    pub(crate) usable: HashMap<Thumbprint, Arc<OwnKey>>,
    /// Those of ours that can't be opened, each with a line that names it. A text of
    /// theirs is not one that can't be decrypted.
    pub(crate) broken: HashMap<Thumbprint, String>,
}

impl Found {
    /// Tells the log of the keys that can't be opened.
    pub(crate) fn tell_of_broken(&self) {
        for fault in self.broken.values() {
            let message = "a key can't be opened: what it encrypted is not decrypted";
            pms_log::error(message, fault, |line| tracing::error!(fault, "{line}"));
        }
    }
}

/// The keys of a reader that certificates stand for.
///
/// # Errors
/// As [`keys_for`].
pub(crate) async fn keys_by_thumbprint(
    vault: &Data<Vault>,
    reader: Reader,
    wanted: Vec<Thumbprint>,
) -> Result<Found, DbError> {
    let keys = keys_for(vault, reader, wanted.clone()).await?;
    let mut found = Found::default();
    for (thumbprint, key) in wanted.into_iter().zip(keys) {
        match key {
            Ok(key) => {
                found.usable.insert(thumbprint, key);
            }
            Err(DbError::Internal(fault)) => {
                found.broken.insert(thumbprint, fault);
            }
            Err(_refused) => {}
        }
    }
    Ok(found)
}

/// Reads what is to be encrypted.
///
/// # Errors
/// `KER-CRY-003` when it is not base64.
pub(super) fn plain(data: &str) -> Result<Zeroizing<Vec<u8>>, DbError> {
    reading::decode_data(data).map(Zeroizing::new).or_failure()
}
