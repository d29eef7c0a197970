//! Toy cryptography: texts in the form of the contract that any test can open.

use std::sync::atomic::Ordering;

use actix_web::HttpResponse;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{KeyManagerPeer, Shared, refused, succeeded};

/// Header of every cipher text, as the contract has it.
const HEADER: &[u8] = b"VER_R2";
/// Bytes in the place of thumbprint and encrypted key, which the toy lacks.
const KEY_PART: [u8; 32 + 256] = [7; 32 + 256];
/// The same of a key manager whose key is lost.
const LOST_KEY_PART: [u8; 32 + 256] = [8; 32 + 256];
const SPLITTER: &[u8] = b"#KEY_SPLITTER#";
/// Digits that make two cipher texts of one text differ.
const SALT: usize = 8;

impl KeyManagerPeer {
    /// A cipher text of `text`, as key managers of 1.1.5 make them.
    pub fn seal_without_header(&self, text: &str) -> String {
        let sealed = URL_SAFE.decode(self.seal(text)).unwrap();
        URL_SAFE_NO_PAD.encode(sealed.strip_prefix(HEADER).unwrap())
    }

    /// A cipher text of `text`, as this key manager makes them.
    pub fn seal(&self, text: &str) -> String {
        seal(&self.shared, text.as_bytes())
    }
}

/// The text in a cipher text of a [`KeyManagerPeer`].
pub fn unseal(sealed: &str) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(sealed.trim_end_matches('=')).ok()?;
    let key_part = bytes.strip_prefix(HEADER).unwrap_or(&bytes);
    let data = key_part.strip_prefix(&KEY_PART)?.strip_prefix(SPLITTER)?;
    String::from_utf8(data.get(SALT..)?.to_vec()).ok()
}

/// A cipher text that no [`KeyManagerPeer`] opens.
pub fn lost() -> String {
    URL_SAFE.encode([HEADER, &LOST_KEY_PART, SPLITTER, b"whatever it is"].concat())
}

fn seal(shared: &Shared, text: &[u8]) -> String {
    let number = shared.sealed.fetch_add(1, Ordering::Relaxed);
    let salt = format!("{number:08x}");
    URL_SAFE.encode([HEADER, &KEY_PART, SPLITTER, salt.as_bytes(), text].concat())
}

pub(super) fn encrypted(shared: &Shared, content: &Value) -> HttpResponse {
    let plain = STANDARD
        .decode(content["data"].as_str().unwrap_or_default())
        .unwrap();
    succeeded(&json!({ "data": seal(shared, &plain) }))
}

pub(super) fn all_encrypted(shared: &Shared, content: &Value) -> HttpResponse {
    let texts = content["data"].as_array().cloned().unwrap_or_default();
    let sealed: Vec<String> = texts
        .iter()
        .map(|text| {
            let plain = STANDARD.decode(text.as_str().unwrap()).unwrap();
            seal(shared, &plain)
        })
        .collect();
    succeeded(&json!({ "data": sealed }))
}

pub(super) fn decrypted(content: &Value) -> HttpResponse {
    match content["data"].as_str().and_then(unseal) {
        Some(text) => succeeded(&json!({ "data": URL_SAFE_NO_PAD.encode(text) })),
        None => refused(
            "KER-CRY-003",
            "data sent to decrypt is without key splitter or invalid",
        ),
    }
}

pub(super) fn all_decrypted(shared: &Shared, content: &Value) -> HttpResponse {
    let columns = content["data"].as_array().cloned().unwrap_or_default();
    let failures = shared.failures.lock().unwrap();
    let fails = |column: &Value| {
        let text = column.as_str();
        text.is_some_and(|text| failures.contains_key(text))
    };
    let places = columns.iter().enumerate();
    let failed: Vec<usize> = places
        .filter_map(|(place, column)| fails(column).then_some(place))
        .collect();
    if !failed.is_empty() && content["reportFailed"] != true {
        return HttpResponse::InternalServerError().finish();
    }
    let opened: Vec<Option<String>> = columns
        .iter()
        .map(|column| {
            column
                .as_str()
                .filter(|_| !fails(column))
                .and_then(unseal)
                .map(|text| URL_SAFE_NO_PAD.encode(text))
        })
        .collect();
    succeeded(&json!({ "data": opened, "failed": failed }))
}
