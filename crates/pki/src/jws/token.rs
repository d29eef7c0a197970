//! Reading and checking a token. Nothing here panics on any input.

use std::fmt;

use base64::Engine as _;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{Algorithm, TEXT, decode_payload, encode};
use crate::certificate::Certificate;
use crate::reading::base64_text::LENIENT_STANDARD;
use crate::{KeyManagerError, errors};

/// The members of a header that count. Others are ignored, and a member that occurs twice makes
/// the header unreadable.
#[derive(Deserialize)]
struct Members {
    alg: Option<String>,
    x5c: Option<Vec<String>>,
    #[serde(rename = "x5t#S256")]
    x5t_s256: Option<String>,
    kid: Option<String>,
    crit: Option<IgnoredAny>,
}

/// A token in compact form, taken apart. It says nothing yet about its signature.
#[derive(Clone)]
pub struct Token {
    header: String,
    payload: String,
    signature: Vec<u8>,
    algorithm: Algorithm,
    certificate: Option<Certificate>,
    certificate_hash: Option<Vec<u8>>,
    key_id: Option<String>,
}

impl Token {
    /// Takes a token apart.
    ///
    /// # Errors
    /// `KER-JWS-106` when the header can't be read, or its certificate is not the one that it
    /// states the hash of; `KER-JWS-105` for everything else that is no token: not three parts, an
    /// algorithm that is not supported, an extension that would have to be understood.
    pub fn parse(text: &str) -> Result<Self, KeyManagerError> {
        let mut parts = text.split('.');
        let header = parts.next().unwrap_or_default();
        let members = TEXT.decode(header).or(Err(errors::JWS_SIGNATURE_INVALID))?;
        let members: Members =
            serde_json::from_slice(&members).or(Err(errors::JWS_SIGNATURE_INVALID))?;
        let certificate = members.x5c.as_deref().map(first).transpose()?.flatten();
        let certificate_hash = members.x5t_s256.as_deref().map(hash).transpose()?;
        let (Some(payload), Some(signature), None) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(errors::JWS_VERIFICATION_FAILED);
        };
        let algorithm = members.alg.as_deref().and_then(Algorithm::of_name);
        let token = Self {
            header: header.to_owned(),
            payload: payload.to_owned(),
            signature: TEXT
                .decode(signature)
                .or(Err(errors::JWS_VERIFICATION_FAILED))?,
            algorithm: algorithm
                .filter(|_| members.crit.is_none())
                .ok_or(errors::JWS_VERIFICATION_FAILED)?,
            certificate,
            certificate_hash,
            key_id: members.kid,
        };
        if let Some(certificate) = &token.certificate {
            token.check_hash(certificate)?;
        }
        Ok(token)
    }

    /// The first certificate in the header, if there is one. It is not trusted: any sender can put one there.
    pub fn certificate(&self) -> Option<&Certificate> {
        self.certificate.as_ref()
    }

    /// The SHA-256 of the certificate of the key, if the header states it.
    pub fn certificate_hash(&self) -> Option<&[u8]> {
        self.certificate_hash.as_deref()
    }

    /// The `kid`, if there is one.
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// This token with another payload, given as base64url: for one that came without.
    ///
    /// # Errors
    /// `KER-CRY-003` when it is not base64url.
    pub fn with_payload(self, payload: &str) -> Result<Self, KeyManagerError> {
        let payload = encode(&decode_payload(payload)?);
        Ok(Self { payload, ..self })
    }

    /// Whether the key of `certificate` signed this token. The dates of the certificate are left
    /// to the caller, and so is whether to trust it.
    ///
    /// # Errors
    /// `KER-JWS-106` when the header states the hash of another certificate, `KER-JWS-105` when
    /// the key is not of the kind that the algorithm needs.
    pub fn verify(&self, certificate: &Certificate) -> Result<bool, KeyManagerError> {
        self.check_hash(certificate)?;
        let message = format!("{}.{}", self.header, self.payload);
        self.algorithm
            .verify(
                certificate.public_key(),
                message.as_bytes(),
                &self.signature,
            )
            .ok_or(errors::JWS_VERIFICATION_FAILED)
    }

    fn check_hash(&self, certificate: &Certificate) -> Result<(), KeyManagerError> {
        match self.certificate_hash() {
            Some(hash) if hash != certificate.encoding_sha256() => {
                Err(errors::JWS_SIGNATURE_INVALID)
            }
            _ => Ok(()),
        }
    }
}

/// Without the payload, which is the business of others.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("algorithm", &self.algorithm)
            .field("key_id", &self.key_id)
            .finish_non_exhaustive()
    }
}

fn first(chain: &[String]) -> Result<Option<Certificate>, KeyManagerError> {
    let read = |text: &String| {
        let der = LENIENT_STANDARD.decode(text).ok()?;
        Certificate::from_der(&der).ok()
    };
    let first = chain.first();
    first
        .map(|text| read(text).ok_or(errors::JWS_SIGNATURE_INVALID))
        .transpose()
}

fn hash(text: &str) -> Result<Vec<u8>, KeyManagerError> {
    let bytes = TEXT.decode(text).ok().filter(|bytes| bytes.len() == 32);
    bytes.ok_or(errors::JWS_SIGNATURE_INVALID)
}
