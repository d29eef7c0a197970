//! Certificates of authorities that partners are trusted by
//! (contract partner-admin.md §1.14 and §1.15): one file per operation.

pub(crate) mod download;
pub(crate) mod list;

use pms_domain::certificate::errors::{
    TRUST_CERTIFICATE_NOT_DOWNLOADED, TRUST_CERTIFICATES_NOT_FETCHED, TRUST_CERTIFICATES_OFF,
};
use pms_web::Access::Role;
use pms_web::{ApiError, ApiResult, Route, Rows, v2};

use crate::Context;

/// Rows of the route table.
#[rustfmt::skip]
pub(crate) fn routes(rows: &Rows) -> Vec<Route> {
    vec![
        rows.get("/trust-chain-certificates", Role("gettrustcertificates"), v2("mosip.pms.trust.certificates.get", TRUST_CERTIFICATES_NOT_FETCHED), list::handle).summary("List the certificates of authorities in pages"),
        rows.get("/trust-chain-certificates/{certificateId}/certificateFile", Role("getdownloadtrustcertificates"), v2("mosip.pms.download.trust.certificates.get", TRUST_CERTIFICATE_NOT_DOWNLOADED), download::handle).summary("Download a certificate of an authority with its issuers"),
    ]
}

/// Refuses unless the operator lets trust chain certificates be seen.
///
/// # Errors
/// `PMS_FEATURE_001`.
fn require_feature(context: &Context) -> ApiResult<()> {
    if context.rules.trust_certificates {
        Ok(())
    } else {
        Err(ApiError::RejectedEarly(TRUST_CERTIFICATES_OFF.into()))
    }
}
