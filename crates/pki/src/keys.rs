//! RSA private keys: made, kept and used without ever being printed (contract keymanager.md §4).

use std::fmt;

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{
    KeyPair, KeySize, OAEP_SHA256_MGF1SHA256, OaepPrivateDecryptingKey, PrivateDecryptingKey,
};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use zeroize::Zeroizing;

use crate::PkiError;
use crate::certificate::PublicKey;

/// A private key as PKCS#8 DER, wiped when dropped.
pub struct Pkcs8(Zeroizing<Vec<u8>>);

impl Pkcs8 {
    /// Makes an RSA key of 2048 bits. Takes some 0.1 s: not for an async thread.
    ///
    /// # Errors
    /// When the cryptographic library fails.
    pub fn generate_rsa() -> Result<Self, PkiError> {
        let pair = KeyPair::generate(KeySize::Rsa2048).or(Err(PkiError::KeyGeneration))?;
        let der = pair.as_der().or(Err(PkiError::KeyGeneration))?;
        Ok(Self(Zeroizing::new(der.as_ref().to_vec())))
    }

    /// Wraps the DER of an existing key; it is checked when a key is made of it.
    pub fn from_der(der: impl Into<Zeroizing<Vec<u8>>>) -> Self {
        Self(der.into())
    }

    /// The DER. To be sealed with [`crate::Kek`], never to be logged or sent.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Pkcs8 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pkcs8(..)")
    }
}

/// A key that signs certificates and requests with `SHA256withRSA`.
pub struct SigningKey {
    pair: KeyPair,
    public_key: PublicKey,
}

impl SigningKey {
    /// Reads a key of 2048 to 8192 bits.
    ///
    /// # Errors
    /// When it is not a usable RSA key.
    pub fn from_pkcs8(key: &Pkcs8) -> Result<Self, PkiError> {
        let pair = KeyPair::from_pkcs8(key.expose()).or(Err(PkiError::KeyRejected))?;
        let info = pair.public_key().as_der().or(Err(PkiError::KeyRejected))?;
        let public_key = PublicKey::from_der(info.as_ref()).ok_or(PkiError::KeyRejected)?;
        Ok(Self { pair, public_key })
    }

    /// Its public half.
    pub fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// RSASSA-PKCS1-v1_5 over the SHA-256 of `message`.
    ///
    /// # Errors
    /// When the cryptographic library fails.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, PkiError> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        let random = SystemRandom::new();
        let signed = self
            .pair
            .sign(&RSA_PKCS1_SHA256, &random, message, &mut signature);
        signed.map_or(Err(PkiError::Signing), |()| Ok(signature))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(..)")
    }
}

/// A key that opens what was encrypted for its certificate.
pub struct DecryptingKey(OaepPrivateDecryptingKey);

impl DecryptingKey {
    /// Reads a key of 2048 to 8192 bits.
    ///
    /// # Errors
    /// When it is not a usable RSA key.
    pub fn from_pkcs8(key: &Pkcs8) -> Result<Self, PkiError> {
        let key = PrivateDecryptingKey::from_pkcs8(key.expose()).or(Err(PkiError::KeyRejected))?;
        let key = OaepPrivateDecryptingKey::new(key).or(Err(PkiError::KeyRejected))?;
        Ok(Self(key))
    }

    /// Length in bytes of what is encrypted for this key.
    pub(crate) fn sealed_length(&self) -> usize {
        self.0.min_output_size()
    }

    /// Undoes RSA-OAEP with SHA-256; `None` when `sealed` was not made for this key.
    pub(crate) fn unwrap(&self, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let mut buffer = Zeroizing::new(vec![0; self.0.min_output_size()]);
        let opened = self
            .0
            .decrypt(&OAEP_SHA256_MGF1SHA256, sealed, &mut buffer, None)
            .ok()?;
        Some(Zeroizing::new(opened.to_vec()))
    }
}

impl fmt::Debug for DecryptingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DecryptingKey(..)")
    }
}
