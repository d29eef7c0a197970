//! Certificate signing requests, PKCS#10 (contract keymanager.md §10.3).

use super::Subject;
use crate::PkiError;
use crate::Signer;
use crate::der;
use crate::pack;

/// A request for a certificate of `key`, as PEM.
///
/// # Errors
/// When signing fails.
pub fn certificate_request<'a>(
    subject: &Subject,
    key: impl Into<Signer<'a>>,
) -> Result<String, PkiError> {
    let key = key.into();
    let contents = der::element(
        der::SEQUENCE,
        &[
            // version 1
            &der::unsigned(&[0]),
            &subject.to_der(),
            key.public_key().info(),
            // no attributes
            &der::element(der::CONTEXT_0, &[]),
        ],
    );
    Ok(pack::armour("CERTIFICATE REQUEST", &key.signed(&contents)?))
}
