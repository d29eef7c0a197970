//! A licence as lists and searches show it.

use pms_database::misp_licences::MispLicence;
use pms_web::wire::LocalDateTime;
use serde::Serialize;
use utoipa::ToSchema;

/// A licence in any state: a bearer secret, so there is no `Debug`.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LicenceRow {
    misp_id: String,
    policy_id: Option<String>,
    license_key: String,
    valid_from_date: LocalDateTime,
    valid_to_date: Option<LocalDateTime>,
    is_active: bool,
    created_by: String,
    created_date_time: LocalDateTime,
    updated_by: Option<String>,
    updated_date_time: Option<LocalDateTime>,
    is_deleted: bool,
    deleted_date_time: Option<LocalDateTime>,
}

impl From<MispLicence> for LicenceRow {
    fn from(licence: MispLicence) -> Self {
        Self {
            misp_id: licence.misp_id,
            policy_id: licence.policy_id,
            license_key: licence.license_key,
            valid_from_date: licence.valid_from_date.into(),
            valid_to_date: licence.valid_to_date.map(Into::into),
            is_active: licence.is_active,
            created_by: licence.cr_by,
            created_date_time: licence.cr_dtimes.into(),
            updated_by: licence.upd_by,
            updated_date_time: licence.upd_dtimes.map(Into::into),
            is_deleted: licence.is_deleted.unwrap_or(false),
            deleted_date_time: licence.del_dtimes.map(Into::into),
        }
    }
}
