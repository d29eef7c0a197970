//! The certificates above one of ours.

use chrono::{DateTime, Utc};
use pms_database::keys as rows;
use pms_database::{Connection, DbError};
use pms_pki::certificate::SignatureCheck;
use pms_pki::rules::UploadRules;
use pms_pki::trust::TrustStore;
use pms_pki::{Certificate, reading};

use super::{Keys, OwnKey, ROOT, generations};
use crate::errors::OrDbError as _;

/// Longest chain: ROOT signs masters, masters sign base keys and partners, and
/// a key may have been certified by a partner's key.
const MAX_LENGTH: usize = 6;

/// A certificate with its issuers as far as they are keys of ours.
pub(crate) fn chain_of(
    conn: &mut Connection,
    certificate: Certificate,
) -> Result<Vec<Certificate>, DbError> {
    let mut ours = Vec::new();
    for pem in rows::master_certificates(conn)? {
        ours.push(reading::read_certificate(&pem).or_failure()?);
    }
    let mut chain = vec![certificate];
    while let Some(issuer) = issuer_of_last(&chain, &ours) {
        chain.push(issuer.clone());
    }
    Ok(chain)
}

/// Adds to a chain the issuers that are not ours, as far as a domain trusts them.
/// Whether the chain ends with a root then.
pub(crate) fn complete(
    chain: &mut Vec<Certificate>,
    trust: &TrustStore,
    rules: &UploadRules,
    now: DateTime<Utc>,
) -> bool {
    let Some(last) = chain.last().filter(|last| !last.is_self_signed()) else {
        return true;
    };
    let Ok(path) = trust.path(last, now, rules) else {
        return false;
    };
    let issuers = path.issuers().iter();
    chain.extend(issuers.map(|issuer| issuer.certificate().clone()));
    true
}

/// The issuers of a master key, each signed by the next: as a rule the ROOT that
/// signed it, also after ROOT was replaced.
///
/// Another authority may have certified the key. Its certificates are taken from `trust`,
/// the store of one domain: who gets the chain trusts them in that domain, which is for
/// an administrator to decide. Without them the chain ends early.
///
/// # Errors
/// When the keys can't be read.
pub(crate) fn issuers_of_master(
    keys: &Keys,
    conn: &mut Connection,
    master: &OwnKey,
    (trust, rules): (&TrustStore, &UploadRules),
    now: DateTime<Utc>,
) -> Result<Vec<Certificate>, DbError> {
    let certificate = &master.certificate;
    let roots = generations(keys, conn, ROOT)?;
    let mut roots = roots.iter().map(|root| &root.certificate);
    if let Some(root) = roots.find(|root| root.is_self_signed() && issued(certificate, root)) {
        return Ok(vec![root.clone()]);
    }
    let mut chain = chain_of(conn, certificate.clone())?;
    complete(&mut chain, trust, rules, now);
    Ok(chain.split_off(1))
}

fn issuer_of_last<'a>(chain: &[Certificate], ours: &'a [Certificate]) -> Option<&'a Certificate> {
    let last = chain.last().filter(|last| !last.is_self_signed())?;
    if chain.len() >= MAX_LENGTH {
        return None;
    }
    ours.iter()
        .find(|one| !chain.contains(one) && issued(last, one))
}

/// Whether `issuer` bears the name and has the key of who issued a certificate.
fn issued(certificate: &Certificate, issuer: &Certificate) -> bool {
    certificate.names_as_issuer(issuer)
        && certificate.check_signature(issuer.public_key()) == SignatureCheck::Valid
}
