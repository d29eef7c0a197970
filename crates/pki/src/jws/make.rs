//! Making a token.

use base64::Engine as _;
use serde::Serialize;

use super::encode;
use crate::certificate::Certificate;
use crate::reading::base64_text::LENIENT_STANDARD;
use crate::{PkiError, Signer};

/// What a header says besides the algorithm.
#[derive(Debug, Clone, Copy, Default)]
pub struct Header<'a> {
    /// `x5c`: the certificate itself.
    pub certificate: Option<&'a Certificate>,
    /// `x5t#S256`: the hash of this certificate.
    pub hash_of: Option<&'a Certificate>,
    /// `x5u`: where the certificate can be had.
    pub certificate_url: Option<&'a str>,
    /// `kid`.
    pub key_id: Option<&'a str>,
}

/// A header, with its members in the order of the wire.
#[derive(Serialize)]
struct Members<'a> {
    alg: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    x5c: Option<[String; 1]>,
    #[serde(rename = "x5t#S256", skip_serializing_if = "Option::is_none")]
    x5t_s256: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    x5u: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<&'a str>,
}

/// Signs `payload`: `header.payload.signature`, or `header..signature` when it is `detached`.
///
/// # Errors
/// When signing fails.
pub fn sign<'k>(
    header: &Header<'_>,
    payload: &[u8],
    detached: bool,
    key: impl Into<Signer<'k>>,
) -> Result<String, PkiError> {
    let key = key.into();
    let members = Members {
        alg: key.algorithm().name(),
        x5c: header
            .certificate
            .map(|one| [LENIENT_STANDARD.encode(one.der())]),
        x5t_s256: header.hash_of.map(|one| encode(&one.encoding_sha256())),
        x5u: header.certificate_url,
        kid: header.key_id,
    };
    let members = serde_json::to_vec(&members).or(Err(PkiError::Signing))?;
    let (header, payload) = (encode(&members), encode(payload));
    let signature = encode(&key.sign(format!("{header}.{payload}").as_bytes())?);
    let payload = if detached { "" } else { &payload };
    Ok(format!("{header}.{payload}.{signature}"))
}
