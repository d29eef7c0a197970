//! Public keys of OIDC clients as JSON Web Keys (RFC 7517), and the client ids
//! that are made of them (contract clients-users-notifications.md §1.3).

mod key;
mod metadata;
#[cfg(test)]
mod spellings;
#[cfg(test)]
mod tests;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use crate::certificate::sha256;
use key::Key;

/// Members of private and of symmetric keys.
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// Why an object is not the public key of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JwkFault {
    /// Not RSA, EC or OKP, or a curve that these don't have.
    #[error("not a public key of a kind that clients can have")]
    Kind,
    /// This member is missing, null, or not what it should be.
    #[error("member {0} is missing or malformed")]
    Member(&'static str),
    /// It holds a member of a private key.
    #[error("it is a private key")]
    Private,
    /// The numbers are well-formed, but no key: a point that is not on its curve.
    #[error("its numbers are not a key")]
    NotAKey,
    /// `use` and `key_ops` exclude each other.
    #[error("use and key_ops contradict each other")]
    Contradiction,
    /// The first certificate of `x5c` is that of another key.
    #[error("x5c holds the certificate of another key")]
    OtherCertificate,
}

/// The public key of a client, normalised: known members only, their numbers in
/// the one form that RFC 7518 wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicJwk {
    members: Map<String, Value>,
    identified: Vec<u8>,
    modulus_bits: Option<usize>,
}

impl PublicJwk {
    /// Reads the members of a JWK.
    ///
    /// # Errors
    /// When it is not a usable public key: another kind (a symmetric one among
    /// them), private members, a null, malformed or contradictory members.
    pub fn from_members(given: &Map<String, Value>) -> Result<Self, JwkFault> {
        if PRIVATE.iter().any(|name| given.contains_key(*name)) {
            return Err(JwkFault::Private);
        }
        let Key {
            members: numbers,
            bits,
            identified,
            modulus_bits,
        } = Key::read(given)?;
        let mut members: Map<String, Value> = numbers
            .into_iter()
            .map(|(name, value)| (name.to_owned(), Value::String(value)))
            .collect();
        members.extend(metadata::read(given, &bits)?);
        Ok(Self {
            members,
            identified,
            modulus_bits,
        })
    }

    /// The normalised members that were given.
    pub fn members(&self) -> &Map<String, Value> {
        &self.members
    }

    /// The members as they are registered: texts alone, since newer servers refuse
    /// lists and numbers inside a key, and always a `kid`, by which verifiers look
    /// for the key. One that is not given is the thumbprint.
    pub fn registered(&self) -> Map<String, Value> {
        let texts = self.members.iter().filter(|(_, value)| value.is_string());
        let mut registered: Map<String, Value> = texts
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        registered
            .entry("kid")
            .or_insert_with(|| Value::String(self.thumbprint()));
        registered
    }

    /// The thumbprint of RFC 7638, over SHA-256, in base64url.
    pub fn thumbprint(&self) -> String {
        // In the order of their names, as the hash wants them.
        let required = ["crv", "e", "kty", "n", "x", "y"];
        let member = |name: &str| {
            let value = self.members.get(name)?;
            Some(format!("\"{name}\":{value}"))
        };
        let members: Vec<String> = required.into_iter().filter_map(member).collect();
        let text = format!("{{{}}}", members.join(","));
        URL_SAFE_NO_PAD.encode(sha256(text.as_bytes()))
    }

    /// Bits of the modulus of an RSA key.
    pub const fn modulus_bits(&self) -> Option<usize> {
        self.modulus_bits
    }

    /// The client id: 43 characters that the key alone determines. The hash is
    /// taken over base64 text, not over the key's bytes.
    pub fn client_id(&self) -> String {
        let text = STANDARD.encode(&self.identified);
        URL_SAFE_NO_PAD.encode(sha256(text.as_bytes()))
    }
}

/// The text of a member.
fn text<'a>(given: &'a Map<String, Value>, name: &'static str) -> Result<&'a str, JwkFault> {
    let value = given.get(name).and_then(Value::as_str);
    value.ok_or(JwkFault::Member(name))
}
