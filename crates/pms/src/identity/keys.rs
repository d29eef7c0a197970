//! The RSA key that signs the tokens.

use std::fs;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use jsonwebtoken::jwk::{Jwk, JwkSet, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::options::IdentityError;
use super::private_file;

/// Name of the key's file in the data directory.
const FILE: &str = "identity-key.pem";

/// A 2048-bit RSA key with its published half.
pub(super) struct SigningKey {
    kid: String,
    signing: EncodingKey,
    verifying: DecodingKey,
    jwks: JwkSet,
}

impl SigningKey {
    /// Reads the key of the data directory; the first time, makes it.
    pub(super) fn open(data_dir: &Path) -> Result<Self, IdentityError> {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(data_dir)
            .map_err(|error| IdentityError::file(data_dir, error))?;
        let path = data_dir.join(FILE);
        let stored = private_file::read(&path).map_err(|e| IdentityError::file(&path, e))?;
        let pem = match stored {
            Some(pem) => pem,
            None => make(&path)?,
        };
        Self::from_pem(&pem).map_err(|error| IdentityError::content(&path, &error))
    }

    fn from_pem(pem: &[u8]) -> jsonwebtoken::errors::Result<Self> {
        let signing = EncodingKey::from_rsa_pem(pem)?;
        let mut jwk = Jwk::from_encoding_key(&signing, Algorithm::RS256)?;
        let kid = jwk.thumbprint(ThumbprintHash::SHA256)?;
        jwk.common.key_id = Some(kid.clone());
        jwk.common.public_key_use = Some(PublicKeyUse::Signature);
        let verifying = DecodingKey::from_jwk(&jwk)?;
        Ok(Self {
            kid,
            signing,
            verifying,
            jwks: JwkSet { keys: vec![jwk] },
        })
    }

    /// The public key as services fetch it.
    pub(super) const fn jwks(&self) -> &JwkSet {
        &self.jwks
    }

    /// Signs claims with RS256.
    pub(super) fn sign(&self, claims: &impl Serialize) -> Result<String, IdentityError> {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(self.kid.clone());
        jsonwebtoken::encode(&header, claims, &self.signing)
            .map_err(|error| IdentityError::Signing(error.to_string()))
    }

    /// The claims of a token this key has signed; says nothing about its time or purpose.
    pub(super) fn open_token<T: DeserializeOwned>(&self, token: &str) -> Option<T> {
        let mut signature_only = Validation::new(Algorithm::RS256);
        signature_only.validate_exp = false;
        signature_only.validate_aud = false;
        signature_only.required_spec_claims.clear();
        let data = jsonwebtoken::decode::<T>(token, &self.verifying, &signature_only).ok()?;
        Some(data.claims)
    }
}

/// Makes a key and stores it. When another process was quicker, its key is the one.
fn make(path: &Path) -> Result<Vec<u8>, IdentityError> {
    let unusable = |error: aws_lc_rs::error::Unspecified| IdentityError::Signing(error.to_string());
    let pair = KeyPair::generate(KeySize::Rsa2048).map_err(unusable)?;
    let der = pair.as_der().map_err(unusable)?;
    let pem = pem::encode(&pem::Pem::new("PRIVATE KEY", der.as_ref())).into_bytes();
    match private_file::create(path, &pem) {
        Ok(()) => Ok(pem),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => private_file::read(path)
            .map_err(|error| IdentityError::file(path, error))?
            .ok_or_else(|| IdentityError::content(path, &"vanished while it was read")),
        Err(error) => Err(IdentityError::file(path, error)),
    }
}
