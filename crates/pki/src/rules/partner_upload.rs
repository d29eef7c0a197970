//! Judging a partner's certificate before it is re-issued (contract keymanager.md §8.2, steps 5 to
//! 13).

use chrono::{DateTime, Utc};

use super::{UploadRules, columns, dates};
use crate::certificate::{Attribute, Certificate, Hash, KeyAlgorithm, SignatureAlgorithm};
use crate::trust::{PathFault, TrustPath, TrustStore};
use crate::{KeyManagerError, errors};

/// Smallest RSA key of a partner, in bits.
const MIN_RSA_BITS: usize = 2048;

/// Checks `certificate` for the partner called `organization`, in the order of the contract.
///
/// `store` is the trust store of the domain. A certificate that was uploaded before passes: that
/// is how partners renew. Returns the path to the root, for FTM partners and the audit.
///
/// # Errors
/// The first rule that is broken. A subject without CN (HTTP 500 in the reference)
/// and a key that nobody can use are `KER-PCM-001`.
pub fn check_partner(
    certificate: &Certificate,
    organization: &str,
    store: &TrustStore,
    rules: &UploadRules,
    now: DateTime<Utc>,
) -> Result<TrustPath, KeyManagerError> {
    check_dates(certificate, rules, now)?;
    if certificate.is_self_signed() {
        return Err(errors::SELF_SIGNED_PARTNER);
    }
    let path = match store.path(certificate, now, rules) {
        Ok(path) => Some(path),
        // Refused below, but other rules come first.
        Err(PathFault::Unverifiable) => None,
        Err(PathFault::NotFound) => return Err(errors::ISSUERS_NOT_FOUND),
    };
    if certificate.version() != 3 {
        return Err(errors::VERSION_UNSUPPORTED);
    }
    if !certificate
        .subject()
        .all(Attribute::Organization)
        .any(|one| one == organization)
    {
        return Err(errors::ORGANIZATION_MISMATCH);
    }
    if matches!(certificate.public_key().algorithm, KeyAlgorithm::Rsa { bits } if bits < MIN_RSA_BITS)
    {
        return Err(errors::KEY_TOO_SMALL);
    }
    let supported = is_supported(certificate.signature_algorithm(), rules);
    let path = path
        .filter(|_| supported)
        .ok_or(errors::SIGNATURE_UNSUPPORTED)?;
    let nameless = certificate.subject().first(Attribute::CommonName).is_none();
    if nameless || !certificate.public_key().is_well_formed() {
        return Err(errors::INVALID_CERTIFICATE);
    }
    columns::check_fit(certificate)?;
    Ok(path)
}

fn check_dates(
    certificate: &Certificate,
    rules: &UploadRules,
    now: DateTime<Utc>,
) -> Result<(), KeyManagerError> {
    let validity = certificate.validity();
    if dates::is_future_dated(validity, now) {
        return Err(errors::FUTURE_DATED);
    }
    if !validity.contains(now) {
        return Err(errors::DATES_INVALID);
    }
    if !dates::lasts_as_partner(validity, rules, now) {
        return Err(errors::PARTNER_VALIDITY_TOO_SHORT);
    }
    Ok(())
}

/// The reference wants names that begin with `SHA2`; PSS and Ed25519 have other names.
fn is_supported(algorithm: SignatureAlgorithm, rules: &UploadRules) -> bool {
    let hash = match algorithm {
        SignatureAlgorithm::Rsa(hash) | SignatureAlgorithm::Ecdsa(hash) => hash,
        SignatureAlgorithm::RsaPss(_)
        | SignatureAlgorithm::RsaPssUnusual
        | SignatureAlgorithm::Ed25519
        | SignatureAlgorithm::Other => return false,
    };
    match hash {
        Hash::Sha224 | Hash::Sha256 => true,
        Hash::Sha384 | Hash::Sha512 => rules.accept_longer_hashes,
        Hash::Sha1 | Hash::Sha3 => false,
    }
}
