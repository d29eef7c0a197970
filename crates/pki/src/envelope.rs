//! Encrypted data as the key manager writes it (contract keymanager.md §11): an AES key for one
//! certificate, then data.
//!
//! ```text
//! base64url( "VER_R2" ‖ SHA-256 of the certificate ‖ RSA-OAEP(AES key) ‖ "#KEY_SPLITTER#" ‖ A ‖ C )
//! ```
//! `A` is 32 random bytes: associated data, and with its first 12 bytes the nonce, of the
//! AES-256-GCM cipher text `C`. When the caller gives a salt, that is the nonce, and header and `A`
//! are missing.
//!
//! Key managers of 1.1.5 write no header either, and `C ‖ IV` after the splitter: the nonce `IV` has
//! 16 bytes, and there is no associated data. Such data is read, never written.

mod aes;
mod session_key;

use aes::unseal;
pub(crate) use aes::unseal_long_nonce;
pub use session_key::SessionKey;
use zeroize::Zeroizing;

use crate::certificate::Certificate;
use crate::keys::DecryptingKey;
use crate::reading::decode_data;
use crate::{KeyManagerError, PkiError, errors};

const HEADER: &[u8] = b"VER_R2";
const SPLITTER: &[u8] = b"#KEY_SPLITTER#";
const THUMBPRINT: usize = 32;
const PREFIX: usize = 32;
const NONCE: usize = 12;
/// Length of a wrapped key for RSA-2048.
const WRAPPED: usize = 256;

/// A salt and associated data that both sides know.
#[derive(Debug, Clone, Copy)]
pub struct Salted<'a> {
    /// The nonce: 12 bytes. Never to be used twice for the same data.
    pub salt: &'a [u8],
    /// Associated data, empty when there is none.
    pub aad: &'a [u8],
}

/// Encrypts `plain` for the holder of `recipient`'s private key, with an AES key of its own.
///
/// # Errors
/// [`PkiError::Recipient`] when the recipient's key can't encrypt, [`PkiError::Encryption`] when the
/// salt is not 12 bytes long.
pub fn encrypt(
    recipient: &Certificate,
    plain: &[u8],
    salted: Option<Salted<'_>>,
) -> Result<String, PkiError> {
    let session = SessionKey::generate(recipient)?;
    match salted {
        None => session.seal(plain),
        Some(salted) => session.seal_salted(plain, salted),
    }
}

/// The AES key of an envelope, unwrapped; wiped when dropped.
pub struct DataKey(Zeroizing<Vec<u8>>);

impl std::fmt::Debug for DataKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DataKey(..)")
    }
}

/// Encrypted data, taken apart. Which key opens it is said by [`Envelope::thumbprint`].
pub struct Envelope {
    thumbprint: Option<[u8; THUMBPRINT]>,
    wrapped_key: Vec<u8>,
    data: Vec<u8>,
    has_header: bool,
}

impl Envelope {
    /// Takes apart what [`encrypt`] or a key manager made.
    ///
    /// # Errors
    /// `KER-CRY-003` when it is not such a text.
    pub fn parse(text: &str) -> Result<Self, KeyManagerError> {
        let bytes = decode_data(text)?;
        let (key_part, data) = split(&bytes).ok_or(errors::ENVELOPE_INVALID)?;
        let bare = key_part.strip_prefix(HEADER);
        let has_header = bare.is_some();
        let bare = bare.unwrap_or(key_part);
        let with_thumbprint = bare.split_first_chunk::<THUMBPRINT>();
        let (thumbprint, wrapped_key) = match with_thumbprint {
            Some((thumbprint, wrapped)) if has_header || wrapped.len() == WRAPPED => {
                (Some(*thumbprint), wrapped)
            }
            _ => (None, bare),
        };
        let (wrapped_key, data) = (wrapped_key.to_vec(), data.to_vec());
        Ok(Self {
            thumbprint,
            wrapped_key,
            data,
            has_header,
        })
    }

    /// SHA-256 of the recipient's certificate; `None` in old data, meant for the current key.
    pub fn thumbprint(&self) -> Option<&[u8; THUMBPRINT]> {
        self.thumbprint.as_ref()
    }

    /// The AES key, wrapped: envelopes with the same one were encrypted with the same key.
    pub fn wrapped_key(&self) -> &[u8] {
        &self.wrapped_key
    }

    /// Unwraps the AES key: an RSA operation with the private key, some 0.4 ms of a processor.
    ///
    /// # Errors
    /// `KER-KMS-019` when the AES key is not meant for `key`.
    pub fn unwrap_key(&self, key: &DecryptingKey) -> Result<DataKey, KeyManagerError> {
        let unwrapped = key.unwrap(&self.wrapped_key).map(DataKey);
        unwrapped.ok_or(errors::SYMMETRIC_KEY_UNREADABLE)
    }

    /// Decrypts with the recipient's key.
    ///
    /// # Errors
    /// `KER-KMS-019` when the AES key is not meant for `key`, and as [`Envelope::open_with`].
    pub fn open(
        &self,
        key: &DecryptingKey,
        salted: Option<Salted<'_>>,
    ) -> Result<Zeroizing<Vec<u8>>, KeyManagerError> {
        self.open_with(&self.unwrap_key(key)?, salted)
    }

    /// Decrypts with the AES key that [`Envelope::unwrap_key`] gave for the same wrapped key.
    ///
    /// # Errors
    /// `KER-CRY-003` when the data is damaged, or the salt is missing, wrong, not 12 bytes long, or
    /// given where none was used.
    pub fn open_with(
        &self,
        DataKey(key): &DataKey,
        salted: Option<Salted<'_>>,
    ) -> Result<Zeroizing<Vec<u8>>, KeyManagerError> {
        let opened = if self.has_header {
            let parts = self.data.split_first_chunk::<PREFIX>();
            parts.and_then(|(prefix, cipher_text)| {
                let (nonce, _) = prefix.split_at(NONCE);
                unseal(key, nonce, prefix, cipher_text)
            })
        } else if let Some(Salted { salt, aad }) = salted {
            unseal(key, salt, aad, &self.data)
        } else {
            unseal_long_nonce(key, &self.data)
        };
        opened.ok_or(errors::ENVELOPE_INVALID)
    }
}

impl std::fmt::Debug for Envelope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Envelope")
            .field("has_header", &self.has_header)
            .finish_non_exhaustive()
    }
}

/// Key part and data.
///
/// With a header the splitter's place is known, which spares a search that random bytes could
/// mislead. Keys longer than 2048 bits are still found by searching.
pub(crate) fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = |place: usize| {
        let (key_part, rest) = bytes.split_at_checked(place)?;
        Some((key_part, rest.strip_prefix(SPLITTER)?))
    };
    let fixed = HEADER.len() + THUMBPRINT + WRAPPED;
    let by_header = bytes.starts_with(HEADER).then(|| at(fixed)).flatten();
    by_header.or_else(|| {
        let place = bytes
            .windows(SPLITTER.len())
            .position(|window| window == SPLITTER)?;
        at(place)
    })
}
