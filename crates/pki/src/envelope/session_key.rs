//! The AES key of envelopes that are written.

use aws_lc_rs::rand;
use aws_lc_rs::rsa::{OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey, PublicEncryptingKey};
use zeroize::Zeroizing;

use super::aes::seal;
use super::{HEADER, NONCE, PREFIX, SPLITTER, Salted, THUMBPRINT};
use crate::PkiError;
use crate::certificate::Certificate;
use crate::reading::encode_data;

/// An AES key, wrapped for one recipient: what it encrypts needs no further RSA operation.
///
/// AES-GCM loses its secrecy when one key meets the same nonce twice. [`SessionKey::seal`] draws a
/// fresh nonce of 96 random bits for each text, so a caller that shares a key among texts must bound their
/// number: 2^20 texts meet with a probability below 2^-56.
pub struct SessionKey {
    key: Zeroizing<Vec<u8>>,
    /// SHA-256 of the recipient's certificate.
    thumbprint: [u8; THUMBPRINT],
    wrapped: Vec<u8>,
}

impl SessionKey {
    /// Draws a key and wraps it: an RSA operation with the public key.
    ///
    /// # Errors
    /// [`PkiError::Recipient`] when the recipient's key can't encrypt.
    pub fn generate(recipient: &Certificate) -> Result<Self, PkiError> {
        let mut key = Zeroizing::new(vec![0; 32]);
        rand::fill(&mut key).or(Err(PkiError::Random))?;
        let wrapped = wrap(recipient, &key)?;
        Ok(Self {
            key,
            thumbprint: recipient.encoding_sha256(),
            wrapped,
        })
    }

    /// SHA-256 of the recipient's certificate.
    pub fn thumbprint(&self) -> &[u8; THUMBPRINT] {
        &self.thumbprint
    }

    /// Encrypts a text with a nonce of its own.
    ///
    /// # Errors
    /// When the cryptographic library fails.
    pub fn seal(&self, plain: &[u8]) -> Result<String, PkiError> {
        let mut prefix = [0; PREFIX];
        rand::fill(&mut prefix).or(Err(PkiError::Random))?;
        let (nonce, _) = prefix.split_at(NONCE);
        let cipher_text = seal(&self.key, nonce, &prefix, plain)?;
        Ok(self.encoded(HEADER, &prefix, &cipher_text))
    }

    /// For one text alone: nothing else makes the nonce differ.
    pub(super) fn seal_salted(self, plain: &[u8], salted: Salted<'_>) -> Result<String, PkiError> {
        let cipher_text = seal(&self.key, salted.salt, salted.aad, plain)?;
        Ok(self.encoded(&[], &[], &cipher_text))
    }

    fn encoded(&self, header: &[u8], prefix: &[u8], cipher_text: &[u8]) -> String {
        let parts = [
            header,
            &self.thumbprint,
            &self.wrapped,
            SPLITTER,
            prefix,
            cipher_text,
        ];
        encode_data(&parts.concat())
    }
}

impl std::fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionKey(..)")
    }
}

fn wrap(recipient: &Certificate, key: &[u8]) -> Result<Vec<u8>, PkiError> {
    let public = PublicEncryptingKey::from_der(recipient.public_key().info());
    let public = OaepPublicEncryptingKey::new(public.or(Err(PkiError::Recipient))?);
    let public = public.or(Err(PkiError::Recipient))?;
    let mut wrapped = vec![0; public.ciphertext_size()];
    let written = public.encrypt(&OAEP_SHA256_MGF1SHA256, key, &mut wrapped, None);
    let length = written.or(Err(PkiError::Encryption))?.len();
    wrapped.truncate(length);
    Ok(wrapped)
}
