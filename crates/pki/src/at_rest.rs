//! Private keys at rest: AES-256-GCM under a key encryption key.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use base64::Engine as _;
use zeroize::Zeroizing;

use crate::PkiError;
use crate::keys::Pkcs8;
use crate::reading::base64_text::LENIENT_STANDARD;

/// First byte of a sealed secret; another layout gets another number.
const LAYOUT: u8 = 1;

/// The key encryption key, the same for all replicas. Wiped when dropped.
pub struct Kek(Zeroizing<Vec<u8>>);

impl Kek {
    /// Length in bytes.
    pub const LENGTH: usize = 32;

    /// Reads 32 bytes in hex or base64, as they stand in the configuration.
    ///
    /// # Errors
    /// [`PkiError::KekMalformed`] for anything else.
    pub fn from_text(text: &str) -> Result<Self, PkiError> {
        let text = text.trim();
        let bytes = hex::decode(text).or_else(|_| LENIENT_STANDARD.decode(text));
        let bytes = Zeroizing::new(bytes.or(Err(PkiError::KekMalformed))?);
        if bytes.len() == Self::LENGTH {
            Ok(Self(bytes))
        } else {
            Err(PkiError::KekMalformed)
        }
    }

    /// Seals a private key for its row.
    ///
    /// Layout: one byte version, 12 bytes random nonce, cipher text, 16 bytes tag. `key_id` is
    /// authenticated, so that rows can not be exchanged.
    ///
    /// # Errors
    /// When the cryptographic library fails.
    pub fn seal(&self, key_id: &str, key: &Pkcs8) -> Result<Vec<u8>, PkiError> {
        // Room for the tag from the start: a vector that grows would leave a copy
        // of the key behind, which is never wiped.
        let plain = key.expose();
        let mut body = Zeroizing::new(Vec::with_capacity(plain.len() + AES_256_GCM.tag_len()));
        body.extend_from_slice(plain);
        let nonce = self
            .cipher()?
            .seal_in_place_append_tag(aad(key_id), &mut *body);
        let nonce = nonce.or(Err(PkiError::Encryption))?;
        let mut sealed = vec![LAYOUT];
        sealed.extend_from_slice(nonce.as_ref());
        sealed.extend_from_slice(&body);
        Ok(sealed)
    }

    /// Opens what [`Kek::seal`] made for the same `key_id`.
    ///
    /// # Errors
    /// [`PkiError::Unsealing`] for another key, another id, or damaged bytes.
    pub fn open(&self, key_id: &str, sealed: &[u8]) -> Result<Pkcs8, PkiError> {
        let (layout, rest) = sealed.split_first().ok_or(PkiError::Unsealing)?;
        let (nonce, body) = rest
            .split_at_checked(NONCE_LEN)
            .ok_or(PkiError::Unsealing)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).or(Err(PkiError::Unsealing))?;
        if *layout != LAYOUT {
            return Err(PkiError::Unsealing);
        }
        let mut body = Zeroizing::new(body.to_vec());
        let opened = self.cipher()?.open_in_place(nonce, aad(key_id), &mut body);
        let length = opened.or(Err(PkiError::Unsealing))?.len();
        body.truncate(length);
        Ok(Pkcs8::from_der(body))
    }

    fn cipher(&self) -> Result<RandomizedNonceKey, PkiError> {
        RandomizedNonceKey::new(&AES_256_GCM, &self.0).or(Err(PkiError::KekMalformed))
    }
}

impl fmt::Debug for Kek {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kek(..)")
    }
}

fn aad(key_id: &str) -> Aad<&[u8]> {
    Aad::from(key_id.as_bytes())
}
