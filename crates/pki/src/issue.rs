//! Issuing certificates: our own, and those of partners (contract keymanager.md §4, §9.1).
//!
//! Encoded by hand, since order of extensions, string types, foreign public keys of any kind and
//! the exact name of the issuer all matter on the wire.

mod authority;
mod certificate;
mod crl;
mod extensions;
mod partner;
mod request;
mod subject;

use chrono::{DateTime, Utc};

pub use authority::{Profile, issue_base, issue_master, issue_root};
pub use crl::{CrlProfile, Reason, Revoked, issue_crl, key_identifier, may_sign_crls};
pub use partner::{PartnerProfile, issue_partner};
pub use request::certificate_request;
pub use subject::Subject;

use crate::PkiError;
use crate::certificate::{Certificate, Validity};
use crate::keys::SigningKey;

/// A CA certificate with its private key.
#[derive(Debug, Clone, Copy)]
pub struct Issuer<'a> {
    certificate: &'a Certificate,
    key: &'a SigningKey,
    crl: Option<&'a str>,
}

impl<'a> Issuer<'a> {
    /// Pairs the two.
    ///
    /// # Errors
    /// [`PkiError::KeyMismatch`] when the certificate is for another key.
    pub fn new(certificate: &'a Certificate, key: &'a SigningKey) -> Result<Self, PkiError> {
        if certificate.public_key().bits() == key.public_key().bits() {
            Ok(Self {
                certificate,
                key,
                crl: None,
            })
        } else {
            Err(PkiError::KeyMismatch)
        }
    }

    /// Names the address of its list of revoked certificates in what it issues to partners.
    #[must_use]
    pub fn with_crl(self, url: &'a str) -> Self {
        Self {
            crl: Some(url),
            ..self
        }
    }

    /// The CA certificate.
    pub fn certificate(&self) -> &'a Certificate {
        self.certificate
    }

    /// Its subject exactly as encoded, also when it was imported.
    fn name(&self) -> &'a [u8] {
        self.certificate.subject().der()
    }

    fn key(&self) -> &'a SigningKey {
        self.key
    }

    /// `validity`, ending with the issuer's own at the latest.
    fn clamped(&self, validity: Validity) -> Validity {
        let not_after = validity
            .not_after
            .min(self.certificate.validity().not_after);
        Validity {
            not_after,
            ..validity
        }
    }
}

/// Certificates know no fractions of a second.
fn whole_second(at: DateTime<Utc>) -> Result<DateTime<Utc>, PkiError> {
    DateTime::from_timestamp(at.timestamp(), 0).ok_or(PkiError::DateRange)
}
