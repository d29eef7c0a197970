//! The `alg` of tokens (RFC 7518, RFC 8037, RFC 8812).

use aws_lc_rs::signature::{self, UnparsedPublicKey, VerificationAlgorithm};

use crate::certificate::{Curve, KeyAlgorithm, PublicKey};
use crate::elliptic::EllipticCurve;

/// How a token is signed. Symmetric algorithms and `none` are none of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names of RFC 7518 say it")]
pub enum Algorithm {
    Rs256,
    Rs384,
    Rs512,
    Ps256,
    Ps384,
    Ps512,
    Es256,
    Es256k,
    Es384,
    Es512,
    EdDsa,
}

impl Algorithm {
    const ALL: [Self; 11] = [
        Self::Rs256,
        Self::Rs384,
        Self::Rs512,
        Self::Ps256,
        Self::Ps384,
        Self::Ps512,
        Self::Es256,
        Self::Es256k,
        Self::Es384,
        Self::Es512,
        Self::EdDsa,
    ];

    /// The `alg` of a header.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Ps256 => "PS256",
            Self::Ps384 => "PS384",
            Self::Ps512 => "PS512",
            Self::Es256 => "ES256",
            Self::Es256k => "ES256K",
            Self::Es384 => "ES384",
            Self::Es512 => "ES512",
            Self::EdDsa => "EdDSA",
        }
    }

    /// The algorithm with this name; case counts.
    pub fn of_name(name: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|algorithm| algorithm.name() == name)
    }

    /// Whether `key` made the signature; `None` when it is no key for this algorithm.
    pub(super) fn verify(self, key: &PublicKey, message: &[u8], signature: &[u8]) -> Option<bool> {
        let verifier = self.verifier(key)?;
        let key = UnparsedPublicKey::new(verifier, key.bits());
        Some(key.verify(message, signature).is_ok())
    }

    fn verifier(self, key: &PublicKey) -> Option<&'static dyn VerificationAlgorithm> {
        match key.algorithm {
            KeyAlgorithm::Rsa { bits: 2048.. } => self.rsa(),
            KeyAlgorithm::Ed25519 if self == Self::EdDsa => Some(&signature::ED25519),
            KeyAlgorithm::Ec(curve) => self.ecdsa(curve, key),
            _ => None,
        }
    }

    fn rsa(self) -> Option<&'static dyn VerificationAlgorithm> {
        match self {
            Self::Rs256 => Some(&signature::RSA_PKCS1_2048_8192_SHA256),
            Self::Rs384 => Some(&signature::RSA_PKCS1_2048_8192_SHA384),
            Self::Rs512 => Some(&signature::RSA_PKCS1_2048_8192_SHA512),
            Self::Ps256 => Some(&signature::RSA_PSS_2048_8192_SHA256),
            Self::Ps384 => Some(&signature::RSA_PSS_2048_8192_SHA384),
            Self::Ps512 => Some(&signature::RSA_PSS_2048_8192_SHA512),
            _ => None,
        }
    }

    fn ecdsa(self, curve: Curve, key: &PublicKey) -> Option<&'static dyn VerificationAlgorithm> {
        let on_secp256k1 = || EllipticCurve::of(key) == Some(EllipticCurve::Secp256k1);
        match (self, curve) {
            (Self::Es256, Curve::P256) => Some(&signature::ECDSA_P256_SHA256_FIXED),
            (Self::Es384, Curve::P384) => Some(&signature::ECDSA_P384_SHA384_FIXED),
            (Self::Es512, Curve::P521) => Some(&signature::ECDSA_P521_SHA512_FIXED),
            (Self::Es256k, _) if on_secp256k1() => Some(&signature::ECDSA_P256K1_SHA256_FIXED),
            _ => None,
        }
    }
}
