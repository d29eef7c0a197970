//! `GET /roles`
//!
//! The roles that the portal offers at sign-up
//! (contract partner-admin.md §3).

use actix_web::web;
use pms_web::{ApiResult, Caller};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;

/// Role names.
#[derive(Debug, Serialize, ToSchema)]
pub struct Roles {
    /// In the portal's order.
    pub roles: Vec<String>,
}

/// Lists the roles.
///
/// # Errors
/// None.
pub async fn handle(_caller: Caller, context: web::Data<Context>) -> ApiResult<Roles> {
    Ok(Roles {
        roles: context.rules.portal_roles.clone(),
    })
}
