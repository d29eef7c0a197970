//! `PUT /partners/{partnerId}/policygroup/{policygroupName}`
//!
//! Moves a partner that is not approved yet to a policy group
//! (contract partner.md §4.19).

use actix_web::web;
use pms_database::outbox::AuditTrail;
use pms_database::partners::{self, Partner};
use pms_database::{Connection, DbError};
use pms_domain::audit::about_partner;
use pms_domain::partner::standing::Standing;
use pms_domain::partner::{audits, errors};
use pms_web::{ApiResult, Caller};

use super::registration::active_group;
use crate::Context;

/// Moves a partner to a policy group.
///
/// # Errors
/// The rules of contract partner.md §4.19, in its order.
pub async fn handle(
    caller: Caller,
    path: web::Path<(String, String)>,
    context: web::Data<Context>,
) -> ApiResult<&'static str> {
    let (partner_id, group_name) = path.into_inner();
    let stamp = context.stamp(&caller);
    let by = stamp.clone();
    let work = move |conn: &mut Connection, trail: &mut AuditTrail| {
        let about = about_partner(&partner_id);
        trail.note(audits::MAP_POLICY_GROUP, about);
        let Some(partner) = partners::lock(conn, &partner_id)? else {
            return Err(trail.refuse(audits::RETRIEVE_FAILED, about, errors::PARTNER_UNKNOWN));
        };
        caller.require_owner(&partner.user_id, &partner.id)?;
        check_movable(conn, trail, &partner)?;
        let group_id = active_group(conn, &group_name).map_err(|failure| {
            let about = Some((group_name.as_str(), "policyGroupName"));
            trail.refuse(audits::REGISTER_FAILED, about, failure)
        })?;
        partners::set_policy_group(conn, &partner.id, &group_id, &stamp)?;
        trail.note(audits::POLICY_GROUP_MAPPED, about);
        Ok("Success")
    };
    Ok(context.db.audited(by, work).await?)
}

/// Approval ties a partner to its group for good, also after a deactivation; nor is
/// anything changed for a partner that was turned down.
fn check_movable(
    conn: &mut Connection,
    trail: &mut AuditTrail,
    partner: &Partner,
) -> Result<(), DbError> {
    let (failed, about) = (audits::MAP_POLICY_GROUP_FAILED, about_partner(&partner.id));
    if partner.standing() != Standing::Waiting {
        return Err(trail.refuse(failed, about, errors::GROUP_FIXED));
    }
    let kind = partners::find_type(conn, &partner.partner_type_code)?;
    if !kind.ok_or(errors::TYPE_UNKNOWN)?.is_policy_required {
        return Err(trail.refuse(failed, about, errors::GROUP_NOT_REQUIRED));
    }
    Ok(())
}
