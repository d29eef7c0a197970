//! Signature verification: which algorithm on which key (contract keymanager.md §7.3).

use aws_lc_rs::signature::{self, RsaParameters, RsaPssSaltLength, VerificationAlgorithm};

use super::usable::MAX_RSA_BITS;
use super::{Curve, Hash, KeyAlgorithm, PublicKey, SignatureAlgorithm};

/// Smallest RSA key that verifies anything, in bits.
const MIN_RSA_BITS: usize = 1024;

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
    match Verifier::of(algorithm, key.algorithm) {
        Some(verifier) => {
            let verifier = verifier.as_ref();
            let valid = verifier.verify_sig(key.bits(), message, signature);
            valid.map_or(SignatureCheck::Invalid, |()| SignatureCheck::Valid)
        }
        None if is_acceptable(algorithm, key.algorithm) => SignatureCheck::Unverifiable,
        None => SignatureCheck::Invalid,
    }
}

/// Whether this build can tell if `key` made a signature of this kind.
pub(super) fn is_verifiable(algorithm: SignatureAlgorithm, key: &PublicKey) -> bool {
    Verifier::of(algorithm, key.algorithm).is_some()
}

/// Algorithms that the reference verifies on this kind of key.
fn is_acceptable(algorithm: SignatureAlgorithm, key: KeyAlgorithm) -> bool {
    match (algorithm, key) {
        (
            SignatureAlgorithm::Rsa(_)
            | SignatureAlgorithm::RsaPss { .. }
            | SignatureAlgorithm::RsaPssUnusual,
            KeyAlgorithm::Rsa { bits },
        ) => (MIN_RSA_BITS..=MAX_RSA_BITS).contains(&bits),
        (SignatureAlgorithm::Ecdsa(_), KeyAlgorithm::Ec(curve)) => curve != Curve::Other,
        _ => false,
    }
}

/// What verifies a kind of signature on a kind of key.
enum Verifier {
    Fixed(&'static dyn VerificationAlgorithm),
    /// With a length of the salt.
    Pss(RsaParameters),
}

impl Verifier {
    fn of(algorithm: SignatureAlgorithm, key: KeyAlgorithm) -> Option<Self> {
        match (algorithm, key) {
            (_, KeyAlgorithm::Rsa { bits }) if bits > MAX_RSA_BITS => None,
            (SignatureAlgorithm::Rsa(hash), KeyAlgorithm::Rsa { bits }) => {
                rsa(hash, bits).map(Self::Fixed)
            }
            (SignatureAlgorithm::RsaPss { hash, salt }, KeyAlgorithm::Rsa { bits: 2048.. }) => {
                pss(hash, salt).map(Self::Pss)
            }
            (SignatureAlgorithm::Ecdsa(hash), KeyAlgorithm::Ec(curve)) => {
                ecdsa(curve, hash).map(Self::Fixed)
            }
            (SignatureAlgorithm::Ed25519, KeyAlgorithm::Ed25519) => {
                Some(Self::Fixed(&signature::ED25519))
            }
            _ => None,
        }
    }

    fn as_ref(&self) -> &dyn VerificationAlgorithm {
        match self {
            Self::Fixed(verifier) => *verifier,
            Self::Pss(verifier) => verifier,
        }
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

/// Signers choose the salt's length: that of the hash, 20 bytes, or as many as fit.
fn pss(hash: Hash, salt: u16) -> Option<RsaParameters> {
    let salt = RsaPssSaltLength::Custom(salt);
    Some(match hash {
        Hash::Sha256 => signature::RSA_PSS_2048_8192_SHA256.with_pss_salt_length(salt),
        Hash::Sha384 => signature::RSA_PSS_2048_8192_SHA384.with_pss_salt_length(salt),
        Hash::Sha512 => signature::RSA_PSS_2048_8192_SHA512.with_pss_salt_length(salt),
        Hash::Sha1 | Hash::Sha224 | Hash::Sha3 => return None,
    })
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
