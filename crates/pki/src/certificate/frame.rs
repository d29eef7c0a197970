//! What the signature of a certificate does not cover: the frame around the signed part.
//!
//! Only the issuer may be able to make a second encoding of a certificate, since encodings are
//! what revocations and duplicates are found by. One liberty is taken all the same: some authorities
//! write the parameters of the signature's algorithm as NULL inside and leave them out outside, or
//! the reverse. Such certificates are read, and known by what they would be with both alike.

use super::CertificateFault;
use super::thumbprint::sha256;
use crate::der;
use crate::reading::ber;

const NULL: [u8; 2] = [0x05, 0x00];

/// Checks frame, algorithm and padding of `whole`, which must be the only ones possible, and returns
/// what the certificate is known by: the SHA-256 of the encoding with the same algorithm twice.
pub(super) fn identity(whole: &[u8], signature: &[u8]) -> Result<[u8; 32], CertificateFault> {
    let malformed = CertificateFault::Malformed;
    let (frame, _) = ber::read(whole).ok_or(malformed)?;
    let mut parts = ber::children(frame.content);
    let signed_part = parts.next().ok_or(malformed)?.whole;
    let stated = parts.next().ok_or(malformed)?.whole;
    let signed = signed_algorithm(signed_part).ok_or(malformed)?;
    if stated != signed && !differ_in_null(stated, signed) {
        return Err(CertificateFault::AlgorithmMismatch);
    }
    let signature = der::bit_string(signature);
    let framed =
        |algorithm: &[u8]| der::element(der::SEQUENCE, &[signed_part, algorithm, &signature]);
    if framed(stated) != whole {
        return Err(malformed);
    }
    Ok(if stated == signed {
        sha256(whole)
    } else {
        sha256(&framed(signed))
    })
}

/// The `AlgorithmIdentifier` inside the signed part: behind version and serial number.
fn signed_algorithm(signed_part: &[u8]) -> Option<&[u8]> {
    let (signed_part, _) = ber::read(signed_part)?;
    let mut fields = ber::children(signed_part.content);
    let serial = fields.find(|field| field.tag != der::CONTEXT_0)?;
    let algorithm = fields.next()?;
    let is_right = (serial.tag, algorithm.tag) == (der::INTEGER, der::SEQUENCE);
    is_right.then_some(algorithm.whole)
}

/// Whether two `AlgorithmIdentifier`s in DER are the same but for parameters that are NULL in one and
/// absent in the other.
fn differ_in_null(one: &[u8], other: &[u8]) -> bool {
    let Some((algorithm, _)) = ber::read(one) else {
        return false;
    };
    let Some(kind) = ber::children(algorithm.content).next() else {
        return false;
    };
    let absent = der::element(der::SEQUENCE, &[kind.whole]);
    let null = der::element(der::SEQUENCE, &[kind.whole, &NULL]);
    (one == absent && other == null) || (one == null && other == absent)
}
