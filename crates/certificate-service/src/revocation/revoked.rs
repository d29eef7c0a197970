//! `GET /certificates/revoked`
//!
//! Lists revoked certificates in pages.

use actix_web::web::Data;
use pms_database::search::lists::{ListedRevocation, RevokedCertificates};
use pms_runtime::Visible;
use pms_web::list::{ListRequest, Page};
use pms_web::wire::ZuluDateTime;
use pms_web::{ApiResult, Caller};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;
use crate::embedded::Embedded;

/// A revoked certificate.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RevokedItem {
    certificate_id: String,
    /// The partner whose current certificate it was.
    partner_id: Option<String>,
    organization_name: String,
    partner_domain: String,
    issued_to: Option<String>,
    thumbprint: Option<String>,
    serial_number: Option<String>,
    valid_till: ZuluDateTime,
    reason: String,
    revoked_by: String,
    revoked_date_time: ZuluDateTime,
    /// The name of the list that it is on; none when its issuer's key is not here.
    crl: Option<String>,
}

/// Revoked certificates in pages.
pub(crate) async fn handle(
    _caller: Caller,
    request: ListRequest<RevokedCertificates>,
    context: Data<Context>,
    embedded: Data<Embedded>,
) -> ApiResult<Page<RevokedItem>> {
    embedded.vault()?;
    context.lists.page(request, Visible::All).await
}

impl From<ListedRevocation> for RevokedItem {
    fn from(row: ListedRevocation) -> Self {
        Self {
            certificate_id: row.cert_id,
            partner_id: row.partner_id,
            organization_name: row.organization_name,
            partner_domain: row.partner_domain,
            issued_to: row.signed_subject,
            thumbprint: row.signed_thumbprint,
            serial_number: row.signed_serial_no,
            valid_till: row.cert_not_after.into(),
            reason: row.reason,
            revoked_by: row.revoked_by,
            revoked_date_time: row.revoked_dtimes.into(),
            crl: row.key_id.map(|key_id| format!("{key_id}.crl")),
        }
    }
}
