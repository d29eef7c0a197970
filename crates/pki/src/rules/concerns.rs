//! What is wrong with a partner's certificate, but not so wrong that the reference refuses it.

use std::fmt;

use super::Domain;
use crate::certificate::{Certificate, KeyAlgorithm};

/// Something to be logged when a partner's certificate is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concern {
    /// An RSA key with an exponent below 65537.
    SmallExponent,
    /// A `KeyUsage` that allows neither signatures nor, in the domain AUTH, key encipherment.
    Usage,
    /// An elliptic curve, or a kind of key, that nothing can be verified with here.
    UnknownKey,
}

impl fmt::Display for Concern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SmallExponent => "RSA exponent below 65537",
            Self::Usage => "key usage without digitalSignature",
            Self::UnknownKey => "kind of key that nothing can be verified with",
        })
    }
}

/// The concerns about a certificate that the rules let pass.
pub fn partner_concerns(certificate: &Certificate, domain: &Domain) -> Vec<Concern> {
    let key = certificate.public_key();
    let fits = certificate.extensions().key_usage.is_none_or(|usage| {
        usage.digital_signature || (domain.is_auth() && usage.key_encipherment)
    });
    let known = match key.algorithm {
        KeyAlgorithm::Rsa { .. } | KeyAlgorithm::Ed25519 => true,
        KeyAlgorithm::Ec(curve) => curve.is_known(),
        KeyAlgorithm::Other => false,
    };
    [
        (key.has_small_exponent(), Concern::SmallExponent),
        (!fits, Concern::Usage),
        (!known, Concern::UnknownKey),
    ]
    .into_iter()
    .filter_map(|(present, concern)| present.then_some(concern))
    .collect()
}
