//! `POST /getCaCertificates`
//!
//! Lists the certificates of authorities (contract keymanager.md §8.6).

use actix_web::web::Data;
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use pms_database::certificates::{CaCertificate, CaFilter, CaOrder, search_ca};
use pms_database::keys::master_thumbprints;
use pms_database::{Connection, DbError};
use pms_pki::rules::{Domain, UploadRules};
use pms_pki::{KeyManagerError, errors};
use pms_web::wire::ZuluDateTime;
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::fields;
use crate::errors::OrDbError as _;
use crate::keys::{PMS, ROOT};
use crate::vault::Vault;

/// Size of a page when none is asked for, and the largest.
const PAGE: i64 = 10;
const MAX_PAGE: i64 = 1000;

#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ListCaCertificates {
    ca_certificate_type: Option<String>,
    partner_domain: Option<String>,
    #[serde(rename = "excludeMosipCA")]
    exclude_mosip_ca: Option<bool>,
    cert_id: Option<String>,
    issued_to: Option<String>,
    issued_by: Option<String>,
    #[schema(value_type = String)]
    valid_from_date: Option<Value>,
    #[schema(value_type = String)]
    valid_till_date: Option<Value>,
    #[schema(value_type = String)]
    upload_time: Option<Value>,
    #[schema(value_type = String)]
    expiring_within_date: Option<Value>,
    sort_by_field_name: Option<String>,
    sort_order: Option<String>,
    page_number: Option<i64>,
    page_size: Option<i64>,
}

impl Request for ListCaCertificates {
    fn check(&self, checks: &mut Checks) {
        let texts = [
            ("certId", &self.cert_id),
            ("issuedTo", &self.issued_to),
            ("issuedBy", &self.issued_by),
        ];
        for (field, value) in texts {
            checks.length(field, value.as_deref(), (0, 2000));
        }
        let times = [
            ("validFromDate", &self.valid_from_date),
            ("validTillDate", &self.valid_till_date),
            ("uploadTime", &self.upload_time),
            ("expiringWithinDate", &self.expiring_within_date),
        ];
        for (field, value) in times {
            let fits = fields::instant(value.as_ref()).is_ok();
            checks.require(fits, field, "is not a point in time");
        }
        let order = self.order();
        checks.require(
            order.is_some(),
            "sortByFieldName",
            "is not a field to sort by",
        );
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CaCertificatePage {
    /// Counted from 1.
    page_number: i64,
    page_size: i64,
    total_records: i64,
    total_pages: i64,
    all_partner_certificates: Vec<Item>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Item {
    ca_certificate_type: Option<String>,
    partner_domain: String,
    cert_id: String,
    issued_to: String,
    issued_by: String,
    cert_thumbprint: String,
    valid_from_date: ZuluDateTime,
    valid_till_date: ZuluDateTime,
    upload_time: ZuluDateTime,
    /// Whether it is valid now.
    status: bool,
}

pub(crate) async fn handle(
    _caller: Caller,
    Body(request): Body<ListCaCertificates>,
    vault: Data<Vault>,
) -> ApiResult<CaCertificatePage> {
    let now = vault.clock.now();
    let mut filter = request.filter(&vault.rules, now).or_failure()?;
    let without_ours = request.exclude_mosip_ca == Some(true);
    let number = request
        .page_number
        .filter(|number| *number >= 1)
        .unwrap_or(1);
    let size = request
        .page_size
        .filter(|size| *size >= 1)
        .unwrap_or(PAGE)
        .min(MAX_PAGE);
    let order = (
        request.order().unwrap_or(CaOrder::Created),
        request.descending(),
    );
    let list = move |conn: &mut Connection| -> Result<_, DbError> {
        if without_ours {
            let ours = master_thumbprints(conn, &[ROOT, PMS])?;
            filter.without = ours.iter().map(|hash| hash.to_lowercase()).collect();
        }
        let offset = (number - 1).saturating_mul(size);
        Ok(search_ca(conn, &filter, order, (size, offset))?)
    };
    let (rows, total) = vault.db.read(list).await?;
    Ok(CaCertificatePage {
        page_number: number,
        page_size: size,
        total_records: total,
        total_pages: total.saturating_add(size - 1) / size,
        all_partner_certificates: rows
            .into_iter()
            .map(|row| item(row, now.naive_utc()))
            .collect(),
    })
}

impl ListCaCertificates {
    fn filter(&self, rules: &UploadRules, now: DateTime<Utc>) -> Result<CaFilter, KeyManagerError> {
        let given =
            |value: &Option<String>| value.clone().filter(|value| !fields::is_blank(Some(value)));
        let day = |value: &Option<Value>| -> Option<NaiveDate> {
            let at = fields::instant(value.as_ref()).ok().flatten();
            at.map(|at| at.date())
        };
        let domain = given(&self.partner_domain);
        let domain = domain
            .map(|domain| Domain::parse(&domain, rules))
            .transpose()?;
        let kind = given(&self.ca_certificate_type).map(|kind| kind.to_uppercase());
        if kind
            .as_deref()
            .is_some_and(|kind| !matches!(kind, "ROOT" | "INTERMEDIATE"))
        {
            return Err(errors::INVALID_CERTIFICATE_TYPE);
        }
        Ok(CaFilter {
            kind,
            domain: domain.map(|domain| domain.as_str().to_owned()),
            without: Vec::new(),
            cert_id: given(&self.cert_id),
            subject: given(&self.issued_to),
            issuer: given(&self.issued_by),
            begins_on: day(&self.valid_from_date),
            ends_on: day(&self.valid_till_date),
            ends_between: day(&self.expiring_within_date).map(|last| (now.date_naive(), last)),
            updated_on: day(&self.upload_time),
        })
    }

    fn descending(&self) -> bool {
        self.sort_order
            .as_deref()
            .is_some_and(|order| order.eq_ignore_ascii_case("DESC"))
    }

    fn order(&self) -> Option<CaOrder> {
        Some(
            match self
                .sort_by_field_name
                .as_deref()
                .unwrap_or_default()
                .trim()
            {
                "" | "createdtimes" => CaOrder::Created,
                "caCertificateType" => CaOrder::Kind,
                "certId" => CaOrder::Id,
                "partnerDomain" => CaOrder::Domain,
                "certSubject" => CaOrder::Subject,
                "certIssuer" => CaOrder::Issuer,
                "certNotBefore" => CaOrder::NotBefore,
                "certNotAfter" => CaOrder::NotAfter,
                "certThumbprint" => CaOrder::Thumbprint,
                "certSerialNo" => CaOrder::Serial,
                "issuerId" => CaOrder::IssuerId,
                "crlUri" => CaOrder::CrlUri,
                "certData" => CaOrder::Data,
                "updatedtimes" => CaOrder::Updated,
                _ => return None,
            },
        )
    }
}

fn item(row: CaCertificate, now: NaiveDateTime) -> Item {
    Item {
        ca_certificate_type: row.ca_cert_type,
        partner_domain: row.partner_domain,
        cert_id: row.cert_id,
        issued_to: row.cert_subject,
        issued_by: row.cert_issuer,
        cert_thumbprint: row.cert_thumbprint,
        valid_from_date: row.cert_not_before.into(),
        valid_till_date: row.cert_not_after.into(),
        upload_time: row.cr_dtimes.into(),
        status: row.cert_not_before <= now && now <= row.cert_not_after,
    }
}
