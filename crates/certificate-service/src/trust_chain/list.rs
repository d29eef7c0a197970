//! GET /v1/partnermanager/trust-chain-certificates
//! (contract partner-admin.md §1.14)

use actix_web::web::Data;
use chrono::NaiveDateTime;
use pms_domain::event::Instant;
use pms_integrations::key_manager::{CaCertificate, CaPage, CaQuery};
use pms_web::wire::LocalDateTime;
use pms_web::{ApiError, ApiResult, Caller, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::page::{page, sort_field};
use super::require_feature;
use crate::Context;
use crate::expiry::end_of_period;

/// Order, page and filters; texts contain, ignoring case.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub(crate) struct TrustCertificatesQuery {
    /// `caCertificateType`, `certificateId`, `partnerDomain`, `issuedTo`,
    /// `issuedBy`, `validFrom`, `validTill` or `uploadedDateTime`.
    sort_field_name: Option<String>,
    /// `asc` or `desc`.
    sort_type: Option<String>,
    /// Index of the page, from 0.
    page_no: Option<i32>,
    /// Rows of a page; 8 unless given.
    page_size: Option<i32>,
    /// `ROOT` or `INTERMEDIATE`.
    ca_certificate_type: Option<String>,
    certificate_id: Option<String>,
    /// `AUTH`, `DEVICE`, `FTM` or `MISP`.
    partner_domain: Option<String>,
    issued_to: Option<String>,
    issued_by: Option<String>,
    /// Only certificates that end within so many days: 1 to 30.
    expiry_period: Option<i32>,
}

/// A certificate of an authority.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TrustCertificate {
    /// `ROOT` or `INTERMEDIATE`.
    ca_certificate_type: Option<String>,
    cert_id: Option<String>,
    partner_domain: Option<String>,
    issued_to: Option<String>,
    issued_by: Option<String>,
    cert_thumbprint: Option<String>,
    valid_from_date: Option<LocalDateTime>,
    valid_till_date: Option<LocalDateTime>,
    upload_time: Option<LocalDateTime>,
    /// Whether it is valid now.
    status: bool,
}

/// A page of the list, as the key manager counts it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TrustCertificates {
    page_no: i64,
    page_size: i64,
    total_results: i64,
    data: Vec<TrustCertificate>,
}

/// Lists certificates of authorities but the installation's own.
pub(crate) async fn handle(
    _caller: Caller,
    Query(query): Query<TrustCertificatesQuery>,
    context: Data<Context>,
) -> ApiResult<TrustCertificates> {
    let expires = end_of_period(query.expiry_period, context.now())?;
    require_feature(&context)?;
    let asked = query.for_key_manager(expires)?;
    TrustCertificates::read(context.key_manager.ca_certificates(&asked).await?)
}

impl TrustCertificatesQuery {
    fn for_key_manager(self, expires: Option<NaiveDateTime>) -> ApiResult<CaQuery> {
        let (field, kind) = (self.sort_field_name.as_deref(), self.sort_type.as_deref());
        let field = sort_field(field, kind)?;
        let (no, size) = page(self.page_no.map(i64::from), self.page_size.map(i64::from))?;
        Ok(CaQuery {
            ca_certificate_type: self.ca_certificate_type,
            partner_domain: self.partner_domain,
            exclude_mosip_ca: true,
            cert_id: self.certificate_id,
            issued_to: self.issued_to,
            issued_by: self.issued_by,
            expiring_within_date: expires.map(|at| Instant(at).to_string()),
            sort_by_field_name: field.map(str::to_owned),
            sort_order: self.sort_type,
            page_number: no.saturating_add(1),
            page_size: size,
            ..CaQuery::default()
        })
    }
}

impl TrustCertificates {
    fn read(page: CaPage) -> ApiResult<Self> {
        let certificates = page.all_partner_certificates.unwrap_or_default();
        let data = certificates.into_iter().map(TrustCertificate::read);
        Ok(Self {
            page_no: page.page_number.saturating_sub(1),
            page_size: page.page_size,
            total_results: page.total_records,
            data: data.collect::<ApiResult<_>>()?,
        })
    }
}

impl TrustCertificate {
    fn read(certificate: CaCertificate) -> ApiResult<Self> {
        Ok(Self {
            ca_certificate_type: certificate.ca_certificate_type,
            cert_id: certificate.cert_id,
            partner_domain: certificate.partner_domain,
            issued_to: certificate.issued_to,
            issued_by: certificate.issued_by,
            cert_thumbprint: certificate.cert_thumbprint,
            valid_from_date: local(certificate.valid_from_date)?,
            valid_till_date: local(certificate.valid_till_date)?,
            upload_time: local(certificate.upload_time)?,
            status: certificate.status,
        })
    }
}

/// The key manager's dates end in `Z`, or not.
fn local(text: Option<String>) -> ApiResult<Option<LocalDateTime>> {
    let Some(text) = text else { return Ok(None) };
    let at = NaiveDateTime::parse_from_str(text.trim_end_matches('Z'), "%Y-%m-%dT%H:%M:%S%.f");
    match at {
        Ok(at) => Ok(Some(at.into())),
        Err(error) => Err(ApiError::Unexpected(format!(
            "the key manager's date {text:?} can't be read: {error}"
        ))),
    }
}
