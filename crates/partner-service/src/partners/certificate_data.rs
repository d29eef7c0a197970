//! `GET /partners/{partnerId}/certificate-data`
//!
//! The certificate that a partner uploaded and the one made of it
//! (contract partner.md §4.16).

use actix_web::web;
use pms_database::partners;
use pms_database::{Connection, DbError};
use pms_domain::partner::errors;
use pms_domain::partner::lifecycle::APPROVED;
use pms_web::{ApiError, ApiResult, Caller};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Context, certificates, visibility};

/// Both certificates; an expired one is an empty text.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CertificateData {
    /// PEM of the uploaded certificate.
    pub ca_signed_certificate_data: String,
    /// Whether it has expired.
    pub is_ca_signed_certificate_expired: bool,
    /// PEM of the MOSIP-signed certificate.
    pub mosip_signed_certificate_data: String,
    /// Whether it has expired.
    pub is_mosip_signed_certificate_expired: bool,
}

/// Reads both certificates of a partner.
///
/// # Errors
/// The rules of contract partner.md §4.16 in its order, the key manager's own error.
pub async fn handle(
    caller: Caller,
    id: web::Path<String>,
    context: web::Data<Context>,
) -> ApiResult<CertificateData> {
    if !context.signed_certificates {
        let unavailable = errors::SIGNED_CERTIFICATE_UNAVAILABLE;
        return Err(ApiError::RejectedEarly(unavailable.into()));
    }
    let (id, most) = (id.into_inner(), context.unpaged.rows_to_ask());
    let alias = context
        .db
        .read(move |conn| alias_of(conn, &caller, &id, most));
    let alias = alias.await?;
    let pair = context
        .key_manager
        .partner_signed_certificate(&alias)
        .await?;
    let (mosip, mosip_expired) = unless_expired(&context, pair.mosip_signed_certificate_data)?;
    let (ca, ca_expired) = unless_expired(&context, pair.ca_signed_certificate_data)?;
    Ok(CertificateData {
        ca_signed_certificate_data: ca,
        is_ca_signed_certificate_expired: ca_expired,
        mosip_signed_certificate_data: mosip,
        is_mosip_signed_certificate_expired: mosip_expired,
    })
}

fn alias_of(
    conn: &mut Connection,
    caller: &Caller,
    id: &str,
    most: i64,
) -> Result<String, DbError> {
    let own = visibility::own_partners(conn, caller, most)?;
    if !caller.is_partner_admin() && own.iter().all(|partner| partner.id != id) {
        return Err(errors::CERTIFICATE_OF_OTHERS.into());
    }
    let partner = partners::find(conn, id)?.ok_or(errors::PARTNER_UNKNOWN)?;
    let alias = partner.certificate_alias.filter(|alias| !alias.is_empty());
    let alias = alias.ok_or(errors::NO_CERTIFICATE)?;
    if partner.approval_status == APPROVED && !partner.is_active {
        return Err(errors::CERTIFICATE_OF_DEACTIVATED.into());
    }
    Ok(alias)
}

/// The certificate, or nothing of an expired one; and whether it has expired.
fn unless_expired(context: &Context, pem: String) -> ApiResult<(String, bool)> {
    let ends = certificates::validity(&pem)?.not_after.naive_utc();
    Ok(if ends < context.now() {
        (String::new(), true)
    } else {
        (pem, false)
    })
}
