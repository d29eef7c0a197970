//! Path building: depth first, from the target towards the roots
//! (contract keymanager.md §7.2, §7.3).

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::budget::Budget;
use super::issuers::BarredIssuers;
use super::name_constraints;
use super::store::{Authority, AuthorityKind, TrustStore};
use crate::certificate::{Certificate, KeyAlgorithm, SignatureCheck};
use crate::rules::UploadRules;

/// Most intermediates that are not self-issued in one path.
const MAX_INTERMEDIATES: usize = 5;
/// Smallest RSA key below the root, in bits.
const MIN_RSA_BITS: usize = 1024;

/// Why a certificate is not trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathFault {
    /// No path leads to a valid root of the domain.
    NotFound,
    /// A path leads there, but the target's own signature is of a kind that can not be verified.
    Unverifiable,
}

/// The issuers of a trusted certificate.
#[derive(Debug, Clone)]
pub struct TrustPath {
    issuers: Vec<Arc<Authority>>,
}

impl TrustPath {
    /// From the direct issuer to the root. Empty when the certificate is itself a stored root.
    pub fn issuers(&self) -> &[Arc<Authority>] {
        &self.issuers
    }

    /// `target`, then its issuers, then the root: the order of PKCS#7 bundles
    /// (contract keymanager.md §9.2).
    pub fn chain<'a>(&'a self, target: &'a Certificate) -> Vec<&'a Certificate> {
        let issuers = self.issuers.iter().map(|issuer| issuer.certificate());
        std::iter::once(target).chain(issuers).collect()
    }
}

pub(super) struct Search<'a> {
    store: &'a TrustStore,
    barred: &'a BarredIssuers,
    target: &'a Certificate,
    now: DateTime<Utc>,
    require_ca_flag: bool,
    path: Vec<&'a Arc<Authority>>,
    budget: &'a mut Budget,
    /// Of the target's signature by the first issuer of `path`.
    unverifiable: bool,
}

impl<'a> Search<'a> {
    pub(super) fn new(
        (store, barred): (&'a TrustStore, &'a BarredIssuers),
        target: &'a Certificate,
        now: DateTime<Utc>,
        rules: &UploadRules,
        budget: &'a mut Budget,
    ) -> Self {
        let require_ca_flag = rules.require_ca_flag;
        let (path, unverifiable) = (Vec::new(), false);
        Self {
            store,
            barred,
            target,
            now,
            require_ca_flag,
            path,
            budget,
            unverifiable,
        }
    }

    pub(super) fn run(mut self) -> Result<TrustPath, PathFault> {
        let stored = self.store.find(self.target);
        if stored.is_some_and(|stored| self.is_anchor(stored)) {
            return Ok(TrustPath {
                issuers: Vec::new(),
            });
        }
        if !is_acceptable(self.target) || !self.target.validity().contains(self.now) {
            return Err(PathFault::NotFound);
        }
        if !self.extend(self.target) {
            return Err(PathFault::NotFound);
        }
        if self.unverifiable {
            return Err(PathFault::Unverifiable);
        }
        Ok(TrustPath {
            issuers: self.path.into_iter().map(Arc::clone).collect(),
        })
    }

    /// Completes the path, whose last certificate is `current`; undoes its steps when it can not.
    fn extend(&mut self, current: &'a Certificate) -> bool {
        let mut candidates: Vec<_> = self.store.named(current.issuer().key()).collect();
        candidates.sort_by_key(|candidate| {
            let candidate = candidate.certificate();
            let in_vain = self.barred.seem_to_issue(candidate);
            (in_vain, !key_ids_match(candidate, current))
        });
        for candidate in candidates {
            if !self.may_follow(candidate) {
                continue;
            }
            if !self.budget.take() {
                return false;
            }
            if !self.signed(current, candidate) || !self.names_allowed_by(candidate) {
                continue;
            }
            self.path.push(candidate);
            if candidate.kind() == AuthorityKind::Root || self.extend(candidate.certificate()) {
                return true;
            }
            self.path.pop();
        }
        false
    }

    fn may_follow(&self, candidate: &Arc<Authority>) -> bool {
        let certificate = candidate.certificate();
        let new = certificate != self.target
            && !self.path.iter().any(|seen| Arc::ptr_eq(seen, candidate));
        new && certificate.validity().contains(self.now)
            && !self.barred.hold(certificate)
            && match candidate.kind() {
                AuthorityKind::Root => self.is_anchor(candidate),
                AuthorityKind::Intermediate => self.may_be_intermediate(certificate),
            }
    }

    /// Roots are trusted as they are; neither flags nor constraints of theirs are looked at.
    fn is_anchor(&self, authority: &Authority) -> bool {
        authority.kind() == AuthorityKind::Root
            && authority.certificate().validity().contains(self.now)
            && (!self.require_ca_flag || authority.certificate().may_issue())
    }

    fn may_be_intermediate(&self, certificate: &Certificate) -> bool {
        let counted = |one: &Certificate| usize::from(!one.is_self_issued());
        let below: usize = self.path.iter().map(|one| counted(one.certificate())).sum();
        let limit = certificate
            .extensions()
            .basic_constraints
            .and_then(|one| one.path_length);
        let within = limit.is_none_or(|limit| usize::try_from(limit).is_ok_and(|n| below <= n));
        within
            && below + counted(certificate) <= MAX_INTERMEDIATES
            && certificate.may_issue()
            && is_acceptable(certificate)
    }

    /// Those of roots are not looked at. Self-issued certificates are exempt, except the target.
    ///
    /// Costs more than a signature when there are many names, so it comes after that.
    fn names_allowed_by(&self, authority: &Authority) -> bool {
        let constraints = &authority.certificate().extensions().name_constraints;
        let Some(constraints) = constraints
            .as_ref()
            .filter(|_| authority.kind() == AuthorityKind::Intermediate)
        else {
            return true;
        };
        let below = self
            .path
            .iter()
            .map(|one| one.certificate())
            .filter(|one| !one.is_self_issued());
        below
            .chain([self.target])
            .all(|one| name_constraints::allow(constraints, one))
    }

    fn signed(&mut self, current: &Certificate, issuer: &Authority) -> bool {
        let check = current.check_signature(issuer.certificate().public_key());
        let is_target = self.path.is_empty();
        if is_target {
            self.unverifiable = check == SignatureCheck::Unverifiable;
        }
        check == SignatureCheck::Valid || (is_target && self.unverifiable)
    }
}

/// Rules for every certificate below the root.
fn is_acceptable(certificate: &Certificate) -> bool {
    let large_enough = match certificate.public_key().algorithm {
        KeyAlgorithm::Rsa { bits } => bits >= MIN_RSA_BITS,
        KeyAlgorithm::Ec(_) | KeyAlgorithm::Ed25519 | KeyAlgorithm::Other => true,
    };
    large_enough && !certificate.extensions().unknown_critical
}

/// Whether the issuer can have the key that the certificate names; decides who is tried first.
///
/// Key identifiers are hints (RFC 4158 §3.2): a partner's children name the identifier in the
/// certificate of the partner's own CA, which need not be the one in ours.
fn key_ids_match(issuer: &Certificate, issued: &Certificate) -> bool {
    let wanted = issued.extensions().authority_key_id.as_ref();
    let offered = issuer.extensions().subject_key_id.as_ref();
    wanted
        .zip(offered)
        .is_none_or(|(wanted, offered)| wanted == offered)
}
