//! The public keys of clients.

use serde_json::Value;

use super::Release;

/// Members that make up a key, by its kind.
fn numbers(kind: &str) -> Option<&'static [&'static str]> {
    match kind {
        "RSA" => Some(&["n", "e"]),
        "EC" => Some(&["crv", "x", "y"]),
        _ => None,
    }
}

/// Whether eSignet takes it: RSA, later EC too, and what is said about its use
/// is not blank.
pub(super) fn is_accepted(key: Option<&Value>, release: Release) -> bool {
    let Some(key) = key.and_then(Value::as_object) else {
        return false;
    };
    let text = |name: &str| {
        key.get(name)
            .map(|value| value.as_str().unwrap_or_default())
    };
    let filled = |name: &str| text(name).is_some_and(|text| !text.trim().is_empty());
    let blank = |name: &str| text(name).is_some_and(|text| text.trim().is_empty());
    let kind = text("kty").unwrap_or_default();
    let known = numbers(kind).is_some_and(|names| names.iter().all(|name| filled(name)));
    let texts = key.values().all(Value::is_string);
    known
        && (kind == "RSA" || release != Release::Older)
        && (texts || release != Release::Strict)
        && !["alg", "use"].iter().any(|name| blank(name))
}

/// What two spellings of the same key have in common.
pub(super) fn identity(key: Option<&Value>) -> String {
    let text = |name: &str| {
        let value = key.and_then(|key| key.get(name)).and_then(Value::as_str);
        value.unwrap_or_default()
    };
    let kind = text("kty");
    let numbers = numbers(kind).unwrap_or_default();
    let parts: Vec<&str> = numbers.iter().map(|name| text(name)).collect();
    format!("{kind} {}", parts.join(" "))
}
