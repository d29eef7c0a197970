//! `GET /ftpchipdetail/getPartnerCertificate/{ftpChipDetailId}`
//!
//! The certificate that was made for an FTM chip, in any state of the chip
//! (contract devices.md §10.5).

use actix_web::web;
use pms_database::outbox::AuditTrail;
use pms_database::{Connection, DbError, ftm_chips};
use pms_domain::ftm_chip::audits::{self, about_chip, about_refused_chip};
use pms_domain::ftm_chip::errors;
use pms_web::{ApiResult, Caller};

use super::providers::refused;
use crate::Context;
use crate::hardware::providers::require_reader;
use crate::partners::get_certificate::PartnerCertificate;

/// Reads the certificate of a chip; nothing of an unknown chip.
///
/// # Errors
/// Another partner's chip, no certificate yet, the key manager's own error.
pub async fn handle(
    caller: Caller,
    id: web::Path<String>,
    context: web::Data<Context>,
) -> ApiResult<Option<PartnerCertificate>> {
    let (id, stamp) = (id.into_inner(), context.stamp(&caller));
    let chip_id = id.clone();
    let work = move |conn: &mut Connection, trail: &mut AuditTrail| {
        trail.note(audits::GET_CERTIFICATE, about_chip(&chip_id));
        let alias = alias_of(conn, &caller, &chip_id)
            .map_err(|error| refused(trail, about_refused_chip(&chip_id), error))?;
        if alias.is_none() {
            trail.note(audits::CERTIFICATE_FETCHED, about_chip(&chip_id));
        }
        Ok(alias)
    };
    let Some(alias) = context.db.noted(stamp.clone(), work).await? else {
        return Ok(None);
    };
    let certificate = context.key_manager.partner_certificate(&alias).await?;
    let fetched = |trail: &mut AuditTrail| {
        trail.note(audits::CERTIFICATE_FETCHED, about_chip(&id));
    };
    context.db.note(stamp, fetched).await;
    Ok(Some(PartnerCertificate {
        certificate_data: certificate.certificate_data,
        timestamp: certificate.timestamp,
    }))
}

/// The id of the chip's certificate; `None` for an unknown chip.
fn alias_of(conn: &mut Connection, caller: &Caller, id: &str) -> Result<Option<String>, DbError> {
    let Some(chip) = ftm_chips::find(conn, id)? else {
        return Ok(None);
    };
    let provider = chip.foundational_trust_provider_id.as_str();
    require_reader(conn, caller, Some(provider), errors::CHIP_NOT_OWN)?;
    let alias = chip.certificate().ok_or(errors::CERTIFICATE_MISSING)?;
    Ok(Some(alias.to_owned()))
}
