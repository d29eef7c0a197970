//! `GET /partners/{partnerId}/certificate`
//!
//! The certificate that the partner was given (contract partner.md §4.15). It is
//! public, so it belongs to no partner in particular.

use actix_web::web;
use pms_database::partners;
use pms_domain::partner::errors;
use pms_web::{ApiResult, Caller};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;

/// A certificate from the key manager.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PartnerCertificate {
    /// PEM.
    pub certificate_data: String,
    /// When the key manager answered: ISO local date-time, UTC.
    pub timestamp: Option<String>,
}

/// Reads a partner's certificate.
///
/// # Errors
/// Unknown partner, no certificate yet, the key manager's own error.
pub async fn handle(
    _caller: Caller,
    id: web::Path<String>,
    context: web::Data<Context>,
) -> ApiResult<PartnerCertificate> {
    let id = id.into_inner();
    let alias = context.db.read(move |conn| {
        let partner = partners::find(conn, &id)?.ok_or(errors::PARTNER_UNKNOWN)?;
        let alias = partner.certificate_alias.filter(|alias| !alias.is_empty());
        Ok(alias.ok_or(errors::NO_CERTIFICATE)?)
    });
    let certificate = context
        .key_manager
        .partner_certificate(&alias.await?)
        .await?;
    Ok(PartnerCertificate {
        certificate_data: certificate.certificate_data,
        timestamp: certificate.timestamp,
    })
}
