//! A shared map that can't grow without limit.

use std::hash::Hash;
use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};
use lru::LruCache;

/// SHA-256 of a secret, which stands for it as a key: maps keep their keys in plain memory.
pub(super) type SecretHash = [u8; 32];

pub(super) fn hash_of(secret: &str) -> SecretHash {
    let mut hash = SecretHash::default();
    hash.copy_from_slice(digest(&SHA256, secret.as_bytes()).as_ref());
    hash
}

/// Holds at most a given number of entries; when full, forgets the one unused the longest.
pub(super) struct Bounded<K: Hash + Eq, V>(Mutex<LruCache<K, V>>);

impl<K: Hash + Eq, V> Bounded<K, V> {
    pub(super) fn new(max: usize) -> Self {
        Self(Mutex::new(LruCache::new(
            NonZeroUsize::new(max).unwrap_or(NonZeroUsize::MIN),
        )))
    }

    /// Runs `work` while no other thread touches the map.
    pub(super) fn with<T>(&self, work: impl FnOnce(&mut LruCache<K, V>) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
