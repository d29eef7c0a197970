//! AES-256-GCM with the nonces of both forms.

use aes_gcm::aead::consts::U16;
use aes_gcm::aead::{AeadInOut as _, KeyInit as _};
use aes_gcm::aes::Aes256;
use aes_gcm::{AesGcm, Nonce as LongNonce};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use zeroize::Zeroizing;

use crate::PkiError;

fn cipher(key: &[u8]) -> Option<LessSafeKey> {
    UnboundKey::new(&AES_256_GCM, key)
        .ok()
        .map(LessSafeKey::new)
}

pub(super) fn seal(
    key: &[u8],
    nonce: &[u8],
    aad: &[u8],
    plain: &[u8],
) -> Result<Vec<u8>, PkiError> {
    let cipher = cipher(key).ok_or(PkiError::Encryption)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).or(Err(PkiError::Encryption))?;
    // Room for the tag: a vector that grows would leave the plain text behind.
    let mut text = Vec::with_capacity(plain.len() + AES_256_GCM.tag_len());
    text.extend_from_slice(plain);
    let sealed = cipher.seal_in_place_append_tag(nonce, Aad::from(aad), &mut text);
    sealed.map_or(Err(PkiError::Encryption), |()| Ok(text))
}

pub(super) fn unseal(
    key: &[u8],
    nonce: &[u8],
    aad: &[u8],
    text: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let mut plain = Zeroizing::new(text.to_vec());
    let length = cipher(key)?
        .open_in_place(nonce, Aad::from(aad), &mut plain)
        .ok()?
        .len();
    plain.truncate(length);
    Some(plain)
}

/// Opens `C ‖ IV` with an `IV` of 16 bytes, which [`unseal`]'s library does not take.
pub(crate) fn unseal_long_nonce(key: &[u8], data: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (body, nonce) = data.split_last_chunk::<16>()?;
    let cipher = AesGcm::<Aes256, U16>::new_from_slice(key).ok()?;
    let mut plain = Zeroizing::new(body.to_vec());
    let nonce = LongNonce::<U16>::from(*nonce);
    cipher.decrypt_in_place(&nonce, &[], &mut *plain).ok()?;
    Some(plain)
}
