//! Authorities that may issue certificates of partners.

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
/// keeps its children when it gets another certificate, or another ROOT. Of authorities from
/// outside single certificates are barred, since anybody may hand in a certificate of their keys.
#[derive(Debug, Clone, Default)]
pub struct BarredIssuers {
    /// [`Certificate::public_key_sha256`]
    keys: BTreeSet<[u8; 32]>,
    /// Comparable names of the holders of these keys.
    names: BTreeSet<String>,
    /// [`Certificate::sha256`]
    certificates: BTreeSet<[u8; 32]>,
}

pub(super) static NONE: BarredIssuers = BarredIssuers {
    keys: BTreeSet::new(),
    names: BTreeSet::new(),
    certificates: BTreeSet::new(),
};

impl BarredIssuers {
    /// The keys of these certificates, whichever certificates they get.
    pub fn with_keys_of<'a>(certificates: impl IntoIterator<Item = &'a Certificate>) -> Self {
        let mut barred = Self::default();
        for one in certificates {
            barred.keys.insert(one.public_key_sha256());
            barred.names.insert(one.subject().key().to_owned());
        }
        barred
    }

    /// Bars this certificate as well, and no other one of its key.
    pub fn bar(&mut self, certificate: &Certificate) {
        self.certificates.insert(certificate.sha256());
    }

    pub(super) fn hold(&self, certificate: &Certificate) -> bool {
        (!self.keys.is_empty() && self.keys.contains(&certificate.public_key_sha256()))
            || self.certificates.contains(&certificate.sha256())
    }

    /// Whether the certificate says that a barred key issued it. Such ones are tried last: a partner
    /// may have many of them, under the name and with the key of a true authority.
    pub(super) fn seem_to_issue(&self, certificate: &Certificate) -> bool {
        self.names.contains(certificate.issuer().key())
    }
}

/// The trust store of a domain, without those who issue nothing for partners.
#[derive(Debug, Clone, Copy)]
pub struct PartnerIssuers<'a> {
    store: &'a TrustStore,
    barred: &'a BarredIssuers,
}

impl<'a> PartnerIssuers<'a> {
    /// Those of `store` but for `barred`.
    pub fn new(store: &'a TrustStore, barred: &'a BarredIssuers) -> Self {
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
