//! Public keys of OIDC clients as JSON Web Keys (RFC 7517), and the client ids
//! that are made of them (contract clients-users-notifications.md §1.3).

mod key;
mod metadata;
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
        } = Key::read(given)?;
        let mut members: Map<String, Value> = numbers
            .into_iter()
            .map(|(name, value)| (name.to_owned(), Value::String(value)))
            .collect();
        members.extend(metadata::read(given, &bits)?);
        Ok(Self {
            members,
            identified,
        })
    }

    /// The normalised members: what is stored, and what eSignet gets.
    pub fn members(&self) -> &Map<String, Value> {
        &self.members
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
