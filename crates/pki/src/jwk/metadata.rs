//! The members of a JWK that say what the key is for (RFC 7517 §4).

use base64::Engine as _;
use serde_json::{Map, Value};

use super::key::spelled;
use super::{JwkFault, text};
use crate::Certificate;
use crate::reading::base64_text::LENIENT_URL_SAFE;

/// The operations of keys for signatures and of keys for encryption.
const OF_SIGNATURES: [&str; 2] = ["sign", "verify"];
const OF_ENCRYPTION: [&str; 4] = ["encrypt", "decrypt", "wrapKey", "unwrapKey"];
const OTHERS: [&str; 2] = ["deriveKey", "deriveBits"];

/// The known members that are there, checked. `bits` is the key, as its
/// certificates have it.
pub(super) fn read(
    given: &Map<String, Value>,
    bits: &[u8],
) -> Result<Vec<(String, Value)>, JwkFault> {
    let mut found = Vec::new();
    for (name, check) in MEMBERS {
        // Forms send a member that was left empty as an empty text.
        if let Some(value) = given.get(name).filter(|value| !is_blank(value)) {
            check(given, name)?;
            found.push((name.to_owned(), value.clone()));
        }
    }
    consistent(given)?;
    if let Some(chain) = given.get("x5c").filter(|chain| !is_blank(chain)) {
        first_is_of(chain, bits)?;
    }
    Ok(found)
}

fn is_blank(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.trim().is_empty())
}

type Check = fn(&Map<String, Value>, &'static str) -> Result<(), JwkFault>;

const MEMBERS: [(&str, Check); 11] = [
    ("use", any_text),
    ("key_ops", operations),
    ("alg", any_text),
    ("kid", any_text),
    ("x5u", address),
    ("x5t", base64_url),
    ("x5t#S256", base64_url),
    ("x5c", texts),
    ("exp", seconds),
    ("nbf", seconds),
    ("iat", seconds),
];

/// Longest text of a member, in bytes: the longest address that browsers take. What is
/// read here is stored and sent on.
const LONGEST: usize = 2048;

fn any_text(given: &Map<String, Value>, name: &'static str) -> Result<(), JwkFault> {
    must(text(given, name)?.len() <= LONGEST, name)
}

/// A URI reference has none of these characters.
fn address(given: &Map<String, Value>, name: &'static str) -> Result<(), JwkFault> {
    let strange = |c: char| c.is_control() || c.is_whitespace() || "\"<>\\^`{|}".contains(c);
    any_text(given, name)?;
    must(!text(given, name)?.contains(strange), name)
}

fn base64_url(given: &Map<String, Value>, name: &'static str) -> Result<(), JwkFault> {
    any_text(given, name)?;
    let hash = LENIENT_URL_SAFE.decode(spelled(text(given, name)?));
    must(hash.is_ok_and(|hash| !hash.is_empty()), name)
}

fn seconds(given: &Map<String, Value>, name: &'static str) -> Result<(), JwkFault> {
    must(given.get(name).is_some_and(Value::is_number), name)
}

fn texts(given: &Map<String, Value>, name: &'static str) -> Result<(), JwkFault> {
    let list = given.get(name).and_then(Value::as_array);
    must(
        list.is_some_and(|list| !list.is_empty() && list.iter().all(Value::is_string)),
        name,
    )
}

fn operations(given: &Map<String, Value>, name: &'static str) -> Result<(), JwkFault> {
    let known = |operation: &Value| {
        operation.as_str().is_some_and(|operation| {
            OF_SIGNATURES.contains(&operation)
                || OF_ENCRYPTION.contains(&operation)
                || OTHERS.contains(&operation)
        })
    };
    let list = given.get(name).and_then(Value::as_array);
    must(list.is_some_and(|list| list.iter().all(known)), name)
}

fn must(fine: bool, name: &'static str) -> Result<(), JwkFault> {
    if fine {
        Ok(())
    } else {
        Err(JwkFault::Member(name))
    }
}

/// A key for signatures only signs, one for encryption only encrypts.
fn consistent(given: &Map<String, Value>) -> Result<(), JwkFault> {
    let operations = given.get("key_ops").and_then(Value::as_array);
    let allowed: &[&str] = match given.get("use").and_then(Value::as_str) {
        Some("sig") => &OF_SIGNATURES,
        Some("enc") => &OF_ENCRYPTION,
        _ => return Ok(()),
    };
    let mut operations = operations.into_iter().flatten().filter_map(Value::as_str);
    if operations.all(|operation| allowed.contains(&operation)) {
        Ok(())
    } else {
        Err(JwkFault::Contradiction)
    }
}

/// A certificate's base64 without the lines that PEM puts around it.
fn without_armour(text: &str) -> String {
    let mut rest = text;
    if let Some((_, behind)) = text.split_once("-----BEGIN CERTIFICATE-----") {
        rest = behind;
    }
    let end = rest.split_once("-----END CERTIFICATE-----");
    end.map_or(rest, |(inside, _)| inside).to_owned()
}

/// The first certificate of the chain must be this key's.
fn first_is_of(chain: &Value, bits: &[u8]) -> Result<(), JwkFault> {
    let malformed = JwkFault::Member("x5c");
    let first = chain.get(0).and_then(Value::as_str).ok_or(malformed)?;
    let first = LENIENT_URL_SAFE
        .decode(spelled(&without_armour(first)))
        .or(Err(malformed))?;
    let first = Certificate::from_der(&first).or(Err(malformed))?;
    if first.public_key().bits() == bits {
        Ok(())
    } else {
        Err(JwkFault::OtherCertificate)
    }
}
