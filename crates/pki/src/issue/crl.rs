//! Lists of revoked certificates (RFC 5280 §5).

use chrono::{DateTime, Utc};

use super::certificate::{sha256_with_rsa, signed};
use super::{Issuer, extensions, whole_second};
use crate::PkiError;
use crate::certificate::{Certificate, oid, sha1};
use crate::der;

/// Why a certificate is revoked: the reasons of RFC 5280 §5.3.1 that end it for good.
///
/// `certificateHold` and `removeFromCRL` are left out, since a revocation here is final, and so is
/// `aACompromise`, which is about certificates of another kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Nothing is said.
    Unspecified,
    /// The private key is known to others.
    KeyCompromise,
    /// The private key is known to others, and the certificate is one that issues others.
    CaCompromise,
    /// The name in the certificate is no longer right.
    AffiliationChanged,
    /// Another certificate has taken its place.
    Superseded,
    /// It is no longer needed.
    CessationOfOperation,
    /// Its holder may no longer do what it was issued for.
    PrivilegeWithdrawn,
}

impl Reason {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 7] = [
        Self::Unspecified,
        Self::KeyCompromise,
        Self::CaCompromise,
        Self::AffiliationChanged,
        Self::Superseded,
        Self::CessationOfOperation,
        Self::PrivilegeWithdrawn,
    ];

    /// Its name in RFC 5280.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::KeyCompromise => "keyCompromise",
            Self::CaCompromise => "cACompromise",
            Self::AffiliationChanged => "affiliationChanged",
            Self::Superseded => "superseded",
            Self::CessationOfOperation => "cessationOfOperation",
            Self::PrivilegeWithdrawn => "privilegeWithdrawn",
        }
    }

    /// The reason of this name; case counts.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }

    /// Whether the key must not be used any more.
    pub const fn ends_the_key(self) -> bool {
        matches!(self, Self::KeyCompromise | Self::CaCompromise)
    }

    const fn number(self) -> u8 {
        match self {
            Self::Unspecified => 0,
            Self::KeyCompromise => 1,
            Self::CaCompromise => 2,
            Self::AffiliationChanged => 3,
            Self::Superseded => 4,
            Self::CessationOfOperation => 5,
            Self::PrivilegeWithdrawn => 9,
        }
    }
}

/// One entry of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revoked {
    /// [`Certificate::serial_octets`] of the certificate.
    pub serial: Vec<u8>,
    /// When it was revoked.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: Reason,
}

/// What a list says besides its entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CrlProfile {
    /// Grows from list to list of the same issuer.
    pub number: u64,
    /// When the list is made.
    pub this_update: DateTime<Utc>,
    /// When the next one is there at the latest.
    pub next_update: DateTime<Utc>,
}

/// The identifier that certificates and lists give for the key of `issuer`: the one in its own
/// certificate, else SHA-1 of the key (RFC 5280 §4.2.1.2).
pub fn key_identifier(issuer: &Certificate) -> Vec<u8> {
    let stated = issuer.extensions().subject_key_id.clone();
    stated.unwrap_or_else(|| sha1(issuer.public_key().bits()))
}

/// Whether the certificate lets its key sign lists. Without a key usage it may do everything.
pub fn may_sign_crls(issuer: &Certificate) -> bool {
    let usage = issuer.extensions().key_usage;
    usage.is_none_or(|usage| usage.crl_sign)
}

/// A list in DER, version 2, signed by the issuer of the certificates on it.
///
/// # Errors
/// When signing fails.
pub fn issue_crl(
    revoked: &[Revoked],
    profile: &CrlProfile,
    issuer: &Issuer<'_>,
) -> Result<Vec<u8>, PkiError> {
    let mut fields = vec![
        // version 2
        der::unsigned(&[1]),
        sha256_with_rsa(),
        issuer.name().to_vec(),
        der::time(whole_second(profile.this_update)?),
        der::time(whole_second(profile.next_update)?),
    ];
    if !revoked.is_empty() {
        let entries = revoked.iter().map(entry).collect::<Result<Vec<_>, _>>()?;
        fields.push(sequence(&entries));
    }
    let number = der::unsigned(&profile.number.to_be_bytes());
    let extensions = [
        extensions::authority_key_id(&key_identifier(issuer.certificate())),
        extensions::extension(oid::CRL_NUMBER, false, &number),
    ];
    fields.push(der::element(der::CONTEXT_0, &[&sequence(&extensions)]));
    signed(&sequence(&fields), issuer.key())
}

fn entry(revoked: &Revoked) -> Result<Vec<u8>, PkiError> {
    let mut fields = vec![
        der::element(der::INTEGER, &[&revoked.serial]),
        der::time(whole_second(revoked.at)?),
    ];
    // RFC 5280 wants no extension rather than this one.
    if revoked.reason != Reason::Unspecified {
        let reason = der::element(der::ENUMERATED, &[&[revoked.reason.number()]]);
        let reason = extensions::extension(oid::CRL_REASON, false, &reason);
        fields.push(sequence(&[reason]));
    }
    Ok(sequence(&fields))
}

fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    let parts: Vec<_> = parts.iter().map(Vec::as_slice).collect();
    der::element(der::SEQUENCE, &parts)
}
