//! `GET /policies/{policyId}`
//!
//! A policy and its group (contract policy.md §6.15).

use actix_web::web;
use pms_database::policies;
use pms_domain::policy::errors::POLICY_UNKNOWN;
use pms_web::{ApiResult, Caller};

use super::document;
use super::full::PolicyFull;
use crate::Context;

/// A policy in any state.
pub(crate) async fn handle(
    caller: Caller,
    path: web::Path<String>,
    context: web::Data<Context>,
) -> ApiResult<PolicyFull> {
    let id = path.into_inner();
    let found = context
        .db
        .read(move |conn| Ok(policies::find_with_group(conn, &id)?))
        .await?;
    match PolicyFull::of(found.ok_or(POLICY_UNKNOWN)?) {
        Ok(policy) => Ok(policy),
        Err(fault) => Err(document::refuse(&context, &caller, fault).await),
    }
}
