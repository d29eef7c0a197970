//! `GET /getCACertificateTrustPath/{caCertId}`
//!
//! A certificate of an authority with its issuers, for download (contract keymanager.md §8.7).

use std::sync::Arc;

use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use pms_database::certificates::find_ca;
use pms_database::{Connection, DbError};
use pms_pki::trust::Authority;
use pms_pki::{errors, pack, reading};
use pms_web::wire::LocalDateTime;
use pms_web::{ApiResult, Caller};
use serde::Serialize;
use utoipa::ToSchema;

use crate::errors::{OrDbError as _, refused};
use crate::vault::Vault;

#[derive(Serialize, ToSchema)]
pub(crate) struct Download {
    /// PKCS#7 in PEM armour: the certificate, its issuers, the root.
    #[serde(rename = "p7bFile")]
    p7b_file: String,
    timestamp: LocalDateTime,
}

pub(crate) async fn handle(
    _caller: Caller,
    id: Path<String>,
    vault: Data<Vault>,
) -> ApiResult<Download> {
    let (id, within, now) = (id.into_inner(), vault.clone(), vault.clock.now());
    let load = move |conn: &mut Connection| bundle(&within, conn, &id, now);
    let p7b_file = vault.db.read(load).await?;
    Ok(Download {
        p7b_file,
        timestamp: now.naive_utc().into(),
    })
}

fn bundle(
    vault: &Vault,
    conn: &mut Connection,
    id: &str,
    now: DateTime<Utc>,
) -> Result<String, DbError> {
    if id.trim().is_empty() {
        return Err(refused(errors::INVALID_CERTIFICATE_ID));
    }
    let row = if id.contains('\0') {
        None
    } else {
        find_ca(conn, id)?
    };
    let row = row.ok_or_else(|| refused(errors::CA_CERTIFICATE_UNKNOWN))?;
    let certificate = reading::read_certificate(&row.cert_data).or_failure()?;
    if certificate.is_self_signed() {
        return Ok(pack::p7b_file(&[&certificate]));
    }
    let trust = vault.trust.of_name(conn, &row.partner_domain)?;
    // A chain that is no longer trusted can still be downloaded.
    let issuers: Vec<Arc<Authority>> = match trust.path(&certificate, now, &vault.rules) {
        Ok(path) => path.issuers().to_vec(),
        Err(_) => trust.known_issuers(&certificate),
    };
    let issuers = issuers.iter().map(|issuer| issuer.certificate());
    Ok(pack::p7b_file(
        &std::iter::once(&certificate)
            .chain(issuers)
            .collect::<Vec<_>>(),
    ))
}
