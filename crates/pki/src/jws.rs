//! Signed tokens in compact form (RFC 7515), as the key manager makes and checks them
//! (contract keymanager.md §12).

mod algorithm;
mod make;
mod token;

pub use algorithm::Algorithm;
pub use make::{Header, sign};
pub use token::Token;

use base64::engine::general_purpose::NO_PAD;
use base64::engine::{DecodePaddingMode, GeneralPurpose};
use base64::{Engine as _, alphabet};

use crate::KeyManagerError;
use crate::reading::base64_text;

/// base64url without padding on output; with or without it on input.
const TEXT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    NO_PAD.with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The bytes of a payload that was sent as base64url.
///
/// # Errors
/// `KER-CRY-003` when it is not base64url.
pub fn decode_payload(text: &str) -> Result<Vec<u8>, KeyManagerError> {
    base64_text::decode_url_safe(text)
}

fn encode(bytes: &[u8]) -> String {
    TEXT.encode(bytes)
}
