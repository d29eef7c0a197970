//! The signing keys of the identity provider.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, PublicKeyUse};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::{Mutex, MutexGuard};

/// Keys are fetched again after this long.
const TTL: Duration = Duration::from_secs(3600);
/// An unknown key id causes at most one fetch in this time.
const REFETCH_PAUSE: Duration = Duration::from_secs(10);
/// Longest a fetch may take: requests with an unknown key id wait for it.
const FETCH_TIMEOUT: Duration = Duration::from_secs(5);

/// Keys by id, refreshed when old or when an unknown id turns up. When the
/// provider is down, or hangs, the keys that are known still serve at once.
pub(super) struct Jwks {
    inner: Arc<Inner>,
}

struct Inner {
    url: String,
    client: reqwest::Client,
    ttl: Duration,
    known: ArcSwap<Known>,
    /// When the last fetch ended; locked during a fetch.
    fetched: Mutex<Option<Instant>>,
}

#[derive(Default)]
struct Known {
    keys: HashMap<String, Arc<DecodingKey>>,
    since: Option<Instant>,
}

impl Known {
    fn is_older_than(&self, ttl: Duration) -> bool {
        self.since.is_none_or(|at| at.elapsed() > ttl)
    }
}

/// A key set whose members are read one by one: a kind of key that we don't
/// know must not make the others unusable.
#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Value>,
}

impl Jwks {
    pub(super) fn new(url: String, client: reqwest::Client) -> Self {
        Self::with_ttl(url, client, TTL)
    }

    fn with_ttl(url: String, client: reqwest::Client, ttl: Duration) -> Self {
        let (known, fetched) = (ArcSwap::default(), Mutex::new(None));
        Self {
            inner: Arc::new(Inner {
                url,
                client,
                ttl,
                known,
                fetched,
            }),
        }
    }

    /// The key with this id, if the provider has it.
    pub(super) async fn key(&self, id: &str) -> Option<Arc<DecodingKey>> {
        let known = self.inner.known.load_full();
        let Some(key) = known.keys.get(id).cloned() else {
            let fetched = self.inner.fetched.lock().await;
            self.inner.refresh(fetched).await;
            return self.inner.known.load().keys.get(id).cloned();
        };
        if known.is_older_than(self.inner.ttl) {
            let inner = Arc::clone(&self.inner);
            tokio::spawn(async move {
                if let Ok(fetched) = inner.fetched.try_lock() {
                    inner.refresh(fetched).await;
                }
            });
        }
        Some(key)
    }
}

impl Inner {
    async fn refresh(&self, mut fetched: MutexGuard<'_, Option<Instant>>) {
        if fetched.is_some_and(|at| at.elapsed() < REFETCH_PAUSE) {
            return;
        }
        match self.fetch().await {
            Ok(keys) => {
                tracing::debug!(keys = keys.len(), "signing keys fetched");
                let since = Some(Instant::now());
                self.known.store(Arc::new(Known { keys, since }));
            }
            Err(error) => tracing::warn!(url = %self.url, error, "signing keys can't be fetched"),
        }
        *fetched = Some(Instant::now());
    }

    async fn fetch(&self) -> Result<HashMap<String, Arc<DecodingKey>>, String> {
        let text = |error: reqwest::Error| error.without_url().to_string();
        let request = self.client.get(&self.url).timeout(FETCH_TIMEOUT);
        let answer = request.send().await.map_err(text)?;
        let set: KeySet = answer
            .error_for_status()
            .map_err(text)?
            .json()
            .await
            .map_err(text)?;
        let keys: HashMap<_, _> = set.keys.into_iter().filter_map(signing_key).collect();
        if keys.is_empty() {
            return Err("no usable key among them".to_owned());
        }
        Ok(keys)
    }
}

/// An RSA key that is not meant for encryption, by its id.
fn signing_key(member: Value) -> Option<(String, Arc<DecodingKey>)> {
    let jwk: Jwk = serde_json::from_value(member).ok()?;
    let encrypts = jwk.common.public_key_use == Some(PublicKeyUse::Encryption);
    if encrypts || !matches!(jwk.algorithm, AlgorithmParameters::RSA(_)) {
        return None;
    }
    let key = DecodingKey::from_jwk(&jwk).ok()?;
    Some((jwk.common.key_id?, Arc::new(key)))
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;
    use pms_testkit::peers::{Behaviour, RecordingPeer};
    use pms_testkit::tokens;
    use serde_json::json;

    use super::*;

    fn keys(ttl: Duration, provider: &RecordingPeer) -> Jwks {
        Jwks::with_ttl(provider.url(), reqwest::Client::default(), ttl)
    }

    #[actix_web::test]
    async fn known_keys_serve_at_once_while_the_provider_hangs() {
        let provider = RecordingPeer::start(Behaviour::Answer(200, tokens::jwks().to_string()));
        let keys = keys(Duration::ZERO, &provider);
        assert!(keys.key(tokens::KEY_ID).await.is_some());
        provider.behave(Behaviour::Hang);
        *keys.inner.fetched.lock().await = None;

        // The first look finds the keys old and has them fetched again, aside. None
        // waits for anything.
        for _ in 0..20 {
            let known = keys.key(tokens::KEY_ID).now_or_never();
            assert!(known.is_some_and(|key| key.is_some()));
        }

        provider.wait_for(|requests| requests.len() == 2).await;
    }

    #[actix_web::test]
    async fn unknown_ids_cause_one_fetch_only() {
        let provider = RecordingPeer::start(Behaviour::Answer(200, tokens::jwks().to_string()));
        let keys = keys(TTL, &provider);

        for id in ["a", "b", "c"] {
            assert!(keys.key(id).await.is_none());
        }

        assert!(keys.key(tokens::KEY_ID).await.is_some());
        assert_eq!(provider.recorded().len(), 1);
    }

    #[actix_web::test]
    async fn keys_of_other_kinds_and_uses_are_left_out_and_harm_nothing() {
        let mut set = tokens::jwks();
        let mut encrypting = set["keys"][0].clone();
        encrypting["use"] = json!("enc");
        encrypting["kid"] = json!("enc");
        let strange = json!({ "kty": "AKP", "kid": "new", "alg": "ML-DSA-44", "pub": "x" });
        let list = set["keys"].as_array_mut().unwrap();
        list.extend([encrypting, strange, json!(7)]);
        let provider = RecordingPeer::start(Behaviour::Answer(200, set.to_string()));
        let keys = keys(TTL, &provider);

        assert!(keys.key(tokens::KEY_ID).await.is_some());
        assert!(keys.key("enc").await.is_none());
        assert!(keys.key("new").await.is_none());
    }

    #[actix_web::test]
    async fn an_empty_set_does_not_take_the_known_keys_away() {
        let provider = RecordingPeer::start(Behaviour::Answer(200, tokens::jwks().to_string()));
        let keys = keys(TTL, &provider);
        assert!(keys.key(tokens::KEY_ID).await.is_some());
        provider.behave(Behaviour::Answer(200, r#"{"keys":[]}"#.to_owned()));
        *keys.inner.fetched.lock().await = None;

        assert!(keys.key("unknown").await.is_none());

        assert!(keys.key(tokens::KEY_ID).await.is_some());
    }
}
