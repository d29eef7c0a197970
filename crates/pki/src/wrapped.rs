//! Base keys as a key manager keeps them (contract keymanager.md §4): PKCS#8, encrypted for the
//! master key.
//!
//! ```text
//! base64( RSA-OAEP(AES key) ‖ "#KEY_SPLITTER#" ‖ C ‖ IV )
//! ```
//! `C` is the AES-256-GCM cipher text with its tag, `IV` the 16 bytes that it was made with; there
//! is no associated data. Rows of a key manager that writes the newer layout of [`envelope`] open
//! too.

use aes_gcm::aead::consts::U12;
use aes_gcm::aead::{AeadInOut as _, KeyInit as _};
use aes_gcm::{Aes256Gcm, Nonce};
use zeroize::Zeroizing;

use crate::PkiError;
use crate::envelope::{self, Envelope, unseal_long_nonce};
use crate::keys::{DecryptingKey, Pkcs8};
use crate::reading::decode_data;

/// Longest text that is read; an RSA-8192 key takes a tenth of it.
const MAX_TEXT: usize = 64 * 1024;

/// Opens the `private_key` of a row of `key_store` with the master key that the row names.
///
/// # Errors
/// [`PkiError::KeyRejected`] when `master` is not an RSA key, [`PkiError::Unsealing`] when the text
/// is damaged, has another layout or was not encrypted for `master`.
pub fn open_base_key(text: &str, master: &Pkcs8) -> Result<Pkcs8, PkiError> {
    if text.len() > MAX_TEXT {
        return Err(PkiError::Unsealing);
    }
    let master = DecryptingKey::from_pkcs8(master)?;
    // Old rows have line breaks.
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let newer = Envelope::parse(&text).and_then(|envelope| envelope.open(&master, None));
    let opened = newer.ok().or_else(|| open(&text, &master));
    opened.map(Pkcs8::from_der).ok_or(PkiError::Unsealing)
}

fn open(text: &str, master: &DecryptingKey) -> Option<Zeroizing<Vec<u8>>> {
    let bytes = decode_data(text).ok()?;
    let (key_part, data) = envelope::split(&bytes)?;
    // What stands before the encrypted key, as a thumbprint, does not matter here.
    let start = key_part.len().checked_sub(master.sealed_length())?;
    let (_, sealed_key) = key_part.split_at_checked(start)?;
    let key = master.unwrap(sealed_key)?;
    unseal_long_nonce(&key, data).or_else(|| short_nonce(&key, data))
}

fn short_nonce(key: &[u8], data: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (body, nonce) = data.split_last_chunk::<12>()?;
    let cipher = Aes256Gcm::new_from_slice(key).ok()?;
    let mut plain = Zeroizing::new(body.to_vec());
    let nonce = Nonce::<U12>::from(*nonce);
    cipher.decrypt_in_place(&nonce, &[], &mut *plain).ok()?;
    Some(plain)
}
