//! Certificate signing requests, PKCS#10 (§10.3).

use super::Subject;
use super::certificate::signed;
use crate::Failure;
use crate::der;
use crate::keys::SigningKey;
use crate::pack;

/// A request for a certificate of `key`, as PEM.
///
/// # Errors
/// When signing fails.
pub fn certificate_request(subject: &Subject, key: &SigningKey) -> Result<String, Failure> {
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
    Ok(pack::armour(
        "CERTIFICATE REQUEST",
        &signed(&contents, key)?,
    ))
}
