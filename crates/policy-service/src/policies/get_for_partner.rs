//! `GET /policies/{policyId}/partner/{partnerId}`
//!
//! A policy, for a partner with an active API key (contract policy.md §6.16).

use actix_web::web;
use pms_domain::policy::errors::NO_POLICY_FOR_PARTNER;
use pms_web::{ApiResult, Caller, Conditional, Tagged};

use super::document;
use super::full::PolicyFull;
use crate::Context;

/// A policy in any state, if the partner has an active API key for it.
///
/// Data share and the registration processor ask for every packet: one
/// statement, and the document goes out as it is stored. A client that names the
/// version it has costs no document while that holds, and a second statement
/// when it doesn't.
pub(crate) async fn handle(
    caller: Caller,
    path: web::Path<(String, String)>,
    conditional: Conditional,
    context: web::Data<Context>,
) -> ApiResult<Tagged<PolicyFull>> {
    let key = path.into_inner();
    if conditional.names_versions() {
        let version = context.versions_for_partners.find(key.clone()).await?;
        let version = version.ok_or(NO_POLICY_FOR_PARTNER)?.name();
        if conditional.has(&version) {
            return Ok(Conditional::unchanged(version));
        }
    }
    let found = context.policies_for_partners.find(key).await?;
    let (policy, version) = found.ok_or(NO_POLICY_FOR_PARTNER)?;
    match PolicyFull::of(policy) {
        Ok(policy) => Ok(conditional.answer(version.name(), policy)),
        Err(fault) => Err(document::refuse(&context, &caller, fault).await),
    }
}
