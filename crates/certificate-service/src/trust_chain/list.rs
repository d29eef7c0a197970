//! `GET /trust-chain-certificates`
//!
//! Lists the certificates of authorities in pages (contract partner-admin.md §1.14).

use actix_web::web::Data;
use pms_database::search::ListPage;
use pms_database::search::lists::PeerList;
use pms_domain::event::Instant;
use pms_integrations::key_manager::{CaCertificate, CaQuery, WrittenTime};
use pms_web::list::{Page, PeerListRequest};
use pms_web::wire::LocalDateTime;
use pms_web::{ApiError, ApiResult, Caller, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::require_feature;
use crate::Context;
use crate::expiry_period::ExpiryPeriod;

/// The list, whose rows the key manager has.
pub(crate) struct TrustCertificateList;

impl PeerList for TrustCertificateList {
    const SORTS: &'static [(&'static str, &'static str)] = &[
        ("caCertificateType", "caCertificateType"),
        ("certificateId", "certId"),
        ("partnerDomain", "partnerDomain"),
        ("issuedTo", "certSubject"),
        ("issuedBy", "certIssuer"),
        ("validFrom", "certNotBefore"),
        ("validTill", "certNotAfter"),
        ("uploadedDateTime", "createdtimes"),
    ];
    const PAGE_SIZE: i64 = 8;
}

/// Filters; texts contain, ignoring case.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub(crate) struct TrustCertificateFilter {
    /// `ROOT` or `INTERMEDIATE`.
    ca_certificate_type: Option<String>,
    certificate_id: Option<String>,
    /// `AUTH`, `DEVICE`, `FTM` or `MISP`.
    partner_domain: Option<String>,
    issued_to: Option<String>,
    issued_by: Option<String>,
}

/// A certificate of an authority.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TrustCertificate {
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

/// Lists certificates of authorities but the installation's own. The key manager
/// counts the pages.
pub(crate) async fn handle(
    _caller: Caller,
    request: PeerListRequest<TrustCertificateList>,
    Query(filter): Query<TrustCertificateFilter>,
    period: ExpiryPeriod,
    context: Data<Context>,
) -> ApiResult<Page<TrustCertificate>> {
    let expires = period.end(context.now());
    require_feature(&context)?;
    let page = request.page()?;
    let query = CaQuery {
        ca_certificate_type: filter.ca_certificate_type,
        partner_domain: filter.partner_domain,
        exclude_mosip_ca: true,
        cert_id: filter.certificate_id,
        issued_to: filter.issued_to,
        issued_by: filter.issued_by,
        expiring_within_date: expires.map(|at| Instant(at).to_string()),
        sort_by_field_name: page.sort.map(str::to_owned),
        sort_order: request.into_direction(),
        page_number: page.page_no.saturating_add(1),
        page_size: page.page_size,
        ..CaQuery::default()
    };
    let found = context.key_manager.ca_certificates(&query).await?;
    let certificates = found.all_partner_certificates.unwrap_or_default();
    let data = certificates.into_iter().map(TrustCertificate::read);
    Ok(Page(ListPage {
        page_no: found.page_number.saturating_sub(1),
        page_size: found.page_size,
        total_results: found.total_records,
        data: data.collect::<ApiResult<_>>()?,
    }))
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

fn local(written: Option<WrittenTime>) -> ApiResult<Option<LocalDateTime>> {
    let read = |written: WrittenTime| {
        let at = written.read().ok_or_else(|| {
            ApiError::Unexpected(format!("the key manager's {written:?} can't be read"))
        })?;
        Ok(at.into())
    };
    written.map(read).transpose()
}
