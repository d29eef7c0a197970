//! `GET /partners/{partnerId}/credentialtype/{credentialType}/policies`
//!
//! The policy of a credential type of a partner (contract partner.md §4.11).

use actix_web::web;
use pms_database::policies::{self, PolicyFacts};
use pms_database::{credential_types, partners};
use pms_domain::partner::errors;
use pms_domain::policy::document;
use pms_web::wire::LocalDateTime;
use pms_web::{ApiResult, Caller};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::Context;

/// A policy and what it is used for.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CredentialTypePolicy {
    /// Partner id.
    pub partner_id: String,
    /// The credential type.
    pub credential_type: String,
    /// Policy id.
    pub policy_id: String,
    /// Policy name.
    pub policy_name: String,
    /// Description.
    pub policy_desc: String,
    /// `Auth`, `DataShare`, …
    pub policy_type: String,
    /// Start of validity, UTC.
    pub publish_date: LocalDateTime,
    /// End of validity, UTC.
    pub valid_till: LocalDateTime,
    /// `PUBLISHED` or `DRAFTED`.
    pub status: &'static str,
    /// Version of the document.
    pub version: String,
    /// Schema that it was published under.
    pub schema: Option<String>,
    /// Whether the policy is active.
    #[serde(rename = "is_Active")]
    pub is_active: bool,
    /// Author of the row.
    #[serde(rename = "cr_by")]
    pub created_by: String,
    /// When.
    #[serde(rename = "cr_dtimes")]
    pub created_at: LocalDateTime,
    /// Author of the last change.
    #[serde(rename = "up_by")]
    pub updated_by: Option<String>,
    /// When.
    #[serde(rename = "upd_dtimes")]
    pub updated_at: Option<LocalDateTime>,
    /// The document, as it is stored.
    #[schema(value_type = Object)]
    pub policies: Box<RawValue>,
}

/// Reads the policy of a credential type.
///
/// # Errors
/// No mapping, another user's, policy gone, document unreadable.
pub async fn handle(
    caller: Caller,
    path: web::Path<(String, String)>,
    context: web::Data<Context>,
) -> ApiResult<CredentialTypePolicy> {
    let (partner_id, credential_type) = path.into_inner();
    let found = context.db.read(move |conn| {
        let policy_id = credential_types::find_policy(conn, &partner_id, &credential_type)?
            .ok_or(errors::NOTHING_FOUND)?;
        let partner = partners::find(conn, &partner_id)?.ok_or(errors::NOTHING_FOUND)?;
        caller.require_reader(&partner.user_id, &partner.id)?;
        let found = policies::find_with_group(conn, &policy_id)?.ok_or(errors::POLICY_UNKNOWN)?;
        Ok((partner_id, credential_type, found.policy))
    });
    let (partner_id, credential_type, policy) = found.await?;
    answer(partner_id, credential_type, policy)
}

fn answer(
    partner_id: String,
    credential_type: String,
    policy: PolicyFacts,
) -> ApiResult<CredentialTypePolicy> {
    let policies = document::to_json(&policy.policy_file_id)
        .map_err(|_fault| errors::CREDENTIAL_POLICY_NOT_JSON)?;
    Ok(CredentialTypePolicy {
        partner_id,
        credential_type,
        policy_id: policy.id,
        policy_name: policy.name,
        policy_desc: policy.descr,
        policy_type: policy.policy_type,
        publish_date: policy.valid_from_date.into(),
        valid_till: policy.valid_to_date.into(),
        status: if policy.is_active {
            "PUBLISHED"
        } else {
            "DRAFTED"
        },
        version: policy.version,
        schema: policy.policy_schema,
        is_active: policy.is_active,
        created_by: policy.cr_by,
        created_at: policy.cr_dtimes.into(),
        updated_by: policy.upd_by,
        updated_at: policy.upd_dtimes.map(LocalDateTime),
        policies,
    })
}
