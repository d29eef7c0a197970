//! Public keys of clients (contract clients-users-notifications.md §1.3).

use pms_domain::ErrorDef;
use pms_domain::oidc_clients::errors::KEY_UNUSABLE;
use pms_pki::PublicJwk;
use serde_json::{Map, Value};

/// Longest stored key, in bytes: an index holds the whole text, and its entries
/// have at most 2704.
const LONGEST: usize = 2600;

/// A key as it is registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ClientKey {
    /// The client id that follows from it.
    pub(super) client_id: String,
    /// The members that eSignet gets.
    pub(super) members: Map<String, Value>,
    /// The same as text, for the column.
    pub(super) text: String,
}

/// Reads the key of a new client. RSA keys must have `minimum` bits.
///
/// # Errors
/// `PMS_ESI_007` for what is no public key, is too short, or too long to be stored.
pub(super) fn read(given: &Map<String, Value>, minimum: usize) -> Result<ClientKey, ErrorDef> {
    let unusable = |why: &dyn std::fmt::Display| {
        tracing::info!(%why, "the public key of a client is refused");
        KEY_UNUSABLE
    };
    let key = PublicJwk::from_members(given).map_err(|fault| unusable(&fault))?;
    if let Some(bits) = key.modulus_bits().filter(|bits| *bits < minimum) {
        return Err(unusable(&format_args!("{bits} bits are too few")));
    }
    let members = key.registered();
    let text = Value::Object(members.clone()).to_string();
    if text.len() > LONGEST {
        return Err(unusable(&format_args!("{} bytes are too many", text.len())));
    }
    Ok(ClientKey {
        client_id: key.client_id(),
        members,
        text,
    })
}

/// The client id that follows from a key in a column, or in the answer to a GET.
pub(super) fn derived_id(text: &str) -> Option<String> {
    let members: Map<String, Value> = serde_json::from_str(text).ok()?;
    id_of(&members)
}

/// The client id that follows from these members. Private members, which the
/// reference stores, don't count.
fn id_of(members: &Map<String, Value>) -> Option<String> {
    const NUMBERS: [&str; 6] = ["kty", "crv", "n", "e", "x", "y"];
    let numbers = members
        .iter()
        .filter(|(name, _)| NUMBERS.contains(&name.as_str()));
    let numbers = numbers.map(|(name, value)| (name.clone(), value.clone()));
    let key = PublicJwk::from_members(&numbers.collect()).ok()?;
    Some(key.client_id())
}

/// The client id that follows from a key in a request: an object, or the text of
/// one, as an answer to a GET has it.
///
/// # Errors
/// `PMS_ESI_007` for what is no public key.
pub(super) fn id_of_given(given: &Value) -> Result<String, ErrorDef> {
    let id = match given {
        Value::Object(members) => PublicJwk::from_members(members)
            .ok()
            .map(|key| key.client_id()),
        Value::String(text) => derived_id(text),
        _ => None,
    };
    id.ok_or(KEY_UNUSABLE)
}

/// Members of a JWK that are secret (RFC 7518, 6.2.2, 6.3.2 and 6.4).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// A key without its private members: the reference stored and forwarded them. `false` when
/// there was none.
pub(super) fn make_public(members: &mut Map<String, Value>) -> bool {
    let before = members.len();
    members.retain(|name, _| !PRIVATE.contains(&name.as_str()));
    members.len() < before
}

/// The text of a key in a column, as it may be shown.
pub(super) fn shown(text: String) -> String {
    let Ok(mut members) = serde_json::from_str::<Map<String, Value>>(&text) else {
        return text;
    };
    if make_public(&mut members) {
        Value::Object(members).to_string()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const MODULUS: &str = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
    const ID: &str = "OWQ8wnuNvjjbAuMzrSQk-ApB-uQA7NmlTccD0uNIIkc";

    fn given(more: &Value) -> Map<String, Value> {
        let mut key = json!({ "kty": "RSA", "n": MODULUS, "e": "AQAB" });
        for (name, value) in more.as_object().unwrap() {
            key[name] = value.clone();
        }
        key.as_object().unwrap().clone()
    }

    #[test]
    fn a_key_must_be_long_enough_and_short_enough() {
        assert_eq!(read(&given(&json!({})), 2048).unwrap().client_id, ID);
        assert_eq!(read(&given(&json!({})), 2049), Err(KEY_UNUSABLE));
        let long = "k".repeat(LONGEST);
        assert_eq!(
            read(&given(&json!({ "kid": long })), 2048),
            Err(KEY_UNUSABLE)
        );
    }

    #[test]
    fn what_is_shown_of_a_key_is_public() {
        let public = r#"{"n" : "AQAB","kty":"RSA","e":"AQAB"}"#;
        assert_eq!(shown(public.to_owned()), public);
        assert_eq!(shown("no key".to_owned()), "no key");
        let private = r#"{"kty":"RSA","n":"AQAB","e":"AQAB","d":"s","p":"s","q":"s","dp":"s","dq":"s","qi":"s","oth":[],"kid":"k"}"#;
        let expected = json!({ "kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "k" });
        let text = shown(private.to_owned());
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), expected);
        assert_eq!(
            shown(r#"{"k":"s","kty":"oct"}"#.to_owned()),
            r#"{"kty":"oct"}"#
        );
    }

    #[test]
    fn stored_keys_are_read_whatever_stands_beside_their_numbers() {
        let strange = json!({ "d": "private", "use": 7, "n": format!("{MODULUS}=\n") });
        let text = Value::Object(given(&strange)).to_string();

        assert_eq!(derived_id(&text).as_deref(), Some(ID));
        assert_eq!(id_of_given(&json!(text)).unwrap(), ID);
        assert_eq!(derived_id("a key"), None);
        // What a client sends is held to the rules.
        let sent = Value::Object(given(&strange));
        assert_eq!(id_of_given(&sent), Err(KEY_UNUSABLE));
    }
}
