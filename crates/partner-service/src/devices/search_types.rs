//! `POST /devicedetail/deviceType/search`
//!
//! The sub-types that devices may have (contract devices.md §9.5).

use pms_database::search::searches::{DeviceSubType, DeviceSubTypes};
use pms_runtime::searches::{AuditPair, LegacySearch};
use pms_web::search::Search;
use pms_web::wire::LocalDateTime;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;

/// A sub-type that was found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "fields are the columns of contract devices.md §9.5"
)]
pub struct FoundSubType {
    pub code: String,
    pub device_type: String,
    pub name: String,
    /// The wire spells it so.
    pub desciption: Option<String>,
    pub active: bool,
    pub is_deleted: Option<bool>,
    pub cr_by: String,
    pub cr_dtimes: LocalDateTime,
    pub del_dtimes: Option<LocalDateTime>,
    pub upd_by: Option<String>,
    pub upd_dtimes: Option<LocalDateTime>,
}

/// The search of sub-types; they are the same for all callers.
pub struct SearchSubTypes;

impl LegacySearch for SearchSubTypes {
    type Context = Context;
    type Entity = DeviceSubTypes;
    type Request = Search;
    type Found = FoundSubType;
    const AUDITS: Option<AuditPair> = None;
}

impl From<DeviceSubType> for FoundSubType {
    fn from(kind: DeviceSubType) -> Self {
        Self {
            code: kind.code,
            device_type: kind.dtyp_code,
            name: kind.name,
            desciption: kind.descr,
            active: kind.is_active,
            is_deleted: kind.is_deleted,
            cr_by: kind.cr_by,
            cr_dtimes: kind.cr_dtimes.into(),
            del_dtimes: kind.del_dtimes.map(Into::into),
            upd_by: kind.upd_by,
            upd_dtimes: kind.upd_dtimes.map(Into::into),
        }
    }
}
