//! Encoding and signing of a certificate.

use aws_lc_rs::rand;

use crate::PkiError;
use crate::certificate::{Certificate, SignatureCheck, Validity, oid};
use crate::der;
use crate::keys::SigningKey;

/// What goes into a certificate besides serial number and signature.
pub(super) struct Contents<'a> {
    pub(super) issuer: &'a [u8],
    pub(super) subject: &'a [u8],
    pub(super) validity: Validity,
    /// `SubjectPublicKeyInfo`.
    pub(super) public_key: &'a [u8],
    pub(super) extensions: &'a [Vec<u8>],
}

impl Contents<'_> {
    pub(super) fn sign(&self, key: &SigningKey) -> Result<Certificate, PkiError> {
        let Validity {
            not_before,
            not_after,
        } = self.validity;
        let extensions: Vec<_> = self.extensions.iter().map(Vec::as_slice).collect();
        let extensions = der::element(der::SEQUENCE, &extensions);
        let signed_part = der::element(
            der::SEQUENCE,
            &[
                // version 3
                &der::element(der::CONTEXT_0, &[&der::unsigned(&[2])]),
                &serial()?,
                &sha256_with_rsa(),
                self.issuer,
                &der::element(
                    der::SEQUENCE,
                    &[&der::time(not_before), &der::time(not_after)],
                ),
                self.subject,
                self.public_key,
                &der::element(der::CONTEXT_3, &[&extensions]),
            ],
        );
        let issued = Certificate::from_der(&signed(&signed_part, key)?);
        issued
            .ok()
            .filter(|issued| self.is_good(issued, key))
            .ok_or(PkiError::Issuing)
    }
}

impl Contents<'_> {
    /// Whether others can use what was issued: nothing leaves this place that can't be verified, or
    /// whose key is none.
    fn is_good(&self, issued: &Certificate, key: &SigningKey) -> bool {
        let public_key = issued.public_key();
        public_key.info() == self.public_key
            && public_key.is_usable()
            && issued.check_signature(key.public_key()) == SignatureCheck::Valid
    }
}

/// `signed_part` with algorithm and signature behind it.
pub(super) fn signed(signed_part: &[u8], key: &SigningKey) -> Result<Vec<u8>, PkiError> {
    let signature = der::bit_string(&key.sign(signed_part)?);
    Ok(der::element(
        der::SEQUENCE,
        &[signed_part, &sha256_with_rsa(), &signature],
    ))
}

pub(super) fn sha256_with_rsa() -> Vec<u8> {
    const NULL: [u8; 2] = [0x05, 0x00];
    der::element(
        der::SEQUENCE,
        &[&der::object_identifier(oid::SHA256_RSA), &NULL],
    )
}

/// A positive number of up to 127 random bits.
fn serial() -> Result<Vec<u8>, PkiError> {
    let mut digits = [0; 16];
    rand::fill(&mut digits).or(Err(PkiError::Random))?;
    if let Some(first) = digits.first_mut() {
        *first &= 0x7f;
    }
    Ok(der::unsigned(&digits))
}
