//! Which private key signs a certificate request.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use pms_database::keys as rows;
use pms_database::{Connection, DbError};
use pms_pki::{Certificate, Signer, SigningKey, errors};

use super::{BaseKey, Keys, Kind, OwnKey, current_base, current_signing, kind};
use crate::errors::{OrDbError as _, refused};

/// A key that a certificate can be requested for.
pub(crate) enum RequestKey {
    /// One that signs anyway.
    Signing(Arc<OwnKey>),
    /// One that otherwise only decrypts, opened for this single signature.
    Base(Box<Certificate>, SigningKey),
}

impl RequestKey {
    /// Its present certificate.
    pub(crate) fn certificate(&self) -> &Certificate {
        match self {
            Self::Signing(key) => &key.certificate,
            Self::Base(certificate, _) => certificate,
        }
    }

    /// As a signer.
    pub(crate) fn signer(&self) -> Option<Signer<'_>> {
        match self {
            Self::Signing(key) => key.secret.signer(),
            Self::Base(_, key) => Some(key.into()),
        }
    }
}

/// The current key, made as [`current_base`] and [`current_signing`] make it.
///
/// # Errors
/// Theirs, and `KER-KMS-022` when another domain holds the key.
pub(crate) fn request_key(
    keys: &Keys,
    conn: &mut Connection,
    name: (&str, &str),
    now: DateTime<Utc>,
) -> Result<RequestKey, DbError> {
    if kind(name.0, name.1) == Kind::Signing {
        let (_, key) = current_signing(keys, conn, name, now)?;
        return Ok(RequestKey::Signing(key));
    }
    let BaseKey::Own(key) = current_base(keys, conn, name, now)? else {
        return Err(refused(errors::CSR_FORBIDDEN));
    };
    let row = rows::find_stored(conn, &key.id)?;
    let row = row.ok_or_else(|| refused(errors::CERTIFICATE_NOT_STORED))?;
    let private = SigningKey::from_pkcs8(&keys.private_base(&row)?).or_failure()?;
    Ok(RequestKey::Base(Box::new(key.certificate.clone()), private))
}
