//! A mapping file that is fetched at intervals.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use pms_domain::ErrorDef;

use super::answers::{Unread, whole};
use crate::authorised::Authorised;
use crate::breaker::{Breaker, Permit};
use crate::observer::Peer;

/// A server that is away is not called again for so long when there is a mapping.
const PAUSE: Duration = Duration::from_secs(30);
/// And for so long when there is none: a request that waited while it hung must not
/// hang next.
const SHORT_PAUSE: Duration = Duration::from_millis(200);
/// No file is used for longer.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 3600);

/// A mapping and where it comes from.
pub(super) struct MappingFile<T> {
    source: Source,
    read: fn(&[u8]) -> Result<T, ErrorDef>,
    built_in: fn() -> Result<T, ErrorDef>,
    known: Mutex<Option<Known<T>>>,
    /// Held by the request that fetches the file.
    asking: tokio::sync::Mutex<()>,
}

/// Where a mapping comes from.
pub(super) struct Source {
    /// Its address; empty: the mapping that is built in.
    pub(super) url: String,
    /// How long it is used before it is fetched again.
    pub(super) refresh: Duration,
    /// What says that there is none.
    pub(super) absent: ErrorDef,
}

struct Known<T> {
    mapping: Result<Arc<T>, ErrorDef>,
    until: Instant,
}

impl<T> Known<T> {
    fn is_fresh(&self) -> bool {
        self.until > Instant::now()
    }
}

impl<T> Clone for Known<T> {
    fn clone(&self) -> Self {
        Self {
            mapping: self.mapping.clone(),
            until: self.until,
        }
    }
}

impl Source {
    /// The file as `read` understands it.
    pub(super) fn reading<T>(
        self,
        read: fn(&[u8]) -> Result<T, ErrorDef>,
        built_in: fn() -> Result<T, ErrorDef>,
    ) -> MappingFile<T> {
        MappingFile {
            source: self,
            read,
            built_in,
            known: Mutex::new(None),
            asking: tokio::sync::Mutex::new(()),
        }
    }
}

impl<T> MappingFile<T> {
    /// The mapping: fetched when it is too old; the old one while it can't be
    /// fetched, and while another request fetches it.
    pub(super) async fn get(
        &self,
        peer: &Authorised,
        breaker: &Breaker,
        timeout: Duration,
    ) -> Result<Arc<T>, ErrorDef> {
        let known = self.known();
        let _asking = match known {
            Some(known) if known.is_fresh() => return known.mapping,
            Some(Known {
                mapping: Ok(mapping),
                ..
            }) => match self.asking.try_lock() {
                Ok(asking) => asking,
                Err(_) => return Ok(mapping),
            },
            _ => self.asking.lock().await,
        };
        // The last holder of the lock may have fetched it.
        let known = self.known();
        if let Some(known) = known.as_ref().filter(|known| known.is_fresh()) {
            return known.mapping.clone();
        }
        let (mapping, lifetime) = match self.fetch(peer, breaker, timeout).await {
            Ok(mapping) => (Ok(Arc::new(mapping)), self.source.refresh.min(LONGEST)),
            Err(error) => match known.map(|known| known.mapping) {
                Some(Ok(mapping)) => (Ok(mapping), PAUSE.min(self.source.refresh)),
                _ => (Err(error), SHORT_PAUSE),
            },
        };
        let until = Instant::now() + lifetime;
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(Known {
            mapping: mapping.clone(),
            until,
        });
        mapping
    }

    fn known(&self) -> Option<Known<T>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.clone()
    }

    async fn fetch(
        &self,
        peer: &Authorised,
        breaker: &Breaker,
        timeout: Duration,
    ) -> Result<T, ErrorDef> {
        if self.source.url.is_empty() {
            return (self.built_in)();
        }
        let Ok(permit) = breaker.permit() else {
            return Err(self.source.absent);
        };
        match self.bytes(peer, permit, timeout).await {
            Ok(bytes) => (self.read)(&bytes).inspect_err(|error| {
                pms_log::warn("a mapping file is unreadable", error.code, |line| {
                    tracing::warn!(error.code, "{line}");
                });
            }),
            Err(why) => {
                pms_log::warn("a mapping file can't be fetched", &why, |line| {
                    tracing::warn!(why, "{line}");
                });
                Err(self.source.absent)
            }
        }
    }

    /// Without a token: the file is public, and its server is none of eSignet's.
    async fn bytes(
        &self,
        peer: &Authorised,
        permit: Permit,
        timeout: Duration,
    ) -> Result<Vec<u8>, String> {
        let request = peer.client.get(&self.source.url).timeout(timeout);
        let fetched = async {
            let response = peer.observer.send(Peer::EsignetMappings, request).await?;
            whole(response.error_for_status()?).await
        };
        let read = fetched.await;
        match &read {
            Err(Unread::Stopped(error)) if error.is_timeout() => permit.timed_out(),
            _ => permit.answered(),
        }
        read.map_err(|unread| unread.to_string())
    }
}
