//! Keys that may vouch for the certificate of a partner (contract keymanager.md §8.2).
//!
//! A partner can't vouch for another organisation: neither with the certificate that it has from
//! us, nor, in the domain FTM, with the one that it uploaded and that its chips are trusted by. The
//! latter counts for certificates of its own organisation alone, which those of its chips are.

use std::collections::BTreeSet;

use pms_database::certificates::{list_brought_by_partners, list_issued_among};
use pms_database::{Connection, DbError};
use pms_pki::certificate::is_same_text;
use pms_pki::rules::check_partner;
use pms_pki::trust::{BarredIssuers, PartnerIssuers, TrustPath, TrustStore};
use pms_pki::{Certificate, errors};

use super::upload_partner_certificate::Upload;
use crate::errors::{OrDbError as _, refused};
use crate::keys;
use crate::vault::Vault;

/// A path that leads through a partner is searched again without it, so often at most.
const SEARCHES: usize = 8;

/// Judges the certificate of an upload.
///
/// # Errors
/// The first rule that it breaks; `KER-PCM-006` when only partners vouch for it, unless the operator
/// lets them.
pub(super) fn path(
    upload: &Upload,
    vault: &Vault,
    conn: &mut Connection,
    trust: &TrustStore,
) -> Result<TrustPath, DbError> {
    let (organization, rules) = (&upload.organization, &vault.rules);
    let judge = |barred: &BarredIssuers| {
        let issuers = PartnerIssuers::new(trust, barred);
        let judged = check_partner(
            &upload.certificate,
            organization,
            issuers,
            rules,
            upload.now,
        );
        judged.or_failure()
    };
    if vault.partner_authorities {
        return judge(&BarredIssuers::default());
    }
    if !list_issued_among(conn, &[hash(&upload.certificate)])?.is_empty() {
        return Err(refused(errors::ISSUERS_NOT_FOUND));
    }
    let mut barred = keys::issuing_keys(&vault.keys, conn, trust)?;
    for _ in 0..SEARCHES {
        let path = judge(&barred)?;
        let partners = partners(upload, conn, &path)?;
        if partners.is_empty() {
            return Ok(path);
        }
        let issuers = path.issuers().iter().map(|one| one.certificate());
        for issuer in issuers.filter(|one| partners.contains(&hash(one))) {
            barred.bar(issuer);
        }
    }
    Err(refused(errors::ISSUERS_NOT_FOUND))
}

/// Of the issuers in a path those, by SHA-256, that are partners who may not vouch for the upload:
/// whatever was issued to one, also by a key manager whose key is not here, and what one of another
/// organisation brought.
fn partners(
    upload: &Upload,
    conn: &mut Connection,
    path: &TrustPath,
) -> Result<BTreeSet<String>, DbError> {
    let hashes: Vec<String> = path
        .issuers()
        .iter()
        .map(|one| hash(one.certificate()))
        .collect();
    let issued = list_issued_among(conn, &hashes)?;
    let brought = list_brought_by_partners(conn, upload.domain.as_str(), &hashes)?;
    let own: BTreeSet<&String> = brought
        .iter()
        .filter(|(_, organization)| is_same_text(organization, &upload.organization))
        .map(|(hash, _)| hash)
        .collect();
    let of_others = brought.iter().map(|(hash, _)| hash);
    let of_others = of_others.filter(|hash| !own.contains(hash)).cloned();
    Ok(issued.into_iter().chain(of_others).collect())
}

fn hash(certificate: &Certificate) -> String {
    hex::encode(certificate.sha256())
}
