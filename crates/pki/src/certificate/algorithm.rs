//! Public keys and signature algorithms, as far as the rules look at them.

use x509_parser::asn1_rs::{Any, Tag};
use x509_parser::prelude::FromDer as _;
use x509_parser::public_key::RSAPublicKey;
use x509_parser::signature_algorithm::RsaSsaPssParams;
use x509_parser::x509::{AlgorithmIdentifier, SubjectPublicKeyInfo};

use super::{oid, usable};

/// The kind of a public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyAlgorithm {
    /// RSA, with the bit length of the modulus.
    Rsa {
        /// Exact bit length of the modulus.
        bits: usize,
    },
    /// Elliptic curve.
    Ec(Curve),
    /// Edwards curve 25519.
    Ed25519,
    /// Anything else.
    Other,
}

/// The named curves that signatures can be verified on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Curve {
    /// NIST P-256.
    P256,
    /// NIST P-384.
    P384,
    /// NIST P-521.
    P521,
    /// Any other curve, secp256k1 among them.
    Other,
}

impl Curve {
    /// Whether signatures can be verified on it.
    pub const fn is_known(self) -> bool {
        !matches!(self, Self::Other)
    }
}

/// A public key with its encoding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// The kind of key.
    pub algorithm: KeyAlgorithm,
    info: Vec<u8>,
    bits: Vec<u8>,
}

impl PublicKey {
    /// Reads the DER of a `SubjectPublicKeyInfo`; `None` when it is none.
    pub fn from_der(info: &[u8]) -> Option<Self> {
        SubjectPublicKeyInfo::from_der(info)
            .ok()
            .map(|(_, info)| Self::new(&info))
    }

    pub(crate) fn new(info: &SubjectPublicKeyInfo<'_>) -> Self {
        let bits = info.subject_public_key.data.to_vec();
        Self {
            algorithm: key_algorithm(info),
            info: info.raw.to_vec(),
            bits,
        }
    }

    /// The DER of the `SubjectPublicKeyInfo`.
    pub fn info(&self) -> &[u8] {
        &self.info
    }

    /// The content of its BIT STRING: an `RSAPublicKey`, a curve point.
    pub fn bits(&self) -> &[u8] {
        &self.bits
    }

    /// Whether it is a key that can be used, in the one encoding that its kind has. A kind that is
    /// not known here can't.
    pub fn is_usable(&self) -> bool {
        usable::is_usable(self)
    }

    /// Whether it is an RSA key whose public exponent is below 65537.
    pub fn has_small_exponent(&self) -> bool {
        let key = RSAPublicKey::from_der(&self.bits);
        matches!(self.algorithm, KeyAlgorithm::Rsa { .. })
            && key.is_ok_and(|(_, key)| key.try_exponent().is_ok_and(|found| found < 65537))
    }
}

fn key_algorithm(info: &SubjectPublicKeyInfo<'_>) -> KeyAlgorithm {
    match info.algorithm.algorithm.as_bytes() {
        oid::RSA | oid::RSA_PSS => KeyAlgorithm::Rsa {
            bits: modulus_bits(info),
        },
        oid::EC => KeyAlgorithm::Ec(curve(info.algorithm.parameters())),
        oid::ED25519 => KeyAlgorithm::Ed25519,
        _ => KeyAlgorithm::Other,
    }
}

fn modulus_bits(info: &SubjectPublicKeyInfo<'_>) -> usize {
    let key = RSAPublicKey::from_der(&info.subject_public_key.data);
    let modulus = key.map(|(_, key)| key.modulus).unwrap_or_default();
    let zeros = modulus.iter().take_while(|byte| **byte == 0).count();
    let first = modulus.get(zeros).map_or(0, |byte| byte.leading_zeros());
    let bits = (modulus.len() - zeros) * 8;
    bits - usize::try_from(first).unwrap_or_default()
}

