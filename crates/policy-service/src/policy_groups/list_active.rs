//! `GET /policies/policy-groups`
//!
//! The active policy groups (contract policy.md §6.8).

use actix_web::web;
use pms_database::policy_groups;
use pms_domain::policy::errors::NO_ACTIVE_GROUPS;
use pms_web::{ApiResult, Caller};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;

/// A policy group to choose.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ActiveGroup {
    id: String,
    description: String,
    name: String,
}

/// The active policy groups, oldest first.
pub(crate) async fn handle(_: Caller, context: web::Data<Context>) -> ApiResult<Vec<ActiveGroup>> {
    let limit = context.unpaged.rows_to_ask();
    let groups = context
        .db
        .read(move |conn| Ok(policy_groups::list_active(conn, limit)?))
        .await?;
    if groups.is_empty() {
        return Err(NO_ACTIVE_GROUPS.into());
    }
    let row = |group: policy_groups::PolicyGroup| ActiveGroup {
        id: group.id,
        description: group.descr,
        name: group.name,
    };
    context.unpaged.check(groups.len())?;
    Ok(groups.into_iter().map(row).collect())
}
