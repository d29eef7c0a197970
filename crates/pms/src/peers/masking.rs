//! Hides what pages must not show: API keys, licence keys, addresses of shares.

use serde_json::Value;

/// Members of an event's data that are bearer secrets (contract integrations.md §1.3).
const KEYS: [&str; 2] = ["apiKeyId", "licenseKey"];
/// The member that holds the address of a share: who knows it can download.
const ADDRESS: &str = "certChainDatashareUrl";
/// Characters of a secret that are shown, at its end.
const SHOWN: usize = 4;
/// Secrets shorter than this are not shown at all.
const SHORTEST: usize = 16;

/// Hides the secrets of an event, wherever they are in it.
pub(super) fn hide_secrets(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(hide_secrets),
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(text) if KEYS.contains(&name.as_str()) => *text = key(text),
                    Value::String(text) if name == ADDRESS => *text = address(text),
                    // Whatever else stands there may be the secret in another form.
                    Value::Number(_) if KEYS.contains(&name.as_str()) => {
                        *member = Value::from("****");
                    }
                    other => hide_secrets(other),
                }
            }
        }
        _ => {}
    }
}

/// A secret's end.
pub(super) fn key(secret: &str) -> String {
    let length = secret.chars().count();
    let hidden = if length < SHORTEST {
        length
    } else {
        length - SHOWN
    };
    let end: String = secret.chars().skip(hidden).collect();
    format!("****{end}")
}

/// An address without its last segment, which is what makes it a secret.
pub(super) fn address(url: &str) -> String {
    match url.rsplit_once('/') {
        Some((begin, last)) => format!("{begin}/{}", key(last)),
        None => key(url),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_and_addresses_of_shares_are_hidden_at_any_depth() {
        let mut event = json!({ "event": { "data": [
            { "apiKeyData": { "apiKeyId": "0123456789abcdef", "apiKeyStatus": "ACTIVE" } },
            { "mispLicenseData": { "licenseKey": "short" } },
            { "certChainDatashareUrl": "http://d/get/p/s/0123456789abcdef", "licenseKey": 12345 },
        ] } });

        hide_secrets(&mut event);

        let shown = json!({ "event": { "data": [
            { "apiKeyData": { "apiKeyId": "****cdef", "apiKeyStatus": "ACTIVE" } },
            { "mispLicenseData": { "licenseKey": "****" } },
            { "certChainDatashareUrl": "http://d/get/p/s/****cdef", "licenseKey": "****" },
        ] } });
        assert_eq!(event, shown);
    }
}
