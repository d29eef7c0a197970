//! `GET /ftpchipdetail`
//!
//! The FTM chips of the caller's own providers (contract devices.md §10.9).

use actix_web::web;
use chrono::NaiveDateTime;
use pms_database::ftm_chips::{OwnChip, list_owned};
use pms_domain::device::status::{APPROVED, DEACTIVATED};
use pms_web::wire::LocalDateTime;
use pms_web::{ApiResult, Caller};
use serde::Serialize;
use utoipa::ToSchema;

use super::periods::{Shown, of_chips};
use crate::Context;

/// A chip of the caller's.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListedOwnChip {
    /// Id of the chip.
    pub ftm_id: String,
    /// Partner id of the provider.
    pub partner_id: String,
    /// `approved`, `deactivated`, or the provider's approval status as stored.
    pub partner_status: String,
    /// Make.
    pub make: Option<String>,
    /// Model.
    pub model: Option<String>,
    /// Approval status as stored: `approved` also for a deactivated chip.
    pub status: String,
    /// Whether the chip is active.
    pub is_active: bool,
    /// Whether a certificate was uploaded.
    pub is_certificate_available: bool,
    /// When the certificate that the key manager made begins.
    pub certificate_upload_date_time: Option<LocalDateTime>,
    /// When the certificate that the provider uploaded ends.
    pub certificate_expiry_date_time: Option<LocalDateTime>,
    /// Whether that has ended; null where it is not known.
    pub is_certificate_expired: Option<bool>,
    /// When the chip was added.
    pub created_date_time: LocalDateTime,
}

/// Lists the caller's chips, oldest first.
///
/// # Errors
/// Too many rows.
pub async fn handle(caller: Caller, context: web::Data<Context>) -> ApiResult<Vec<ListedOwnChip>> {
    let limit = context.unpaged.rows_to_ask();
    let own = context
        .db
        .read(move |conn| Ok(list_owned(conn, caller.user_id(), limit)?));
    let own = own.await?;
    context.unpaged.check(own.len())?;
    let certificates = of_chips(&context, &own).await;
    let now = context.now();
    let listed = own.into_iter().map(|chip| {
        let alias = chip.certificate_alias.as_deref();
        let shown = alias.and_then(|alias| certificates.get(alias)).copied();
        ListedOwnChip::of(chip, shown, now)
    });
    Ok(listed.collect())
}

impl ListedOwnChip {
    fn of(chip: OwnChip, certificate: Option<Shown>, now: NaiveDateTime) -> Self {
        let ends = certificate.and_then(|shown| shown.ends);
        let available = chip.certificate_alias.is_some();
        let partner_status = match chip.partner_status {
            status if status == APPROVED && !chip.partner_is_active => DEACTIVATED.to_owned(),
            status => status,
        };
        Self {
            ftm_id: chip.id,
            partner_id: chip.foundational_trust_provider_id,
            partner_status,
            make: chip.make,
            model: chip.model,
            status: chip.approval_status,
            is_active: chip.is_active,
            is_certificate_available: available,
            certificate_upload_date_time: certificate.map(|shown| shown.uploaded_at.into()),
            certificate_expiry_date_time: ends.map(Into::into),
            is_certificate_expired: if available {
                ends.map(|ends| ends < now)
            } else {
                Some(false)
            },
            created_date_time: chip.cr_dtimes.into(),
        }
    }
}
