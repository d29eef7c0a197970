//! `GET /partners/{partnerId}`
//!
//! A partner's profile (contract partner.md §4.3).

use actix_web::web;
use pms_database::outbox::AuditTrail;
use pms_database::partners;
use pms_domain::audit::about_partner;
use pms_domain::partner::{audits, errors};
use pms_web::{ApiResult, Caller};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;

/// A partner's profile.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PartnerProfile {
    /// Partner id.
    #[serde(rename = "partnerID")]
    pub partner_id: String,
    /// `active` or `De-active`.
    pub status: &'static str,
    /// Name of the organisation.
    pub organization_name: String,
    /// Telephone number.
    pub contact_number: Option<String>,
    /// E-mail address.
    pub email_id: Option<String>,
    /// Postal address.
    pub address: Option<String>,
    /// Code of the partner type.
    pub partner_type: String,
    /// Name of the policy group.
    pub policy_group: Option<String>,
    /// Whether the partner is active.
    pub is_active: bool,
}

/// Reads a partner.
///
/// # Errors
/// Unknown partner, another user's partner, policy group that is gone.
pub async fn handle(
    caller: Caller,
    id: web::Path<String>,
    context: web::Data<Context>,
) -> ApiResult<PartnerProfile> {
    let id = id.into_inner();
    let Some(partner) = context.profiles.find(id.clone()).await? else {
        return unknown(&caller, &id, &context).await;
    };
    caller.require_reader(&partner.user_id, &partner.id)?;
    if partner.policy_group_id.is_some() && partner.group_name.is_none() {
        return Err(errors::GROUP_UNKNOWN.into());
    }
    profile(partner, &context).await
}

async fn profile(
    partner: partners::PartnerProfile,
    context: &Context,
) -> ApiResult<PartnerProfile> {
    let columns = [partner.address, partner.contact_no, partner.email_id];
    let [address, contact_number, email_id] = context.personal_data.open(columns).await?;
    Ok(PartnerProfile {
        partner_id: partner.id,
        status: if partner.is_active {
            "active"
        } else {
            "De-active"
        },
        organization_name: partner.name,
        contact_number,
        email_id,
        address,
        partner_type: partner.partner_type_code,
        policy_group: partner.group_name,
        is_active: partner.is_active,
    })
}

/// Only the failure is audited, so a success costs no transaction.
async fn unknown<T>(caller: &Caller, id: &str, context: &Context) -> ApiResult<T> {
    let note = |trail: &mut AuditTrail| trail.note(audits::RETRIEVE_FAILED, about_partner(id));
    context.db.note(context.stamp(caller), note).await;
    Err(errors::PARTNER_UNKNOWN.into())
}
