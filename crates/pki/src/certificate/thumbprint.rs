//! Hashes of certificates and the identifiers made of them (contract keymanager.md §4, §5).

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

pub(crate) fn sha1(bytes: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, bytes)
        .as_ref()
        .to_vec()
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    hash
}

/// `uni_ident` of a key: upper-case hex SHA-1 of `<app>_<ref>_<distinction>`
/// (contract keymanager.md §4).
///
/// `distinction` must differ between two keys of the same application and reference: the SHA-256
/// thumbprint (upper-case hex) for other-domain certificates, the alias for keys of our own.
pub fn unique_identifier(app_id: &str, ref_id: &str, distinction: &str) -> String {
    hex::encode_upper(sha1(format!("{app_id}_{ref_id}_{distinction}").as_bytes()))
}

/// `kid` of a key: base64url, without padding, of the SHA-256 of its `uni_ident` bytes
/// (contract keymanager.md §4).
///
/// `None` when `unique_identifier` is not hex.
pub fn key_id(unique_identifier: &str) -> Option<String> {
    let bytes = hex::decode(unique_identifier).ok()?;
    Some(URL_SAFE_NO_PAD.encode(sha256(&bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_have_the_form_of_the_contract() {
        let unique = unique_identifier("PARTNER", "p1", "AB12");

        assert_eq!(unique.len(), 40);
        assert_eq!(unique, unique.to_uppercase());
        assert_eq!(key_id(&unique).unwrap().len(), 43);
        assert_eq!(key_id("not hex"), None);
    }
}