fn curve(parameters: Option<&Any<'_>>) -> Curve {
    let named = parameters.filter(|parameters| parameters.tag() == Tag::Oid);
    match named.map(|parameters| parameters.data) {
        Some(oid::P256) => Curve::P256,
        Some(oid::P384) => Curve::P384,
        Some(oid::P521) => Curve::P521,
        _ => Curve::Other,
    }
}

/// The hash of a signature algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    /// SHA-1.
    Sha1,
    /// SHA-224.
    Sha224,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
    /// Any member of the SHA-3 family.
    Sha3,
}

/// How a certificate is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureAlgorithm {
    /// RSASSA-PKCS1-v1_5.
    Rsa(Hash),
    /// RSASSA-PSS with the same hash in its mask.
    RsaPss {
        /// Of the message, and in the mask.
        hash: Hash,
        /// Length of the salt, in bytes.
        salt: u16,
    },
    /// RSASSA-PSS with another hash in its mask, or an endless salt.
    RsaPssUnusual,
    /// ECDSA.
    Ecdsa(Hash),
    /// Ed25519.
    Ed25519,
    /// Anything else: MD5, DSA, Ed448, …
    Other,
}

impl SignatureAlgorithm {
    pub(crate) fn new(identifier: &AlgorithmIdentifier<'_>) -> Self {
        let oid = identifier.algorithm.as_bytes();
        match oid {
            oid::SHA1_RSA | oid::SHA1_RSA_OIW => Self::Rsa(Hash::Sha1),
            oid::SHA224_RSA => Self::Rsa(Hash::Sha224),
            oid::SHA256_RSA => Self::Rsa(Hash::Sha256),
            oid::SHA384_RSA => Self::Rsa(Hash::Sha384),
            oid::SHA512_RSA => Self::Rsa(Hash::Sha512),
            oid::RSA_PSS => pss(identifier).unwrap_or(Self::Other),
            oid::SHA1_ECDSA => Self::Ecdsa(Hash::Sha1),
            oid::ED25519 => Self::Ed25519,
            _ => Self::of_arc(oid),
        }
    }

    fn of_arc(oid: &[u8]) -> Self {
        match oid.split_last() {
            Some((1, oid::SHA2_ECDSA_ARC)) => Self::Ecdsa(Hash::Sha224),
            Some((2, oid::SHA2_ECDSA_ARC)) => Self::Ecdsa(Hash::Sha256),
            Some((3, oid::SHA2_ECDSA_ARC)) => Self::Ecdsa(Hash::Sha384),
            Some((4, oid::SHA2_ECDSA_ARC)) => Self::Ecdsa(Hash::Sha512),
            Some((9..=12, oid::SHA3_RSA_ARC)) => Self::Ecdsa(Hash::Sha3),
            Some((13..=16, oid::SHA3_RSA_ARC)) => Self::Rsa(Hash::Sha3),
            _ => Self::Other,
        }
    }
}

fn pss(identifier: &AlgorithmIdentifier<'_>) -> Option<SignatureAlgorithm> {
    let parameters = RsaSsaPssParams::try_from(identifier.parameters()?).ok()?;
    let hash = pss_hash(parameters.hash_algorithm_oid().as_bytes())?;
    let mask = parameters.mask_gen_algorithm().ok()?;
    let salt = u16::try_from(parameters.salt_length()).ok();
    let usual = salt.filter(|_| mask.hash == *parameters.hash_algorithm_oid());
    Some(match usual {
        Some(salt) => SignatureAlgorithm::RsaPss { hash, salt },
        None => SignatureAlgorithm::RsaPssUnusual,
    })
}

fn pss_hash(hash: &[u8]) -> Option<Hash> {
    match hash.split_last() {
        Some((1, oid::SHA2_ARC)) => Some(Hash::Sha256),
        Some((2, oid::SHA2_ARC)) => Some(Hash::Sha384),
        Some((3, oid::SHA2_ARC)) => Some(Hash::Sha512),
        Some((4, oid::SHA2_ARC)) => Some(Hash::Sha224),
        Some((7..=10, oid::SHA2_ARC)) => Some(Hash::Sha3),
        _ => (hash == oid::SHA1).then_some(Hash::Sha1),
    }
}
