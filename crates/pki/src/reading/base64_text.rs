//! The two alphabets of base64, as tolerant as the key manager is.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::{KeyManagerError, errors};

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);

/// RFC 4648 §4, padding optional on input.
pub(crate) const LENIENT_STANDARD: GeneralPurpose =
    GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
/// RFC 4648 §5, padded on output, padding optional on input.
pub(crate) const LENIENT_URL_SAFE: GeneralPurpose =
    GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// Decodes base64url.
///
/// # Errors
/// `KER-CRY-003`, with one text for a foreign character and another for a wrong length
/// contract keymanager.md §1).
pub(crate) fn decode_url_safe(text: &str) -> Result<Vec<u8>, KeyManagerError> {
    LENIENT_URL_SAFE.decode(text).map_err(|_fault| {
        let foreign = text
            .chars()
            .find(|c| !(c.is_ascii_alphanumeric() || "-_".contains(*c)));
        match foreign {
            // A misplaced padding sign is a matter of length, not of the alphabet.
            None | Some('=') => errors::ENVELOPE_INVALID,
            Some(_) if text.len() < 2 => errors::ENVELOPE_INVALID,
            Some(_) => errors::NOT_BASE64,
        }
    })
}

/// Decodes the `data` member of encrypt and decrypt requests (contract keymanager.md §11):
/// base64url, else base64.
///
/// # Errors
/// `KER-CRY-003` when it is neither.
pub fn decode_data(text: &str) -> Result<Vec<u8>, KeyManagerError> {
    decode_url_safe(text).or_else(|refusal| LENIENT_STANDARD.decode(text).or(Err(refusal)))
}

/// Encodes as base64url with padding, as responses of encrypt and decrypt do
/// (contract keymanager.md §11).
pub fn encode_data(bytes: &[u8]) -> String {
    LENIENT_URL_SAFE.encode(bytes)
}
