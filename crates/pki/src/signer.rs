//! A private key that signs tokens and certificate requests, of whichever kind.

use crate::certificate::{PublicKey, oid};
use crate::elliptic::{EllipticCurve, EllipticKey};
use crate::jws::Algorithm;
use crate::keys::SigningKey;
use crate::{PkiError, der};

/// An RSA key or one on an elliptic curve.
#[derive(Debug, Clone, Copy)]
pub enum Signer<'a> {
    /// RSA.
    Rsa(&'a SigningKey),
    /// An elliptic curve.
    Elliptic(&'a EllipticKey),
}

impl<'a> Signer<'a> {
    /// Its public half.
    pub fn public_key(self) -> &'a PublicKey {
        match self {
            Self::Rsa(key) => key.public_key(),
            Self::Elliptic(key) => key.public_key(),
        }
    }

    /// How it signs tokens.
    pub fn algorithm(self) -> Algorithm {
        match self {
            Self::Rsa(_) => Algorithm::Rs256,
            Self::Elliptic(key) => match key.curve() {
                EllipticCurve::P256 => Algorithm::Es256,
                EllipticCurve::Secp256k1 => Algorithm::Es256k,
                EllipticCurve::Ed25519 => Algorithm::EdDsa,
            },
        }
    }

    /// The signature of a token.
    pub(crate) fn sign(self, message: &[u8]) -> Result<Vec<u8>, PkiError> {
        match self {
            Self::Rsa(key) => key.sign(message),
            Self::Elliptic(key) => key.sign(message),
        }
    }

    /// `signed_part` with `AlgorithmIdentifier` and signature behind it.
    pub(crate) fn signed(self, signed_part: &[u8]) -> Result<Vec<u8>, PkiError> {
        let signature = match self {
            Self::Rsa(key) => key.sign(signed_part)?,
            Self::Elliptic(key) => key.sign_der(signed_part)?,
        };
        Ok(der::element(
            der::SEQUENCE,
            &[
                signed_part,
                &self.identifier(),
                &der::bit_string(&signature),
            ],
        ))
    }

    fn identifier(self) -> Vec<u8> {
        const NULL: [u8; 2] = [0x05, 0x00];
        let oid = |oid: &[u8]| der::object_identifier(oid);
        match self.algorithm() {
            Algorithm::EdDsa => der::element(der::SEQUENCE, &[&oid(oid::ED25519)]),
            Algorithm::Es256 | Algorithm::Es256k => {
                let sha256 = [oid::SHA2_ECDSA_ARC, &[2]].concat();
                der::element(der::SEQUENCE, &[&oid(&sha256)])
            }
            _ => der::element(der::SEQUENCE, &[&oid(oid::SHA256_RSA), &NULL]),
        }
    }
}

impl<'a> From<&'a SigningKey> for Signer<'a> {
    fn from(key: &'a SigningKey) -> Self {
        Self::Rsa(key)
    }
}

impl<'a> From<&'a EllipticKey> for Signer<'a> {
    fn from(key: &'a EllipticKey) -> Self {
        Self::Elliptic(key)
    }
}
