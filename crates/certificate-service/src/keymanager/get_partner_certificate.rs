//! `GET /getPartnerCertificate/{partnerCertId}`
//!
//! The certificate that was issued to a partner (contract keymanager.md §8.3).

use actix_web::web::{Data, Path};
use pms_database::certificates::{PartnerCertificate, find_partner_certificate};
use pms_database::{Connection, DbError};
use pms_pki::errors;
use pms_web::wire::LocalDateTime;
use pms_web::{ApiResult, Caller};
use serde::Serialize;
use utoipa::ToSchema;

use crate::errors::refused;
use crate::vault::Vault;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IssuedCertificate {
    /// PEM of the certificate that was issued to the partner.
    certificate_data: String,
    timestamp: LocalDateTime,
}

pub(crate) async fn handle(
    _caller: Caller,
    id: Path<String>,
    vault: Data<Vault>,
) -> ApiResult<IssuedCertificate> {
    let id = id.into_inner();
    let row = vault.db.read(move |conn| find(conn, &id)).await?;
    Ok(IssuedCertificate {
        certificate_data: row.signed_cert_data,
        timestamp: vault.clock.now_naive().into(),
    })
}

/// The partner certificate in this row.
///
/// # Errors
/// `KER-PCM-010` for a blank id, `KER-PCM-012` for an unknown one.
pub(super) fn find(conn: &mut Connection, id: &str) -> Result<PartnerCertificate, DbError> {
    if id.trim().is_empty() {
        return Err(refused(errors::INVALID_CERTIFICATE_ID));
    }
    let known = if id.contains('\0') {
        None
    } else {
        find_partner_certificate(conn, id)?
    };
    known.ok_or_else(|| refused(errors::PARTNER_CERTIFICATE_UNKNOWN))
}
