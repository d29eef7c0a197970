//! A partner that hands in the certificate that it has from us.
//!
//! A second run of an onboarding does so: it asks its own key manager for the
//! certificate of its key, and that is ours since the first run. It gets the
//! same certificate again. Nothing is issued, or a partner could renew for ever
//! without the authority that vouches for it.

use pms_database::certificates::{find_partner_certificate, is_distrusted};
use pms_database::{Connection, DbError};
use pms_pki::certificate::is_same_text;
use pms_pki::trust::TrustStore;
use pms_pki::{Certificate, pack, reading};

use super::upload_partner_certificate::{SignedPartnerCertificate, Upload};
use crate::keys::{self, PMS};
use crate::revocation::issuing_keys::signer;
use crate::vault::Vault;

/// The answer to an upload of the certificate that the partner has, when that is
/// in force; `None` when another one is uploaded.
pub(super) fn find(
    upload: &Upload,
    vault: &Vault,
    conn: &mut Connection,
    trust: &TrustStore,
) -> Result<Option<SignedPartnerCertificate>, DbError> {
    let uploaded = &upload.certificate;
    let id = upload.certificate_id.as_deref().unwrap_or_default();
    if id.is_empty() || id.contains('\0') || !uploaded.validity().contains(upload.now) {
        return Ok(None);
    }
    let Some(row) = find_partner_certificate(conn, id)? else {
        return Ok(None);
    };
    let domain = upload.domain.as_str();
    let fits = row.partner_domain == domain
        && is_same_text(&row.organization_name, &upload.organization)
        && reading::read_certificate(&row.signed_cert_data).is_ok_and(|one| one == *uploaded);
    let (sha256, key) = (uploaded.sha256(), uploaded.public_key_sha256());
    if !fits || is_distrusted(conn, domain, &hex::encode(sha256), &hex::encode(key))? {
        return Ok(None);
    }
    let issuers = issuers(upload, vault, conn, trust)?;
    let chain: Vec<&Certificate> = std::iter::once(uploaded).chain(&issuers).collect();
    tracing::info!(
        thumbprint = uploaded.thumbprint(),
        "a partner keeps its certificate"
    );
    Ok(Some(SignedPartnerCertificate {
        signed_certificate_data: pack::signed_certificate_data(&chain),
        certificate_id: row.cert_id,
        timestamp: upload.now.naive_utc().into(),
    }))
}

/// The generation of our key that signed the certificate, and its issuers; those that
/// the domain knows when that key is not here.
fn issuers(
    upload: &Upload,
    vault: &Vault,
    conn: &mut Connection,
    trust: &TrustStore,
) -> Result<Vec<Certificate>, DbError> {
    let generations = keys::generations(&vault.keys, conn, PMS)?;
    if let Some(pms) = signer(&generations, &upload.certificate) {
        let known = (trust, &vault.rules);
        let above = keys::issuers_of_master(&vault.keys, conn, pms, known, upload.now)?;
        return Ok(std::iter::once(pms.certificate.clone())
            .chain(above)
            .collect());
    }
    let known = trust.known_issuers(&upload.certificate);
    Ok(known.iter().map(|one| one.certificate().clone()).collect())
}
