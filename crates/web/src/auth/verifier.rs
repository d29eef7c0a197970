//! Offline token validation (contract auth.md §2).

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, Validation, decode, decode_header};
use lru::LruCache;

use super::jwks::Jwks;
use super::token::{Claims, Token};

/// Verified tokens that are remembered until they expire.
const REMEMBERED: usize = 4096;

/// SHA-256 of a token. A token is a secret, and maps keep their keys in plain memory.
type Hash = [u8; 32];

/// Whose tokens are accepted.
#[derive(Debug, Clone)]
pub struct VerifierSettings {
    /// Accepted `iss` values, exactly; they pin the realm.
    pub issuers: Vec<String>,
    /// Where the signing keys are.
    pub jwks_url: String,
    /// Clients whose tokens are accepted, by `aud` or `azp`; empty accepts all.
    pub audiences: Vec<String>,
}

/// Checks access tokens without asking the identity provider.
#[derive(Clone)]
pub struct Verifier {
    inner: Arc<Inner>,
}

struct Inner {
    settings: VerifierSettings,
    jwks: Jwks,
    verified: Mutex<LruCache<Hash, Arc<Token>>>,
}

impl Verifier {
    /// A verifier that fetches keys with `client`.
    pub fn new(settings: VerifierSettings, client: reqwest::Client) -> Self {
        let jwks = Jwks::new(settings.jwks_url.clone(), client);
        let room = NonZeroUsize::new(REMEMBERED).unwrap_or(NonZeroUsize::MIN);
        let verified = Mutex::new(LruCache::new(room));
        Self {
            inner: Arc::new(Inner {
                settings,
                jwks,
                verified,
            }),
        }
    }

    /// The token behind `raw`, or `None` when it is not to be trusted; why is
    /// logged without the token.
    pub async fn verify(&self, raw: &str, now: DateTime<Utc>) -> Option<Arc<Token>> {
        let hash = hash(raw);
        if let Some(token) = self.remembered(&hash) {
            return (token.expires_at > now.timestamp()).then_some(token);
        }
        match self.check(raw, now).await {
            Ok(token) => {
                let token = Arc::new(token);
                let mut verified = self
                    .inner
                    .verified
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner);
                verified.put(hash, Arc::clone(&token));
                Some(token)
            }
            Err(why) => {
                tracing::debug!(why, "token refused");
                None
            }
        }
    }

    fn remembered(&self, hash: &Hash) -> Option<Arc<Token>> {
        let mut verified = self
            .inner
            .verified
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        verified.get(hash).cloned()
    }

    async fn check(&self, raw: &str, now: DateTime<Utc>) -> Result<Token, &'static str> {
        let Ok(header) = decode_header(raw) else {
            return Err("not a JWT");
        };
        if !matches!(
            header.alg,
            Algorithm::RS256 | Algorithm::RS384 | Algorithm::RS512
        ) {
            return Err("signed with an algorithm that is not accepted");
        }
        let id = header.kid.ok_or("names no key")?;
        let key = self
            .inner
            .jwks
            .key(&id)
            .await
            .ok_or("signed with an unknown key")?;
        let mut rules = Validation::new(header.alg);
        // These three are checked below, by the service's own clock and rules.
        rules.validate_exp = false;
        rules.validate_aud = false;
        rules.required_spec_claims.clear();
        let Ok(data) = decode::<Claims>(raw, &key, &rules) else {
            return Err("wrong signature or claims");
        };
        let claims = data.claims;
        let settings = &self.inner.settings;
        if claims.is_of_another_kind() {
            return Err("not an access token");
        }
        if claims.exp <= now.timestamp() {
            return Err("expired");
        }
        if !settings
            .issuers
            .iter()
            .any(|issuer| issuer_matches(issuer, &claims.iss))
        {
            return Err("of another issuer");
        }
        if !settings.audiences.is_empty() && !claims.is_for(&settings.audiences) {
            return Err("made for another audience");
        }
        claims.into_token(raw).ok_or("names no user")
    }
}

fn hash(raw: &str) -> Hash {
    let mut bytes = Hash::default();
    bytes.copy_from_slice(digest(&SHA256, raw.as_bytes()).as_ref());
    bytes
}

/// Exact but for the case of scheme and host and a trailing slash.
fn issuer_matches(accepted: &str, sent: &str) -> bool {
    if accepted == sent {
        return true;
    }
    let (Ok(accepted), Ok(sent)) = (url::Url::parse(accepted), url::Url::parse(sent)) else {
        return false;
    };
    accepted.origin() == sent.origin()
        && accepted.path().trim_end_matches('/') == sent.path().trim_end_matches('/')
}
