//! `GET /getPartnerSignedCertificate/{partnerCertId}`
//!
//! A partner's certificate as uploaded and as issued (contract keymanager.md §8.4).

use actix_web::web::{Data, Path};
use pms_web::wire::LocalDateTime;
use pms_web::{ApiResult, Caller};
use serde::Serialize;
use utoipa::ToSchema;

use super::get_partner_certificate::find;
use crate::vault::Vault;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BothCertificates {
    /// PEM of the certificate as uploaded.
    ca_signed_certificate_data: String,
    /// PEM of the certificate that was issued to the partner.
    mosip_signed_certificate_data: String,
    timestamp: LocalDateTime,
}

pub(crate) async fn handle(
    _caller: Caller,
    id: Path<String>,
    vault: Data<Vault>,
) -> ApiResult<BothCertificates> {
    let id = id.into_inner();
    let row = vault.db.read(move |conn| find(conn, &id)).await?;
    Ok(BothCertificates {
        ca_signed_certificate_data: row.cert_data,
        mosip_signed_certificate_data: row.signed_cert_data,
        timestamp: vault.clock.now_naive().into(),
    })
}
