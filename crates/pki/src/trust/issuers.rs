//! Who may issue certificates of partners.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::search::{PathFault, TrustPath};
use super::store::TrustStore;
use crate::certificate::Certificate;
use crate::rules::UploadRules;

/// Keys that issue nothing in the paths of partner uploads.
///
/// What our own PMS key signs are certificates of partners. They are in the trust stores, since
/// devices and chips are trusted by them, but a partner is no authority that vouches for others: it
/// could approve strangers under anybody's name. Keys count rather than certificates: the PMS key
/// keeps its children when it gets another certificate, or another ROOT.
#[derive(Debug, Clone, Default)]
pub struct BarredKeys {
    /// [`Certificate::public_key_sha256`]
    keys: BTreeSet<[u8; 32]>,
}

pub(super) static NONE: BarredKeys = BarredKeys {
    keys: BTreeSet::new(),
};

impl BarredKeys {
    /// The keys of these certificates.
    pub fn of<'a>(certificates: impl IntoIterator<Item = &'a Certificate>) -> Self {
        let keys = certificates.into_iter().map(Certificate::public_key_sha256);
        Self {
            keys: keys.collect(),
        }
    }

    pub(super) fn hold(&self, certificate: &Certificate) -> bool {
        !self.keys.is_empty() && self.keys.contains(&certificate.public_key_sha256())
    }
}

/// The trust store of a domain, without the keys that issue nothing for partners.
#[derive(Debug, Clone, Copy)]
pub struct PartnerIssuers<'a> {
    store: &'a TrustStore,
    barred: &'a BarredKeys,
}

impl<'a> PartnerIssuers<'a> {
    /// Those of `store` but for the keys of `barred`.
    pub fn new(store: &'a TrustStore, barred: &'a BarredKeys) -> Self {
        Self { store, barred }
    }

    pub(crate) fn path(
        self,
        target: &Certificate,
        now: DateTime<Utc>,
        rules: &UploadRules,
    ) -> Result<TrustPath, PathFault> {
        self.store.path_without(self.barred, target, now, rules)
    }
}

impl<'a> From<&'a TrustStore> for PartnerIssuers<'a> {
    fn from(store: &'a TrustStore) -> Self {
        Self::new(store, &NONE)
    }
}
