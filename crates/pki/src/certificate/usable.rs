//! Whether a public key can be used: what each kind of key wants of its encoding and its numbers.
//!
//! A certificate that we issue is read by others. Whatever they can't load as a key must not be
//! signed, so the encoding has to be the one that the standard of its kind prescribes, and every
//! kind that is not listed here is none.

use aws_lc_rs::signature::{self, ParsedPublicKey, VerificationAlgorithm};
use x509_parser::prelude::FromDer as _;
use x509_parser::signature_algorithm::RsaSsaPssParams;
use x509_parser::x509::SubjectPublicKeyInfo;

use super::{Curve, KeyAlgorithm, PublicKey, oid};
use crate::der;
use crate::reading::ber;
use numbers::{DsaKey, EDWARDS_448, EDWARDS_25519, Weierstrass};

mod numbers;

/// Largest RSA key that verifies anything, in bits. The library parses larger ones.
pub(super) const MAX_RSA_BITS: usize = 8192;

const NULL: [u8; 2] = [0x05, 0x00];

/// Whether the key is one of its kind, in its one plain encoding: RSA numbers that are sane, a point
/// that is on its curve, parameters that its kind has.
pub(super) fn is_usable(key: &PublicKey) -> bool {
    let Some(algorithm) = algorithm_of(key) else {
        return false;
    };
    let kind = ber::children(algorithm).next().map(|kind| kind.content);
    let named = |curve: &[u8]| is_one_of(algorithm, &[&der::object_identifier(curve)], oid::EC);
    let known = match kind {
        Some(oid::RSA) => is_one_of(algorithm, &[&[], &NULL], oid::RSA),
        Some(oid::RSA_PSS) => has_pss_parameters(key),
        Some(kind @ (oid::ED25519 | oid::ED448)) => is_one_of(algorithm, &[&[]], kind),
        Some(oid::EC) => match key.algorithm {
            KeyAlgorithm::Ec(Curve::P256) => named(oid::P256),
            KeyAlgorithm::Ec(Curve::P384) => named(oid::P384),
            KeyAlgorithm::Ec(Curve::P521) => named(oid::P521),
            _ => true,
        },
        // Checked with its numbers, as are the curves that are left.
        Some(oid::DSA) => true,
        _ => false,
    };
    known && has_sane_numbers(key, kind.unwrap_or_default(), algorithm)
}

/// The content of the `AlgorithmIdentifier`, when the `SubjectPublicKeyInfo` is that and a BIT STRING
/// of whole octets in DER, and nothing else.
fn algorithm_of(key: &PublicKey) -> Option<&[u8]> {
    let (info, _) = ber::read(key.info())?;
    let algorithm = ber::children(info.content).next()?;
    let expected = der::element(
        der::SEQUENCE,
        &[
            &der::element(der::SEQUENCE, &[algorithm.content]),
            &der::bit_string(key.bits()),
        ],
    );
    (expected == key.info()).then_some(algorithm.content)
}

/// Whether the algorithm is `kind` with one of these parameters.
fn is_one_of(algorithm: &[u8], parameters: &[&[u8]], kind: &[u8]) -> bool {
    let kind = der::object_identifier(kind);
    parameters
        .iter()
        .any(|parameters| algorithm == [&kind[..], parameters].concat())
}

/// RSASSA-PSS keys may restrict how they sign; other readers refuse restrictions that they can't
/// read.
fn has_pss_parameters(key: &PublicKey) -> bool {
    let Ok((_, info)) = SubjectPublicKeyInfo::from_der(key.info()) else {
        return false;
    };
    let Some(parameters) = info.algorithm.parameters() else {
        return true;
    };
    let parsed = RsaSsaPssParams::try_from(parameters);
    parsed.is_ok_and(|parsed| parsed.mask_gen_algorithm().is_ok())
}

fn has_sane_numbers(key: &PublicKey, kind: &[u8], algorithm: &[u8]) -> bool {
    match key.algorithm {
        KeyAlgorithm::Rsa { bits } => {
            bits <= MAX_RSA_BITS && parses(key, &signature::RSA_PKCS1_2048_8192_SHA256)
        }
        KeyAlgorithm::Ec(Curve::P256) => is_point(key, 32, &signature::ECDSA_P256_SHA256_ASN1),
        KeyAlgorithm::Ec(Curve::P384) => is_point(key, 48, &signature::ECDSA_P384_SHA384_ASN1),
        KeyAlgorithm::Ec(Curve::P521) => is_point(key, 66, &signature::ECDSA_P521_SHA512_ASN1),
        KeyAlgorithm::Ec(Curve::Other) => {
            let curve = Weierstrass::ALL
                .iter()
                .find(|curve| is_one_of(algorithm, &[&der::object_identifier(curve.oid)], oid::EC));
            curve.is_some_and(|curve| curve.has(key.bits()))
        }
        KeyAlgorithm::Ed25519 => EDWARDS_25519.has(key.bits()),
        KeyAlgorithm::Other if kind == oid::ED448 => EDWARDS_448.has(key.bits()),
        KeyAlgorithm::Other if kind == oid::DSA => {
            DsaKey::read(algorithm, key.bits()).is_some_and(|key| key.is_sane())
        }
        KeyAlgorithm::Other => false,
    }
}

/// Whether the bits are an uncompressed point of the curve. The library reads other forms too, and
/// then a revoked key would pass for another one.
fn is_point(key: &PublicKey, size: usize, curve: &'static dyn VerificationAlgorithm) -> bool {
    key.bits().len() == 2 * size + 1 && key.bits().first() == Some(&4) && parses(key, curve)
}

fn parses(key: &PublicKey, algorithm: &'static dyn VerificationAlgorithm) -> bool {
    // Asked for an RSA key, the library would take a whole `SubjectPublicKeyInfo` as well.
    let plain = ber::children(key.bits())
        .next()
        .is_none_or(|outer| ber::children(outer.content).all(|part| part.tag == der::INTEGER));
    let is_rsa = matches!(key.algorithm, KeyAlgorithm::Rsa { .. });
    (plain || !is_rsa) && ParsedPublicKey::new(algorithm, key.bits()).is_ok()
}
