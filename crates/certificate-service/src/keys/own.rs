//! A key of our own: its certificate and its opened private half.

use pms_database::Failure;
use pms_pki::issue::Issuer;
use pms_pki::{Certificate, DecryptingKey, SigningKey};

use crate::failures::OrFailure as _;

/// A key pair that this key manager holds.
#[derive(Debug)]
pub(crate) struct OwnKey {
    /// Id of its alias and its row.
    pub(crate) id: String,
    /// Its certificate.
    pub(crate) certificate: Certificate,
    /// Its private half.
    pub(crate) secret: Secret,
}

/// What a private key may be used for.
#[derive(Debug)]
pub(crate) enum Secret {
    /// Master keys.
    Signing(SigningKey),
    /// Base keys.
    Decrypting(DecryptingKey),
}

impl OwnKey {
    /// This key as an issuer of certificates.
    ///
    /// # Errors
    /// When it is a base key, or does not fit its certificate.
    pub(crate) fn issuer(&self) -> Result<Issuer<'_>, Failure> {
        match &self.secret {
            Secret::Signing(key) => Issuer::new(&self.certificate, key).or_failure(),
            Secret::Decrypting(_) => Err(Failure::Internal(format!(
                "key {} is not a master key",
                self.id
            ))),
        }
    }
}
