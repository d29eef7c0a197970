//! `POST /getPartnerCertificates`
//!
//! The certificates that were issued to some partners. The reference has no such operation.

use std::collections::HashMap;

use actix_web::web::Data;
use pms_database::certificates::list_issued;
use pms_database::{Connection, DbError};
use pms_pki::errors;
use pms_web::wire::LocalDateTime;
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::errors::refused;
use crate::vault::Vault;

/// Most certificates of one request.
const MAX_IDS: usize = 1000;

#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct GetPartnerCertificates {
    partner_cert_ids: Option<Vec<String>>,
}

impl Request for GetPartnerCertificates {
    fn check(&self, checks: &mut Checks) {
        let (field, ids) = ("partnerCertIds", self.partner_cert_ids.as_ref());
        checks.require(ids.is_some(), field, "should not be null or empty");
        let few = ids.is_none_or(|ids| ids.len() <= MAX_IDS);
        checks.require(few, field, "holds more than 1000 ids");
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct IssuedCertificates {
    /// In the order of the request.
    certificates: Vec<Issued>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Issued {
    /// PEM of the certificate that was issued to the partner.
    certificate_data: String,
    timestamp: LocalDateTime,
}

/// What `getPartnerCertificate` answers for each id, or its first refusal.
pub(crate) async fn handle(
    _caller: Caller,
    Body(request): Body<GetPartnerCertificates>,
    vault: Data<Vault>,
) -> ApiResult<IssuedCertificates> {
    let ids = request.partner_cert_ids.unwrap_or_default();
    let now = vault.clock.now_naive();
    let load = move |conn: &mut Connection| -> Result<_, DbError> {
        if ids.iter().any(|id| id.trim().is_empty()) {
            return Err(refused(errors::INVALID_CERTIFICATE_ID));
        }
        if ids.iter().any(|id| id.contains('\0')) {
            return Err(refused(errors::PARTNER_CERTIFICATE_UNKNOWN));
        }
        let known: HashMap<String, String> = list_issued(conn, &ids)?.into_iter().collect();
        let found = ids.iter().map(|id| known.get(id).cloned());
        let found: Option<Vec<String>> = found.collect();
        found.ok_or_else(|| refused(errors::PARTNER_CERTIFICATE_UNKNOWN))
    };
    let certificates = vault.db.read(load).await?;
    let issued = |certificate_data| Issued {
        certificate_data,
        timestamp: now.into(),
    };
    Ok(IssuedCertificates {
        certificates: certificates.into_iter().map(issued).collect(),
    })
}
