//! The signing keys of the identity provider.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::JwkSet;
use tokio::sync::Mutex;

/// Keys are fetched again after this long.
const TTL: Duration = Duration::from_secs(3600);
/// An unknown key id causes at most one fetch in this time.
const REFETCH_PAUSE: Duration = Duration::from_secs(10);

/// Keys by id, refreshed when old or when an unknown id turns up. When the
/// provider is down the keys that are known still serve.
pub(super) struct Jwks {
    url: String,
    client: reqwest::Client,
    known: ArcSwap<Known>,
    fetching: Mutex<Option<Instant>>,
}

#[derive(Default)]
struct Known {
    keys: HashMap<String, Arc<DecodingKey>>,
    fetched: Option<Instant>,
}

impl Known {
    fn is_old(&self) -> bool {
        self.fetched.is_none_or(|at| at.elapsed() > TTL)
    }
}

impl Jwks {
    pub(super) fn new(url: String, client: reqwest::Client) -> Self {
        Self {
            url,
            client,
            known: ArcSwap::default(),
            fetching: Mutex::new(None),
        }
    }

    /// The key with this id, if the provider has it.
    pub(super) async fn key(&self, id: &str) -> Option<Arc<DecodingKey>> {
        let known = self.known.load();
        let found = known.keys.get(id).cloned();
        if found.is_some() && !known.is_old() {
            return found;
        }
        self.refresh().await;
        self.known.load().keys.get(id).cloned().or(found)
    }

    async fn refresh(&self) {
        let mut last = self.fetching.lock().await;
        if last.is_some_and(|at| at.elapsed() < REFETCH_PAUSE) {
            return;
        }
        *last = Some(Instant::now());
        match self.fetch().await {
            Ok(keys) => {
                tracing::debug!(keys = keys.len(), "signing keys fetched");
                self.known.store(Arc::new(Known {
                    keys,
                    fetched: Some(Instant::now()),
                }));
            }
            Err(error) => tracing::warn!(url = %self.url, %error, "signing keys can't be fetched"),
        }
    }

    async fn fetch(&self) -> Result<HashMap<String, Arc<DecodingKey>>, reqwest::Error> {
        let answer = self
            .client
            .get(&self.url)
            .send()
            .await?
            .error_for_status()?;
        let set: JwkSet = answer.json().await?;
        let usable = set.keys.iter().filter_map(|jwk| {
            let id = jwk.common.key_id.clone()?;
            let key = DecodingKey::from_jwk(jwk).ok()?;
            Some((id, Arc::new(key)))
        });
        Ok(usable.collect())
    }
}
