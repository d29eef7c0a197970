//! A key of our own: its certificate and its opened private half.

use pms_database::DbError;
use pms_pki::issue::Issuer;
use pms_pki::{Certificate, DecryptingKey, EllipticCurve, EllipticKey, Pkcs8, Signer, SigningKey};

use crate::errors::OrDbError as _;

/// A key pair that this key manager holds.
#[derive(Debug)]
pub(crate) struct OwnKey {
    /// Id of its alias and its row.
    pub(crate) id: String,
    /// Its certificate.
    pub(crate) certificate: Certificate,
    /// Upper-case hex SHA-256 of the certificate.
    pub(super) thumbprint: String,
    /// Its private half.
    pub(crate) secret: Secret,
}

/// What a private key may be used for.
#[derive(Debug)]
pub(crate) enum Secret {
    /// Master keys.
    Signing(SigningKey),
    /// Keys on elliptic curves, which sign tokens.
    Elliptic(EllipticKey),
    /// Base keys.
    Decrypting(DecryptingKey),
}

impl Secret {
    /// A key that signs: RSA, or on a curve.
    ///
    /// # Errors
    /// When it is another kind of key.
    pub(super) fn signing(curve: Option<EllipticCurve>, key: &Pkcs8) -> Result<Self, DbError> {
        match curve {
            Some(curve) => EllipticKey::from_pkcs8(curve, key).map(Self::Elliptic),
            None => SigningKey::from_pkcs8(key).map(Self::Signing),
        }
        .or_failure()
    }

    /// As a signer; base keys are none.
    pub(crate) fn signer(&self) -> Option<Signer<'_>> {
        match self {
            Self::Signing(key) => Some(key.into()),
            Self::Elliptic(key) => Some(key.into()),
            Self::Decrypting(_) => None,
        }
    }
}

impl OwnKey {
    /// Pairs a certificate with its private half.
    pub(super) fn new(id: &str, certificate: Certificate, secret: Secret) -> Self {
        Self {
            id: id.to_owned(),
            thumbprint: certificate.key_thumbprint(),
            certificate,
            secret,
        }
    }

    /// A key that no database holds.
    #[cfg(test)]
    pub(crate) fn for_tests(id: &str, certificate: Certificate, secret: Secret) -> Self {
        Self::new(id, certificate, secret)
    }

    /// This key as an issuer of certificates.
    ///
    /// # Errors
    /// When it is a base key, or does not fit its certificate.
    pub(crate) fn issuer(&self) -> Result<Issuer<'_>, DbError> {
        match &self.secret {
            Secret::Signing(key) => Issuer::new(&self.certificate, key).or_failure(),
            Secret::Decrypting(_) | Secret::Elliptic(_) => Err(DbError::Internal(format!(
                "key {} is not a master key",
                self.id
            ))),
        }
    }
}
