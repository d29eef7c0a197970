//! Keys on elliptic curves. They only sign tokens, and requests for their certificates
//! (contract keymanager.md §12).

use std::fmt;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P256K1_SHA256_FIXED_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair as _,
};
use zeroize::Zeroizing;

use crate::certificate::{PublicKey, oid};
use crate::keys::Pkcs8;
use crate::{PkiError, der};

pub(crate) const SECP256K1: &[u8] = &[0x2b, 0x81, 4, 0, 10];

/// The curves that keys of our own can be on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EllipticCurve {
    /// NIST P-256, for ES256.
    P256,
    /// The curve of Bitcoin, for ES256K.
    Secp256k1,
    /// Edwards curve 25519, for `EdDSA`.
    Ed25519,
}

impl EllipticCurve {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::P256, Self::Secp256k1, Self::Ed25519];

    /// The curve of a public key; `None` when it is another one, or none.
    pub fn of(key: &PublicKey) -> Option<Self> {
        let mut curves = Self::ALL.into_iter();
        curves.find(|curve| curve.info(key.bits()) == key.info())
    }

    /// The `SubjectPublicKeyInfo` of a public key on this curve.
    fn info(self, bits: &[u8]) -> Vec<u8> {
        let algorithm = match self {
            Self::P256 => identifier(&[oid::EC, oid::P256]),
            Self::Secp256k1 => identifier(&[oid::EC, SECP256K1]),
            Self::Ed25519 => identifier(&[oid::ED25519]),
        };
        der::element(der::SEQUENCE, &[&algorithm, &der::bit_string(bits)])
    }

    /// ECDSA on this curve; `None` for the Edwards curve, which has its own scheme.
    fn ecdsa(self) -> Option<&'static EcdsaSigningAlgorithm> {
        match self {
            Self::P256 => Some(&ECDSA_P256_SHA256_FIXED_SIGNING),
            Self::Secp256k1 => Some(&ECDSA_P256K1_SHA256_FIXED_SIGNING),
            Self::Ed25519 => None,
        }
    }
}

/// An `AlgorithmIdentifier` of object identifiers alone.
pub(crate) fn identifier(parts: &[&[u8]]) -> Vec<u8> {
    let parts: Vec<_> = parts
        .iter()
        .map(|part| der::object_identifier(part))
        .collect();
    let parts: Vec<_> = parts.iter().map(Vec::as_slice).collect();
    der::element(der::SEQUENCE, &parts)
}

impl Pkcs8 {
    /// Makes a key on a curve.
    ///
    /// # Errors
    /// When the cryptographic library fails.
    pub fn generate_elliptic(curve: EllipticCurve) -> Result<Self, PkiError> {
        let random = SystemRandom::new();
        let made = match curve.ecdsa() {
            Some(algorithm) => EcdsaKeyPair::generate_pkcs8(algorithm, &random),
            None => Ed25519KeyPair::generate_pkcs8(&random),
        };
        let made = made.or(Err(PkiError::KeyGeneration))?;
        Ok(Self::from_der(Zeroizing::new(made.as_ref().to_vec())))
    }
}

enum Pair {
    Ecdsa(EcdsaKeyPair),
    Edwards(Ed25519KeyPair),
}

/// A private key on an elliptic curve.
pub struct EllipticKey {
    pair: Pair,
    curve: EllipticCurve,
    public_key: PublicKey,
}

impl EllipticKey {
    /// Reads a key on `curve`.
    ///
    /// # Errors
    /// When it is none.
    pub fn from_pkcs8(curve: EllipticCurve, key: &Pkcs8) -> Result<Self, PkiError> {
        let pair = match curve.ecdsa() {
            Some(algorithm) => EcdsaKeyPair::from_pkcs8(algorithm, key.expose()).map(Pair::Ecdsa),
            None => Ed25519KeyPair::from_pkcs8(key.expose()).map(Pair::Edwards),
        };
        let pair = pair.or(Err(PkiError::KeyRejected))?;
        let info = match &pair {
            Pair::Ecdsa(pair) => curve.info(pair.public_key().as_ref()),
            Pair::Edwards(pair) => curve.info(pair.public_key().as_ref()),
        };
        let public_key = PublicKey::from_der(&info).ok_or(PkiError::KeyRejected)?;
        Ok(Self {
            pair,
            curve,
            public_key,
        })
    }

    /// Its curve.
    pub fn curve(&self) -> EllipticCurve {
        self.curve
    }

    /// Its public half.
    pub fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// A signature as tokens carry it: the two numbers of ECDSA one after the other.
    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, PkiError> {
        let signature = match &self.pair {
            Pair::Ecdsa(pair) => pair.sign(&SystemRandom::new(), message),
            Pair::Edwards(pair) => pair.try_sign(message),
        };
        let signature = signature.or(Err(PkiError::Signing))?;
        Ok(signature.as_ref().to_vec())
    }

    /// The same as certificates carry it: a SEQUENCE of the two numbers of ECDSA.
    pub(crate) fn sign_der(&self, message: &[u8]) -> Result<Vec<u8>, PkiError> {
        let signature = self.sign(message)?;
        if self.curve == EllipticCurve::Ed25519 {
            return Ok(signature);
        }
        let half = signature.len() / 2;
        let (first, second) = signature.split_at_checked(half).ok_or(PkiError::Signing)?;
        Ok(der::element(
            der::SEQUENCE,
            &[&der::unsigned(first), &der::unsigned(second)],
        ))
    }
}

impl fmt::Debug for EllipticKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EllipticKey({:?}, ..)", self.curve)
    }
}
