//! Judging a partner's certificate before it is re-issued (contract keymanager.md §8.2, steps 5 to 13).

use chrono::{DateTime, Utc};

use super::{UploadRules, columns, dates, version};
use crate::certificate::{Attribute, Certificate, KeyAlgorithm, is_blank, is_same_text};
use crate::trust::{PartnerIssuers, PathFault, TrustPath};
use crate::{KeyManagerError, errors};

/// Smallest RSA key of a partner, in bits.
const MIN_RSA_BITS: usize = 2048;

/// Checks `certificate` for the partner called `organization`, in the order of the contract.
///
/// `issuers` is the trust store of the domain, or [`PartnerIssuers`] of it. A certificate that was
/// uploaded before passes: that is how partners renew. Returns the path to the root, for FTM partners and the audit.
///
/// # Errors
/// The first rule that is broken. A subject without CN (HTTP 500 in the reference), one whose CN shows
/// nothing, and a key that can't be used are `KER-PCM-001`. An O that shows nothing is none.
pub fn check_partner<'a>(
    certificate: &Certificate,
    organization: &str,
    issuers: impl Into<PartnerIssuers<'a>>,
    rules: &UploadRules,
    now: DateTime<Utc>,
) -> Result<TrustPath, KeyManagerError> {
    check_dates(certificate, rules, now)?;
    if certificate.is_self_signed() {
        return Err(errors::SELF_SIGNED_PARTNER);
    }
    let path = match issuers.into().path(certificate, now, rules) {
        Ok(path) => Some(path),
        // Refused below, but other rules come first.
        Err(PathFault::Unverifiable) => None,
        Err(PathFault::NotFound) => return Err(errors::ISSUERS_NOT_FOUND),
    };
    version::check(certificate)?;
    if !certificate
        .subject()
        .all(Attribute::Organization)
        .any(|one| !is_blank(one) && is_same_text(one, organization))
    {
        return Err(errors::ORGANIZATION_MISMATCH);
    }
    if matches!(certificate.public_key().algorithm, KeyAlgorithm::Rsa { bits } if bits < MIN_RSA_BITS)
    {
        return Err(errors::KEY_TOO_SMALL);
    }
    let supported = rules
        .sign_algorithms
        .include(certificate.signature_algorithm());
    let path = path
        .filter(|_| supported)
        .ok_or(errors::SIGNATURE_UNSUPPORTED)?;
    let name = certificate.subject().first(Attribute::CommonName);
    if name.is_none_or(is_blank) || !certificate.public_key().is_usable() {
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
