//! `GET /ftpchipdetail/{ftmId}/certificate-data`
//!
//! The certificate that a provider uploaded for an FTM chip and the one made of it
//! (contract devices.md §10.8).

use actix_web::web;
use chrono::NaiveDateTime;
use pms_database::{Connection, DbError, ftm_chips};
use pms_domain::ftm_chip::{errors, lifecycle};
use pms_domain::partner::errors::SIGNED_CERTIFICATE_UNAVAILABLE;
use pms_web::wire::LocalDateTime;
use pms_web::{ApiError, ApiResult, Caller};
use serde::Serialize;
use utoipa::ToSchema;

use super::periods::{Period, period_of};
use crate::Context;
use crate::hardware::providers::OwnPartners;

/// Both certificates; the text of an expired one is empty.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChipCertificateData {
    /// PEM of the uploaded certificate.
    pub ca_signed_certificate_data: String,
    /// When its validity begins.
    pub ca_signed_cert_upload_date_time: LocalDateTime,
    /// When its validity ends.
    pub ca_signed_cert_expiry_date_time: LocalDateTime,
    /// Whether it has expired.
    pub is_ca_signed_certificate_expired: bool,
    /// PEM of the MOSIP-signed certificate.
    pub mosip_signed_certificate_data: String,
    /// When its validity begins.
    pub mosip_signed_cert_upload_date_time: LocalDateTime,
    /// When its validity ends.
    pub mosip_signed_cert_expiry_date_time: LocalDateTime,
    /// Whether it has expired.
    pub is_mosip_signed_certificate_expired: bool,
}

/// Reads both certificates of a chip.
///
/// # Errors
/// The rules of contract devices.md §10.8 in its order, the key manager's own error.
pub async fn handle(
    caller: Caller,
    id: web::Path<String>,
    context: web::Data<Context>,
) -> ApiResult<ChipCertificateData> {
    if !context.signed_certificates {
        let unavailable = SIGNED_CERTIFICATE_UNAVAILABLE;
        return Err(ApiError::RejectedEarly(unavailable.into()));
    }
    let id = id.into_inner();
    if !context.rules.chip_id.matches(&id) {
        return Err(ApiError::RejectedEarly(errors::CHIP_ID_INVALID.into()));
    }
    let alias = context.db.read(move |conn| alias_of(conn, &caller, &id));
    let pair = context
        .key_manager
        .partner_signed_certificate(&alias.await?)
        .await?;
    let now = context.now();
    let mosip = period_of(&pair.mosip_signed_certificate_data)?;
    let ca = period_of(&pair.ca_signed_certificate_data)?;
    let (mosip_pem, mosip_expired) =
        unless_expired(pair.mosip_signed_certificate_data, &mosip, now);
    let (ca_pem, ca_expired) = unless_expired(pair.ca_signed_certificate_data, &ca, now);
    Ok(ChipCertificateData {
        ca_signed_certificate_data: ca_pem,
        ca_signed_cert_upload_date_time: ca.begins.into(),
        ca_signed_cert_expiry_date_time: ca.ends.into(),
        is_ca_signed_certificate_expired: ca_expired,
        mosip_signed_certificate_data: mosip_pem,
        mosip_signed_cert_upload_date_time: mosip.begins.into(),
        mosip_signed_cert_expiry_date_time: mosip.ends.into(),
        is_mosip_signed_certificate_expired: mosip_expired,
    })
}

fn alias_of(conn: &mut Connection, caller: &Caller, id: &str) -> Result<String, DbError> {
    let own = OwnPartners::of(conn, caller)?;
    let chip = ftm_chips::find(conn, id)?.ok_or(errors::CHIP_UNKNOWN)?;
    let provider = Some(chip.foundational_trust_provider_id.as_str());
    own.may_end(caller, provider, errors::CHIP_NOT_OWN)?;
    lifecycle::download(chip.state(), chip.certificate().is_some())?;
    Ok(chip.certificate().unwrap_or_default().to_owned())
}

/// The certificate, or nothing of an expired one; and whether it has expired.
fn unless_expired(pem: String, period: &Period, now: NaiveDateTime) -> (String, bool) {
    if period.ends < now {
        (String::new(), true)
    } else {
        (pem, false)
    }
}
