//! A policy with its group and its document: what most reads answer.

use pms_database::policies::{GroupFacts, PolicyFacts, PolicyWithGroup};
use pms_domain::policy::{DocumentFault, PolicyState};
use pms_web::wire::LocalDateTime;
use serde::Serialize;
use utoipa::ToSchema;

use super::document::Document;

/// A policy in full; the members of the group are null if it belongs to none.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PolicyFull {
    policy_group_id: Option<String>,
    #[serde(flatten)]
    group: GroupPart,
    policy_id: String,
    policy_name: String,
    policy_desc: String,
    policy_type: String,
    publish_date: LocalDateTime,
    valid_till: LocalDateTime,
    #[schema(inline)]
    status: &'static str,
    version: String,
    schema: Option<String>,
    #[serde(rename = "is_Active")]
    is_active: bool,
    #[serde(rename = "cr_by")]
    cr_by: String,
    #[serde(rename = "cr_dtimes")]
    cr_dtimes: LocalDateTime,
    #[serde(rename = "up_by")]
    up_by: Option<String>,
    #[serde(rename = "upd_dtimes")]
    upd_dtimes: Option<LocalDateTime>,
    policies: Document,
}
