//! A licence as the operations on a single one answer it.

use pms_database::misp_licences::MispLicence;
use pms_web::wire::LocalDateTime;
use serde::Serialize;
use utoipa::ToSchema;

/// A licence: a bearer secret, so there is no `Debug`.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Licence {
    provider_id: String,
    license_key: String,
    #[schema(example = "Active")]
    license_key_status: &'static str,
    license_key_expiry: Option<LocalDateTime>,
}

impl Licence {
    /// A licence, in the word that the operation has for its status.
    pub(super) fn new(licence: MispLicence, status: &'static str) -> Self {
        Self {
            provider_id: licence.misp_id,
            license_key: licence.license_key,
            license_key_status: status,
            license_key_expiry: licence.valid_to_date.map(Into::into),
        }
    }

    /// A licence that can be used.
    pub(super) fn active(licence: MispLicence) -> Self {
        Self::new(licence, "Active")
    }
}
