//! `GET /partners/partner-certificates-details`
//!
//! Lists the certificates of the caller's partners (contract partner.md §4.17).

use actix_web::web::Data;
use chrono::NaiveDateTime;
use pms_database::partners::{CertifiedPartner, list_owned_with_certificate};
use pms_domain::certificate::errors::NO_OWN_PARTNER;
use pms_domain::partner::lifecycle::APPROVED;
use pms_integrations::KeyManager;
use pms_pki::certificate::Attribute;
use pms_pki::{Certificate, reading};
use pms_runtime::Compute;
use pms_web::wire::OffsetDateTime;
use pms_web::{ApiResult, Caller};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;
use crate::expiry_period::ExpiryPeriod;

/// A partner and its certificate, whose members are null before there is one.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CertificateDetails {
    partner_id: String,
    /// Common name of the subject.
    certificate_issued_to: Option<String>,
    /// When its validity begins.
    certificate_upload_date_time: Option<OffsetDateTime>,
    certificate_expiry_date_time: Option<OffsetDateTime>,
    partner_type: String,
    is_certificate_available: bool,
    is_partner_active: bool,
}

/// Tells about the certificates of the caller's own partners.
pub(crate) async fn handle(
    caller: Caller,
    period: ExpiryPeriod,
    context: Data<Context>,
) -> ApiResult<Vec<CertificateDetails>> {
    let now = context.now();
    let until = period.end(now);
    let most = context.unpaged.rows_to_ask();
    let own = context
        .db
        .read(move |conn| Ok(list_owned_with_certificate(conn, caller.user_id(), most)?));
    let own = own.await?;
    if own.is_empty() {
        return Err(NO_OWN_PARTNER.into());
    }
    context.unpaged.check(own.len())?;
    let certificates = certificates((&context.key_manager, &context.compute), &own).await?;
    let details = own.into_iter().zip(certificates);
    let details = details.filter(|(_, certificate)| match (until, certificate) {
        (None, _) => true,
        (Some(until), Some(certificate)) => ends_within(certificate, now, until),
        (Some(_), None) => false,
    });
    Ok(details
        .map(|(partner, found)| about(partner, found.as_ref()))
        .collect())
}

/// The certificate of each partner. One that can't be read counts as none.
async fn certificates(
    (key_manager, compute): (&KeyManager, &Compute),
    partners: &[CertifiedPartner],
) -> ApiResult<Vec<Option<Certificate>>> {
    let ids: Vec<&str> = partners.iter().filter_map(alias).collect();
    let answers = key_manager.partner_certificates(&ids).await?;
    // Reading thousands of certificates takes a while.
    let read = move || -> Vec<Option<Certificate>> {
        let read = |pem: &str| reading::read_certificate(pem).ok();
        let pems = answers
            .iter()
            .map(|answer| answer.certificate_data.as_str());
        pems.map(read).collect()
    };
    let mut found = compute.run(read).await?.into_iter();
    let of_each = partners.iter().map(alias);
    Ok(of_each
        .map(|alias| alias.and_then(|_| found.next().flatten()))
        .collect())
}

fn alias(partner: &CertifiedPartner) -> Option<&str> {
    let alias = partner.certificate_alias.as_deref();
    alias.filter(|alias| !alias.trim().is_empty())
}

fn ends_within(certificate: &Certificate, now: NaiveDateTime, until: NaiveDateTime) -> bool {
    let end = certificate.validity().not_after.naive_utc();
    now <= end && end <= until
}

fn about(partner: CertifiedPartner, certificate: Option<&Certificate>) -> CertificateDetails {
    let validity = certificate.map(Certificate::validity);
    let issued_to = certificate.map(|certificate| {
        let name = certificate.subject().first(Attribute::CommonName);
        name.unwrap_or_default().to_owned()
    });
    let switched_off = partner.approval_status == APPROVED && !partner.is_active;
    CertificateDetails {
        partner_id: partner.id,
        certificate_issued_to: issued_to,
        certificate_upload_date_time: validity.map(|span| span.not_before.naive_utc().into()),
        certificate_expiry_date_time: validity.map(|span| span.not_after.naive_utc().into()),
        partner_type: partner.partner_type_code,
        is_certificate_available: certificate.is_some(),
        is_partner_active: !switched_off,
    }
}
