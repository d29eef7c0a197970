//! Uploading CA certificates into a domain's trust store (contract keymanager.md §8.1).

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{UploadRules, columns, dates, version};
use crate::certificate::Certificate;
use crate::reading::Bundle;
use crate::trust::{Authority, Budget, PathFault, TrustStore};
use crate::{KeyManagerError, errors};

/// How an upload as a whole went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UploadStatus {
    /// Everything new was stored.
    Success,
    /// Something was stored, something else was refused.
    Partial,
    /// Nothing was stored.
    Failed,
}

impl UploadStatus {
    /// The `status` of the response.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Success => "Upload Success.",
            Self::Partial => "Partial Upload Success.",
            Self::Failed => "Upload Failed.",
        }
    }
}

/// A certificate that may be stored.
#[derive(Debug, Clone)]
pub struct Admitted {
    /// The new member of the trust store, with its `cert_id`.
    pub authority: Arc<Authority>,
    /// `issuer_id`: of the issuer in its path; its own id for a root.
    pub issuer_id: String,
}

/// The outcome of an upload that is not refused as a whole.
#[derive(Debug, Clone)]
pub struct AuthorityUpload {
    /// What to store, in this order.
    pub admitted: Vec<Admitted>,
    /// What was passed over, and why.
    pub refused: Vec<(Certificate, KeyManagerError)>,
    /// For the response.
    pub status: UploadStatus,
}

/// Judges the certificates of one upload in order and adds the good ones to `store`. Parts that
/// could not be read count as refused.
///
/// `store` is the domain's trust store; give a copy when the rows may still fail to be written.
/// Later certificates of the list may chain to earlier ones. `new_id` makes `cert_id`s.
///
/// # Errors
/// The refusal of the certificate that [leads](Bundle::leading) the upload, when nothing is stored.
pub fn admit_authorities(
    bundle: impl Into<Bundle>,
    store: &mut TrustStore,
    rules: &UploadRules,
    now: DateTime<Utc>,
    mut new_id: impl FnMut() -> String,
) -> Result<AuthorityUpload, KeyManagerError> {
    let Bundle {
        certificates,
        unreadable,
        leading,
    } = bundle.into();
    let (mut admitted, mut refused) = (Vec::new(), Vec::new());
    let mut budget = Budget::of_upload(certificates.len());
    for certificate in certificates {
        match issuer_of(&certificate, store, rules, now, &mut budget) {
            Ok(issuer_id) => {
                let authority = Arc::new(Authority::new(new_id(), certificate));
                let issuer_id = issuer_id.unwrap_or_else(|| authority.id().to_owned());
                store.insert(Arc::clone(&authority));
                admitted.push(Admitted {
                    authority,
                    issuer_id,
                });
            }
            Err(refusal) => refused.push((certificate, refusal)),
        }
    }
    let leads = |certificate: &Certificate| leading == Some(certificate.sha256());
    if admitted.is_empty()
        && let Some((_, refusal)) = refused.iter().find(|(one, _)| leads(one))
    {
        return Err(refusal.clone());
    }
    let status = status(&admitted, &refused, unreadable);
    Ok(AuthorityUpload {
        admitted,
        refused,
        status,
    })
}

/// The id of the issuer in its path, or `None` for an acceptable root.
fn issuer_of(
    certificate: &Certificate,
    store: &TrustStore,
    rules: &UploadRules,
    now: DateTime<Utc>,
    budget: &mut Budget,
) -> Result<Option<String>, KeyManagerError> {
    let validity = certificate.validity();
    if store.contains(certificate) {
        return Err(errors::ALREADY_IN_STORE);
    }
    if dates::is_future_dated(validity, now) {
        return Err(errors::FUTURE_DATED);
    }
    if !validity.contains(now) {
        return Err(errors::DATES_INVALID);
    }
    if !dates::lasts_months(validity, rules.ca_minimum_validity_months, now) {
        return Err(errors::CA_VALIDITY_TOO_SHORT);
    }
    version::check(certificate)?;
    if certificate.is_self_signed() {
        if rules.require_ca_flag && !certificate.may_issue() {
            return Err(errors::INVALID_CERTIFICATE);
        }
        columns::check_fit(certificate)?;
        return Ok(None);
    }
    let path = store
        .path_within(certificate, now, rules, budget)
        .map_err(|fault| without_root(certificate, fault))?;
    columns::check_fit(certificate)?;
    Ok(path.issuers().first().map(|issuer| issuer.id().to_owned()))
}

/// Says so when nothing but the kind of the signature stands in the way: such a root is one for others
/// (contract keymanager.md §6.5).
fn without_root(certificate: &Certificate, fault: PathFault) -> KeyManagerError {
    let own = certificate.public_key();
    let is_own = certificate.is_self_issued() && !certificate.is_verifiable_by(own);
    if is_own || fault == PathFault::Unverifiable {
        return errors::ROOT_NOT_FOUND
            .with_detail("A signature of this kind can't be verified here.");
    }
    errors::ROOT_NOT_FOUND
}

/// What is already stored does not make an upload partial, see the note
/// of contract keymanager.md §8.1.
fn status(
    admitted: &[Admitted],
    refused: &[(Certificate, KeyManagerError)],
    unreadable: usize,
) -> UploadStatus {
    if admitted.is_empty() {
        UploadStatus::Failed
    } else if unreadable > 0 {
        UploadStatus::Partial
    } else if refused
        .iter()
        .all(|(_, refusal)| *refusal == errors::ALREADY_IN_STORE)
    {
        UploadStatus::Success
    } else {
        UploadStatus::Partial
    }
}
