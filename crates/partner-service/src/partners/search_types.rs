//! `POST /partners/partnertype/search`
//!
//! The kinds of partners (contract partner.md §4.23).

use pms_database::partners::PartnerType;
use pms_database::search::searches::PartnerTypes;
use pms_domain::partner::audits;
use pms_runtime::searches::{AuditPair, LegacySearch};
use pms_web::search::Search;
use pms_web::wire::OffsetDateTime;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;

/// A partner type that was found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.1"
)]
pub struct FoundType {
    pub code: String,
    pub cr_by: String,
    pub cr_dtimes: OffsetDateTime,
    pub del_dtimes: Option<OffsetDateTime>,
    pub is_active: bool,
    pub is_deleted: bool,
    pub partner_description: String,
    pub upd_by: Option<String>,
    pub upd_dtimes: Option<OffsetDateTime>,
    pub is_policy_required: bool,
}

/// The search of partner types; they are the same for all callers.
pub struct SearchTypes;

impl LegacySearch for SearchTypes {
    type Context = Context;
    type Entity = PartnerTypes;
    type Request = Search;
    type Found = FoundType;
    const AUDITS: Option<AuditPair> = Some((&audits::SEARCH_TYPES, &audits::TYPES_SEARCHED));
}

impl From<PartnerType> for FoundType {
    fn from(kind: PartnerType) -> Self {
        Self {
            code: kind.code,
            cr_by: kind.cr_by,
            cr_dtimes: kind.cr_dtimes.into(),
            del_dtimes: kind.del_dtimes.map(Into::into),
            is_active: kind.is_active,
            is_deleted: kind.is_deleted.unwrap_or(false),
            partner_description: kind.partner_description,
            upd_by: kind.upd_by,
            upd_dtimes: kind.upd_dtimes.map(Into::into),
            is_policy_required: kind.is_policy_required,
        }
    }
}
