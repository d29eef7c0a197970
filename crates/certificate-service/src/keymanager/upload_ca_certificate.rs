//! POST /v1/keymanager/uploadCACertificate (contract keymanager.md §8.1)

use actix_web::web::Data;
use chrono::{DateTime, Utc};
use pms_database::certificates::{
    ca_id, is_compromised, is_distrusted, lock_domain, lock_key_shared,
};
use pms_database::{Connection, DbError, Stamp, ids};
use pms_pki::rules::{Domain, UploadStatus, admit_authorities};
use pms_pki::trust::TrustStore;
use pms_pki::{Certificate, errors, reading};
use pms_web::wire::LocalDateTime;
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{fields, rows};
use crate::errors::{OrDbError as _, refused};
use crate::vault::Vault;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
pub(crate) struct UploadCaCertificate {
    /// PEM, or base64url of a PKCS#7 bundle or of DER.
    certificate_data: Option<String>,
    partner_domain: Option<String>,
}

impl Request for UploadCaCertificate {
    fn check(&self, checks: &mut Checks) {
        fields::given(checks, "certificateData", self.certificate_data.as_deref());
        fields::given(checks, "partnerDomain", self.partner_domain.as_deref());
    }
}

/// How an upload went.
#[derive(Serialize, ToSchema)]
pub(crate) struct Uploaded {
    #[schema(example = "Upload Success.")]
    status: &'static str,
    timestamp: LocalDateTime,
}

pub(crate) async fn handle(
    _caller: Caller,
    Body(request): Body<UploadCaCertificate>,
    vault: Data<Vault>,
) -> ApiResult<Uploaded> {
    let data = request.certificate_data.unwrap_or_default();
    let pem_bundles = vault.rules.pem_bundles;
    let read = vault
        .compute
        .run(move || reading::read_authorities(&data, pem_bundles));
    let certificates = read.await?.or_failure()?;
    let domain = request.partner_domain.unwrap_or_default();
    let domain = Domain::parse(&domain, &vault.rules).or_failure()?;
    let now = vault.clock.now();
    let within = vault.clone();
    let upload = move |conn: &mut Connection| store(&within, conn, certificates, &domain, now);
    let status = vault.db.transaction(upload).await?;
    Ok(Uploaded {
        status: status.as_str(),
        timestamp: now.naive_utc().into(),
    })
}

fn store(
    vault: &Vault,
    conn: &mut Connection,
    certificates: Vec<Certificate>,
    domain: &Domain,
    now: DateTime<Utc>,
) -> Result<UploadStatus, DbError> {
    for certificate in &certificates {
        lock_key_shared(conn, &key_of(certificate))?;
    }
    lock_domain(conn, domain.as_str())?;
    let mut trust = TrustStore::clone(&*vault.trust.of(conn, domain)?);
    for certificate in &certificates {
        if certificates.len() == 1 && is_compromised(conn, &key_of(certificate))? {
            return Err(refused(errors::KEY_COMPROMISED));
        }
        if !trust.contains(certificate) && is_barred(conn, domain, certificate)? {
            trust.disable(certificate);
        }
    }
    let judged = admit_authorities(certificates, &mut trust, &vault.rules, now, ids::uuid);
    let upload = judged.or_failure()?;
    let stamp = Stamp::new(rows::SYSTEM, now.naive_utc());
    for admitted in &upload.admitted {
        let (authority, issuer) = (&admitted.authority, &admitted.issuer_id);
        rows::store_authority(conn, domain.as_str(), authority, issuer, &stamp)?;
    }
    for (certificate, refusal) in &upload.refused {
        tracing::info!(thumbprint = certificate.thumbprint(), %refusal, "passed over");
    }
    Ok(upload.status)
}

fn key_of(certificate: &Certificate) -> String {
    hex::encode(certificate.public_key_sha256())
}

/// Whether a certificate that is not trusted must stay so: an operator has
/// disabled it, or it was issued to a partner and revoked, or its key is
/// compromised.
fn is_barred(
    conn: &mut Connection,
    domain: &Domain,
    certificate: &Certificate,
) -> Result<bool, DbError> {
    let (domain, sha256) = (domain.as_str(), hex::encode(certificate.sha256()));
    Ok(ca_id(conn, domain, &sha256)?.is_some()
        || is_distrusted(conn, domain, &sha256, &key_of(certificate))?)
}
