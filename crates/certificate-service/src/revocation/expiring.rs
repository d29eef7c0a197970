//! `GET /certificates/expiring`
//!
//! Lists certificates that end soon, in pages.

use actix_web::web::Data;
use chrono::{NaiveDateTime, TimeDelta};
use pms_database::search::List;
use pms_database::search::lists::{ExpiringCertificate, ExpiringCertificates};
use pms_domain::ErrorDef;
use pms_domain::certificate::errors::{KIND_INVALID, PERIOD_INVALID};
use pms_runtime::Visible;
use pms_web::list::{ListRequest, Page};
use pms_web::wire::ZuluDateTime;
use pms_web::{ApiResult, Caller, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::Context;
use crate::embedded::Embedded;

/// Days to look ahead unless the client says, and at most.
const PERIOD: i64 = 30;
const MAX_PERIOD: i64 = 365;

/// What no column says of itself.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExpiringQuery {
    /// Days within which the certificate ends: 1 to 365, 30 unless given.
    within_days: Option<i32>,
    /// `CA`: of an authority; `PARTNER`: as a partner uploaded it; `SIGNED`: as
    /// it was issued to a partner.
    r#type: Option<String>,
    /// `true`: also certificates that are not their partner's current ones.
    all: Option<bool>,
}

/// A certificate that ends soon.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExpiringItem {
    /// `CA`, `PARTNER` or `SIGNED`.
    r#type: Option<String>,
    certificate_id: Option<String>,
    /// None for authorities, and for certificates that are not current.
    partner_id: Option<String>,
    /// The partner's name now, or at the upload.
    partner_name: Option<String>,
    partner_type: Option<String>,
    partner_domain: Option<String>,
    issued_to: Option<String>,
    issued_by: Option<String>,
    thumbprint: Option<String>,
    serial_number: Option<String>,
    valid_from: Option<ZuluDateTime>,
    valid_till: Option<ZuluDateTime>,
    /// Whole days.
    days_left: Option<i64>,
    /// Whether what was issued to the partner is revoked.
    revoked: bool,
}

/// Certificates that end soon, in pages.
pub(crate) async fn handle(
    _caller: Caller,
    request: ListRequest<ExpiringCertificates>,
    Query(query): Query<ExpiringQuery>,
    context: Data<Context>,
    embedded: Data<Embedded>,
) -> ApiResult<Page<ExpiringItem>> {
    embedded.vault()?;
    let now = context.now();
    let visible = query.visible(now)?;
    let page = context.lists.rows(request, visible).await?;
    Ok(Page(page.map(|row| item(row, now))))
}

impl ExpiringQuery {
    fn visible(
        self,
        now: NaiveDateTime,
    ) -> Result<Visible<<ExpiringCertificates as List>::Source>, ErrorDef> {
        let days = self.within_days.map_or(PERIOD, i64::from);
        if !(1..=MAX_PERIOD).contains(&days) {
            return Err(PERIOD_INVALID);
        }
        let kind = self.r#type.map(|kind| kind.to_ascii_uppercase());
        if kind
            .as_deref()
            .is_some_and(|kind| !matches!(kind, "CA" | "PARTNER" | "SIGNED"))
        {
            return Err(KIND_INVALID);
        }
        let mut conditions = vec![ExpiringCertificates::ending(
            now,
            now + TimeDelta::days(days),
        )];
        conditions.extend(kind.map(ExpiringCertificates::of_kind));
        if !self.all.unwrap_or(false) {
            conditions.push(ExpiringCertificates::in_use());
        }
        Ok(Visible::only(move |_| Ok(conditions)))
    }
}

fn item(row: ExpiringCertificate, now: NaiveDateTime) -> ExpiringItem {
    ExpiringItem {
        r#type: row.kind,
        certificate_id: row.certificate_id,
        partner_id: row.partner_id,
        partner_name: row.partner_name.or(row.organization_name),
        partner_type: row.partner_type,
        partner_domain: row.partner_domain,
        issued_to: row.subject,
        issued_by: row.issuer,
        thumbprint: row.thumbprint,
        serial_number: row.serial_no,
        valid_from: row.valid_from.map(Into::into),
        valid_till: row.valid_till.map(Into::into),
        days_left: row.valid_till.map(|end| (end - now).num_days()),
        revoked: row.revoked == Some(true),
    }
}
