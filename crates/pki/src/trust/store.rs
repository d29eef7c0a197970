//! The CA certificates of one domain, indexed for path building (contract keymanager.md §7.1).

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::budget::Budget;
use super::issuers::{BarredIssuers, NONE};
use super::search::{PathFault, Search, TrustPath};
use crate::certificate::{Certificate, SignatureCheck};
use crate::rules::UploadRules;

/// Whether a stored certificate is a trust anchor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthorityKind {
    /// Self-signed: a trust anchor.
    Root,
    /// Issued by another CA.
    Intermediate,
}

impl AuthorityKind {
    /// The value of `ca_cert_type`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Root => "ROOT",
            Self::Intermediate => "INTERMEDIATE",
        }
    }
}

/// A stored CA certificate.
#[derive(Debug, Clone)]
pub struct Authority {
    id: String,
    certificate: Certificate,
    kind: AuthorityKind,
}

impl Authority {
    /// The certificate stored under `id`; its kind is found out by verifying its signature.
    pub fn new(id: String, certificate: Certificate) -> Self {
        let kind = if certificate.is_self_signed() {
            AuthorityKind::Root
        } else {
            AuthorityKind::Intermediate
        };
        Self {
            id,
            certificate,
            kind,
        }
    }

    /// `cert_id`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The certificate.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Root or intermediate.
    pub fn kind(&self) -> AuthorityKind {
        self.kind
    }
}

/// The trust store of one domain. Copies share the certificates.
#[derive(Debug, Clone, Default)]
pub struct TrustStore {
    members: Vec<Arc<Authority>>,
    by_subject: HashMap<String, Vec<usize>>,
    by_hash: HashMap<[u8; 32], usize>,
    /// Of certificates that are in the table but not trusted.
    disabled: HashSet<[u8; 32]>,
}

impl TrustStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a certificate; `false` when it is there already.
    pub fn insert(&mut self, authority: Arc<Authority>) -> bool {
        let hash = authority.certificate.sha256();
        let index = self.members.len();
        if self.by_hash.contains_key(&hash) {
            return false;
        }
        self.by_hash.insert(hash, index);
        let subject = authority.certificate.subject().key().to_owned();
        self.by_subject.entry(subject).or_default().push(index);
        self.members.push(authority);
        true
    }

    /// Remembers that an operator has disabled a certificate: it counts as stored, so that it is
    /// not uploaded again, and no path leads through it.
    pub fn disable(&mut self, certificate: &Certificate) {
        self.disabled.insert(certificate.sha256());
    }

    /// Whether exactly this certificate is stored, trusted or disabled.
    pub fn contains(&self, certificate: &Certificate) -> bool {
        let hash = certificate.sha256();
        self.by_hash.contains_key(&hash) || self.disabled.contains(&hash)
    }

    /// All members, in the order of their insertion.
    pub fn members(&self) -> &[Arc<Authority>] {
        &self.members
    }

    /// The stored certificate that equals `certificate`.
    pub fn find(&self, certificate: &Certificate) -> Option<&Arc<Authority>> {
        self.by_hash
            .get(&certificate.sha256())
            .and_then(|index| self.members.get(*index))
    }

    /// Builds the path from `target` to a root that is valid at `now`
    /// (contract keymanager.md §7.2).
    ///
    /// # Errors
    /// Why there is none.
    pub fn path(
        &self,
        target: &Certificate,
        now: DateTime<Utc>,
        rules: &UploadRules,
    ) -> Result<TrustPath, PathFault> {
        self.path_within(target, now, rules, &mut Budget::of_search())
    }

    /// Like [`Self::path`], without these issuers.
    pub(super) fn path_without(
        &self,
        barred: &BarredIssuers,
        target: &Certificate,
        now: DateTime<Utc>,
        rules: &UploadRules,
    ) -> Result<TrustPath, PathFault> {
        Search::new((self, barred), target, now, rules, &mut Budget::of_search()).run()
    }

    /// Like [`Self::path`], one of several searches of the same upload.
    pub(crate) fn path_within(
        &self,
        target: &Certificate,
        now: DateTime<Utc>,
        rules: &UploadRules,
        budget: &mut Budget,
    ) -> Result<TrustPath, PathFault> {
        budget.next_search();
        Search::new((self, &NONE), target, now, rules, budget).run()
    }

    /// `target`, its issuers and root as far as signatures lead, whatever their dates
    /// (contract keymanager.md §8.7).
    ///
    /// For the download of a chain that is no longer trusted. Gives up after as many signatures as
    /// the search for a path.
    pub fn known_issuers(&self, target: &Certificate) -> Vec<Arc<Authority>> {
        let mut issuers: Vec<Arc<Authority>> = Vec::new();
        let mut current = target;
        let mut budget = Budget::of_search();
        while let Some(next) = self.named(current.issuer().key()).find(|one| {
            one.certificate != *target
                && !issuers.iter().any(|seen| Arc::ptr_eq(seen, one))
                && budget.take()
                && current.check_signature(one.certificate.public_key()) == SignatureCheck::Valid
        }) {
            issuers.push(Arc::clone(next));
            current = &next.certificate;
            // A root ends the chain, even when another root bears its name and key.
            if next.kind == AuthorityKind::Root {
                break;
            }
        }
        issuers
    }

    /// The members with this subject; roots first, since they end a path.
    pub(super) fn named(&self, subject: &str) -> impl Iterator<Item = &Arc<Authority>> {
        let found = || {
            let indexes = self.by_subject.get(subject).into_iter().flatten();
            indexes.filter_map(|index| self.members.get(*index))
        };
        let roots = found().filter(|one| one.kind == AuthorityKind::Root);
        roots.chain(found().filter(|one| one.kind == AuthorityKind::Intermediate))
    }
}
