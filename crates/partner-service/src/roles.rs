//! `GET /roles`
//!
//! The roles that the portal offers at sign-up
//! (contract partner-admin.md §3).

use actix_web::web;
use pms_web::Access::AnyToken;
use pms_web::{ApiResult, Caller, Route, Rows, V1};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;

/// The rows of this module.
#[rustfmt::skip]
pub(crate) fn routes(rows: &Rows) -> Vec<Route> {
    vec![
        rows.get("/roles", AnyToken, V1, handle).summary("List the roles that the portal offers"),
    ]
}

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
