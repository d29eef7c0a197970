//! GET /v1/partnermanager/certificates/revoked

use actix_web::web::Data;
use pms_database::search::lists::{ListedRevocation, RevokedCertificates, RevokedFilter};
use pms_database::search::{ListPage, ListQuery, list};
use pms_web::query::optional_integer;
use pms_web::wire::ZuluDateTime;
use pms_web::{ApiResult, Caller, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::Context;
use crate::embedded::Embedded;

/// Order, page and filters; texts contain, ignoring case.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub(crate) struct RevokedQuery {
    /// `certificateId`, `partnerId`, `partnerDomain`, `issuedTo`, `reason`,
    /// `validTill` or `revokedDateTime`.
    sort_field_name: Option<String>,
    /// `asc` or `desc`; without both the latest revocations come first.
    sort_type: Option<String>,
    /// Index of the page, from 0.
    #[serde(deserialize_with = "optional_integer")]
    page_no: Option<i64>,
    /// Rows of a page; 8 unless given.
    #[serde(deserialize_with = "optional_integer")]
    page_size: Option<i64>,
    certificate_id: Option<String>,
    partner_id: Option<String>,
    partner_domain: Option<String>,
    issued_to: Option<String>,
    /// Exactly a name of RFC 5280.
    reason: Option<String>,
}

/// A revoked certificate.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RevokedItem {
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

/// A page of the list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RevokedPage {
    page_no: i64,
    page_size: i64,
    total_results: i64,
    data: Vec<RevokedItem>,
}

/// Revoked certificates in pages.
pub(crate) async fn handle(
    _caller: Caller,
    Query(query): Query<RevokedQuery>,
    context: Data<Context>,
    embedded: Data<Embedded>,
) -> ApiResult<RevokedPage> {
    embedded.vault()?;
    let wanted = ListQuery {
        sort_field_name: query.sort_field_name,
        sort_type: query.sort_type,
        page_no: query.page_no,
        page_size: query.page_size,
    };
    let filter = RevokedFilter {
        certificate_id: query.certificate_id,
        partner_id: query.partner_id,
        partner_domain: query.partner_domain,
        issued_to: query.issued_to,
        reason: query.reason,
    };
    let most = context.search.largest_page;
    let read = context
        .db
        .read(move |conn| list::<RevokedCertificates>(conn, &wanted, &filter.conditions(), most));
    let ListPage {
        page_no,
        page_size,
        total_results,
        data,
    } = read.await?.map(RevokedItem::from);
    Ok(RevokedPage {
        page_no,
        page_size,
        total_results,
        data,
    })
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
