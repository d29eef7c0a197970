//! `POST /uploadCACertificate`
//!
//! Adds certificates of authorities to a trust domain (contract keymanager.md §8.1).

use actix_web::web::Data;
use chrono::{DateTime, Utc};
use pms_database::certificates::{list_barred, lock_domain, lock_keys_shared};
use pms_database::{Connection, DbError, Stamp, ids};
use pms_pki::reading::{self, Bundle};
use pms_pki::rules::{Domain, UploadStatus, admit_authorities};
use pms_pki::trust::TrustStore;
use pms_pki::{Certificate, KeyManagerError, errors};
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
    let read = vault.compute.run(move || read(&data, pem_bundles));
    let bundle = read.await?.or_failure()?;
    let domain = request.partner_domain.unwrap_or_default();
    let domain = Domain::parse(&domain, &vault.rules).or_failure()?;
    let now = vault.clock.now();
    let within = vault.clone();
    let upload = move |conn: &mut Connection| store(&within, conn, bundle, &domain, now);
    let status = vault.db.transaction(upload).await?;
    Ok(Uploaded {
        status: status.as_str(),
        timestamp: now.naive_utc().into(),
    })
}

/// Reads the upload, and finds out which certificates are roots: the transaction
/// that judges them holds locks.
fn read(data: &str, pem_bundles: bool) -> Result<Bundle, KeyManagerError> {
    let bundle = reading::read_bundle(data, pem_bundles)?;
    for certificate in &bundle.certificates {
        // Remembered by the certificate.
        let _ = certificate.is_self_signed();
    }
    Ok(bundle)
}

fn store(
    vault: &Vault,
    conn: &mut Connection,
    bundle: Bundle,
    domain: &Domain,
    now: DateTime<Utc>,
) -> Result<UploadStatus, DbError> {
    let certificates = &bundle.certificates;
    let keys: Vec<_> = certificates.iter().map(key_of).collect();
    lock_keys_shared(conn, &keys.iter().cloned().collect())?;
    lock_domain(conn, domain.as_str())?;
    let mut trust = TrustStore::clone(&*vault.trust.of(conn, domain)?);
    let hashes: Vec<_> = certificates.iter().map(hash_of).collect();
    let (barred, compromised) =
        list_barred(conn, domain.as_str(), (hashes.as_slice(), keys.as_slice()))?;
    let mut leads_with_compromised = false;
    for certificate in certificates {
        let is_compromised = compromised.contains(&key_of(certificate));
        leads_with_compromised |= is_compromised && bundle.leading == Some(certificate.sha256());
        // What an operator has disabled, or was revoked, must stay so.
        let is_barred = is_compromised || barred.contains(&hash_of(certificate));
        if is_barred && !trust.contains(certificate) {
            trust.disable(certificate);
        }
    }
    let unreadable = bundle.unreadable;
    let judged = admit_authorities(bundle, &mut trust, &vault.rules, now, ids::uuid);
    let upload = judged.map_err(|refusal| {
        refused(if leads_with_compromised {
            errors::KEY_COMPROMISED
        } else {
            refusal
        })
    })?;
    let stamp = Stamp::new(rows::SYSTEM, now.naive_utc());
    let admitted: Vec<_> = upload
        .admitted
        .iter()
        .map(|one| (&*one.authority, one.issuer_id.as_str()))
        .collect();
    rows::store_authorities(conn, domain.as_str(), &admitted, &stamp)?;
    for (certificate, refusal) in &upload.refused {
        tracing::info!(thumbprint = certificate.thumbprint(), %refusal, "passed over");
    }
    if unreadable > 0 {
        tracing::info!(unreadable, "parts of an upload are no certificates");
    }
    Ok(upload.status)
}

fn key_of(certificate: &Certificate) -> String {
    hex::encode(certificate.public_key_sha256())
}

fn hash_of(certificate: &Certificate) -> String {
    hex::encode(certificate.sha256())
}
