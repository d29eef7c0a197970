//! Signature verification: which algorithm on which key (contract keymanager.md §7.3).

use aws_lc_rs::signature::{self, ParsedPublicKey, UnparsedPublicKey, VerificationAlgorithm};

use super::{Curve, Hash, KeyAlgorithm, PublicKey, SignatureAlgorithm};

/// Smallest and largest RSA keys that verify anything, in bits. The library parses larger ones.
const MIN_RSA_BITS: usize = 1024;
const MAX_RSA_BITS: usize = 8192;

/// Outcome of a signature check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureCheck {
    /// The key made the signature.
    Valid,
    /// It did not, or never may: MD5, a curve or key size that is not allowed.
    Invalid,
    /// An allowed algorithm on a fitting key, but one that this build can not compute.
    Unverifiable,
}

pub(super) fn check(
    algorithm: SignatureAlgorithm,
    key: &PublicKey,
    message: &[u8],
    signature: &[u8],
) -> SignatureCheck {
    match verifier(algorithm, key.algorithm) {
        Some(verifier) => {
            let valid = UnparsedPublicKey::new(verifier, key.bits()).verify(message, signature);
            valid.map_or(SignatureCheck::Invalid, |()| SignatureCheck::Valid)
        }
        None if is_acceptable(algorithm, key.algorithm) => SignatureCheck::Unverifiable,
        None => SignatureCheck::Invalid,
    }
}

/// Whether the key is one of its kind: sane RSA numbers, a point on its curve. Of kinds that can not
/// be computed with nothing is known, and they pass.
pub(super) fn is_well_formed(key: &PublicKey) -> bool {
    if !is_plain(key) {
        return false;
    }
    let verifier: &'static dyn VerificationAlgorithm = match key.algorithm {
        KeyAlgorithm::Rsa { bits } if bits > MAX_RSA_BITS => return false,
        KeyAlgorithm::Rsa { .. } => &signature::RSA_PKCS1_2048_8192_SHA256,
        KeyAlgorithm::Ec(Curve::P256) => &signature::ECDSA_P256_SHA256_ASN1,
        KeyAlgorithm::Ec(Curve::P384) => &signature::ECDSA_P384_SHA384_ASN1,
        KeyAlgorithm::Ec(Curve::P521) => &signature::ECDSA_P521_SHA512_ASN1,
        KeyAlgorithm::Ed25519 => &signature::ED25519,
        KeyAlgorithm::Ec(Curve::Other) | KeyAlgorithm::Other => return true,
    };
    ParsedPublicKey::new(verifier, key.bits()).is_ok()
}

/// Whether the bits are the one encoding of the key that certificates have. The library reads
/// others too, a compressed point or a whole `SubjectPublicKeyInfo`, and then a key that nobody may
/// use any more would pass for another one.
fn is_plain(key: &PublicKey) -> bool {
    const UNCOMPRESSED: u8 = 4;
    let length = match key.algorithm {
        KeyAlgorithm::Ec(Curve::P256) => Some(65),
        KeyAlgorithm::Ec(Curve::P384) => Some(97),
        KeyAlgorithm::Ec(Curve::P521) => Some(133),
        KeyAlgorithm::Ed25519 => Some(32),
        KeyAlgorithm::Ec(Curve::Other) | KeyAlgorithm::Rsa { .. } | KeyAlgorithm::Other => None,
    };
    let is_point = matches!(key.algorithm, KeyAlgorithm::Ec(_));
    length.is_none_or(|length| key.bits().len() == length)
        && (!is_point || key.bits().first() == Some(&UNCOMPRESSED))
}

/// Algorithms that the reference verifies on this kind of key.
fn is_acceptable(algorithm: SignatureAlgorithm, key: KeyAlgorithm) -> bool {
    match (algorithm, key) {
        (
            SignatureAlgorithm::Rsa(_)
            | SignatureAlgorithm::RsaPss(_)
            | SignatureAlgorithm::RsaPssUnusual,
            KeyAlgorithm::Rsa { bits },
        ) => (MIN_RSA_BITS..=MAX_RSA_BITS).contains(&bits),
        (SignatureAlgorithm::Ecdsa(_), KeyAlgorithm::Ec(curve)) => curve != Curve::Other,
        _ => false,
    }
}

fn verifier(
    algorithm: SignatureAlgorithm,
    key: KeyAlgorithm,
) -> Option<&'static dyn VerificationAlgorithm> {
    match (algorithm, key) {
        (_, KeyAlgorithm::Rsa { bits }) if bits > MAX_RSA_BITS => None,
        (SignatureAlgorithm::Rsa(hash), KeyAlgorithm::Rsa { bits }) => rsa(hash, bits),
        (SignatureAlgorithm::RsaPss(hash), KeyAlgorithm::Rsa { bits: 2048.. }) => pss(hash),
        (SignatureAlgorithm::Ecdsa(hash), KeyAlgorithm::Ec(curve)) => ecdsa(curve, hash),
        (SignatureAlgorithm::Ed25519, KeyAlgorithm::Ed25519) => Some(&signature::ED25519),
        _ => None,
    }
}

fn rsa(hash: Hash, bits: usize) -> Option<&'static dyn VerificationAlgorithm> {
    match (hash, bits) {
        (Hash::Sha1, _) => Some(&signature::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY),
        (Hash::Sha256, _) => Some(&signature::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY),
        (Hash::Sha512, _) => Some(&signature::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY),
        (Hash::Sha384, 2048..) => Some(&signature::RSA_PKCS1_2048_8192_SHA384),
        _ => None,
    }
}

fn pss(hash: Hash) -> Option<&'static dyn VerificationAlgorithm> {
    match hash {
        Hash::Sha256 => Some(&signature::RSA_PSS_2048_8192_SHA256),
        Hash::Sha384 => Some(&signature::RSA_PSS_2048_8192_SHA384),
        Hash::Sha512 => Some(&signature::RSA_PSS_2048_8192_SHA512),
        _ => None,
    }
}

fn ecdsa(curve: Curve, hash: Hash) -> Option<&'static dyn VerificationAlgorithm> {
    match (curve, hash) {
        (Curve::P256, Hash::Sha1) => Some(&signature::ECDSA_P256_SHA1_ASN1),
        (Curve::P256, Hash::Sha256) => Some(&signature::ECDSA_P256_SHA256_ASN1),
        (Curve::P256, Hash::Sha384) => Some(&signature::ECDSA_P256_SHA384_ASN1),
        (Curve::P256, Hash::Sha512) => Some(&signature::ECDSA_P256_SHA512_ASN1),
        (Curve::P384, Hash::Sha256) => Some(&signature::ECDSA_P384_SHA256_ASN1),
        (Curve::P384, Hash::Sha384) => Some(&signature::ECDSA_P384_SHA384_ASN1),
        (Curve::P384, Hash::Sha512) => Some(&signature::ECDSA_P384_SHA512_ASN1),
        (Curve::P521, Hash::Sha1) => Some(&signature::ECDSA_P521_SHA1_ASN1),
        (Curve::P521, Hash::Sha224) => Some(&signature::ECDSA_P521_SHA224_ASN1),
        (Curve::P521, Hash::Sha256) => Some(&signature::ECDSA_P521_SHA256_ASN1),
        (Curve::P521, Hash::Sha384) => Some(&signature::ECDSA_P521_SHA384_ASN1),
        (Curve::P521, Hash::Sha512) => Some(&signature::ECDSA_P521_SHA512_ASN1),
        _ => None,
    }
}
