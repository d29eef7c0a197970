//! Tokens of a realm that exists only in tests.

use std::sync::OnceLock;

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

/// `iss` of the tokens.
pub const ISSUER: &str = "http://iam.test/auth/realms/mosip";
/// Key id of the tokens.
pub const KEY_ID: &str = "test-key";

struct Key {
    signing: EncodingKey,
    jwks: JwkSet,
}

/// One key for the whole process: making RSA keys is slow.
fn key() -> &'static Key {
    static KEY: OnceLock<Key> = OnceLock::new();
    KEY.get_or_init(|| {
        let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
        let der = pair.as_der().unwrap();
        let text = pem::encode(&pem::Pem::new("PRIVATE KEY", der.as_ref()));
        let signing = EncodingKey::from_rsa_pem(text.as_bytes()).unwrap();
        let mut jwk = Jwk::from_encoding_key(&signing, Algorithm::RS256).unwrap();
        jwk.common.key_id = Some(KEY_ID.to_owned());
        Key {
            signing,
            jwks: JwkSet { keys: vec![jwk] },
        }
    })
}

/// The public half, as the identity provider serves it.
pub fn jwks() -> Value {
    serde_json::to_value(&key().jwks).unwrap()
}

/// Signs any claims.
pub fn sign(claims: &Value) -> String {
    let mut header = Header::new(Algorithm::RS256);
    header.kid = Some(KEY_ID.to_owned());
    jsonwebtoken::encode(&header, claims, &key().signing).unwrap()
}

/// The claims of a token that this realm signed and that has not expired.
pub fn verify(token: &str) -> Option<Value> {
    let jwk = key().jwks.keys.first()?;
    let decoding = jsonwebtoken::DecodingKey::from_jwk(jwk).ok()?;
    let mut checks = jsonwebtoken::Validation::new(Algorithm::RS256);
    checks.validate_aud = false;
    let decoded = jsonwebtoken::decode::<Value>(token, &decoding, &checks).ok()?;
    Some(decoded.claims)
}

/// Claims of a good token that expires at `expires` (seconds since 1970).
pub fn claims(user: &str, roles: &[&str], expires: i64) -> Value {
    json!({
        "iss": ISSUER,
        "sub": format!("sub-{user}"),
        "aud": "mosip-pms-client",
        "azp": "mosip-pms-client",
        "exp": expires,
        "preferred_username": user,
        "email": format!("{user}@example.org"),
        "realm_access": { "roles": roles },
    })
}
