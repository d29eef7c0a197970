//! The request that ends the use of something (contract devices.md §9.9 and §11.12).

use pms_domain::ErrorDef;
use pms_domain::device::errors::STATUS_NOT_DEACTIVATE;
use pms_web::{Checks, Request};
use serde::Deserialize;
use utoipa::ToSchema;

/// The wanted status.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Deactivation {
    /// `De-Activate`, exactly.
    pub status: Option<String>,
}

impl Request for Deactivation {
    fn check(&self, _: &mut Checks) {}
}

impl Deactivation {
    /// Lets pass what asks for the only status there is.
    ///
    /// # Errors
    /// `PMS_DEVICE_ERROR_026` for anything else.
    pub(crate) fn is_asked_for(&self) -> Result<(), ErrorDef> {
        match self.status.as_deref() {
            Some("De-Activate") => Ok(()),
            _ => Err(STATUS_NOT_DEACTIVATE),
        }
    }
}
