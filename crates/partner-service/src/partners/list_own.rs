//! `GET /partners/v3`
//!
//! The partners of the caller (contract partner.md §4.18).

use actix_web::web;
use pms_database::partners::{self, OwnedPartner};
use pms_domain::partner::errors;
use pms_domain::partner::lifecycle::APPROVED;
use pms_web::query::optional_flag;
use pms_web::{ApiResult, Caller, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::Context;

/// Which of the caller's partners are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct OwnPartnersQuery {
    /// Approval status, exactly.
    pub status: String,
    /// Whether they must have a policy group, or must have none.
    #[serde(default, deserialize_with = "optional_flag")]
    pub policy_group_available: Option<bool>,
    /// Code of a partner type, exactly.
    pub partner_type: Option<String>,
}

/// A partner of the caller; the group's members are told on request alone.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OwnPartner {
    /// Partner id.
    pub partner_id: String,
    /// Code of the partner type.
    pub partner_type: String,
    /// Id of the policy group.
    pub policy_group_id: Option<String>,
    /// Name of the policy group.
    pub policy_group_name: Option<String>,
    /// Description of the policy group.
    pub policy_group_description: Option<String>,
}

/// Lists the partners of the caller, active or not, oldest first.
///
/// # Errors
/// A caller without partners; a policy group that is gone.
pub async fn handle(
    caller: Caller,
    Query(query): Query<OwnPartnersQuery>,
    context: web::Data<Context>,
) -> ApiResult<Vec<OwnPartner>> {
    let limit = context.unpaged.rows_to_ask();
    let found = context
        .db
        .read(move |conn| Ok(partners::list_owned(conn, caller.user_id(), limit)?));
    let found = found.await?;
    if found.is_empty() {
        return Err(errors::USER_WITHOUT_PARTNERS.into());
    }
    context.unpaged.check(found.len())?;
    let with_groups = query.policy_group_available == Some(true);
    found
        .into_iter()
        .filter(|partner| query.wants(partner))
        .map(|partner| OwnPartner::of(partner, with_groups))
        .collect()
}

impl OwnPartnersQuery {
    fn wants(&self, partner: &OwnedPartner) -> bool {
        let has_group = partner.policy_group_id.is_some();
        // The portal offers these for a policy request, which a deactivated partner
        // can't make.
        let for_requests = self.status == APPROVED && self.policy_group_available == Some(true);
        partner.approval_status == self.status
            && (partner.is_active || !for_requests)
            && self
                .partner_type
                .as_ref()
                .is_none_or(|kind| *kind == partner.partner_type_code)
            && self
                .policy_group_available
                .is_none_or(|wanted| wanted == has_group)
    }
}

impl OwnPartner {
    fn of(partner: OwnedPartner, with_group: bool) -> ApiResult<Self> {
        let mut own = Self {
            partner_id: partner.id,
            partner_type: partner.partner_type_code,
            policy_group_id: None,
            policy_group_name: None,
            policy_group_description: None,
        };
        if with_group {
            let name = partner.group_name.filter(|name| !name.trim().is_empty());
            own.policy_group_id = partner.policy_group_id;
            own.policy_group_name = Some(name.ok_or(errors::OWN_GROUP_UNKNOWN)?);
            own.policy_group_description = partner.group_description;
        }
        Ok(own)
    }
}
