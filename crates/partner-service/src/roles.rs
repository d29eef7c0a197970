//! `GET /roles`
//!
//! The roles that the portal offers at sign-up (partner administration
//! contract §3).

use pms_web::{ApiResult, Caller};
use serde::Serialize;
use utoipa::ToSchema;

const ROLES: [&str; 7] = [
    "AUTH_PARTNER",
    "DEVICE_PROVIDER",
    "CREDENTIAL_PARTNER",
    "FTM_PROVIDER",
    "MISP_PARTNER",
    "POLICYMANAGER",
    "PARTNER_ADMIN",
];

/// Role names.
#[derive(Debug, Serialize, ToSchema)]
pub struct Roles {
    /// In the portal's order.
    pub roles: [&'static str; 7],
}

/// Lists the roles.
///
/// # Errors
/// None.
pub async fn list(_caller: Caller) -> ApiResult<Roles> {
    Ok(Roles { roles: ROLES })
}
