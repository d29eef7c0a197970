//! `POST /partners/{partnerId}/policy/map`
//!
//! A partner asks for a policy of its group (contract partner.md §4.20).

use actix_web::web;
use pms_database::mapping_requests::{self, NewMappingRequest};
use pms_database::outbox::AuditTrail;
use pms_database::partners::{self, Partner};
use pms_database::{Connection, DbError, Stamp, ids};
use pms_domain::audit::{about_partner, about_policy_name as about_policy};
use pms_domain::partner::{audits, errors, mapping};
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Context;
use crate::policies::{keep_wanted, usable_by};

/// The wanted policy.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct RequestMapping {
    /// Name of the policy.
    pub policy_name: Option<String>,
    /// What it is wanted for.
    pub use_case_description: Option<String>,
}

impl Request for RequestMapping {
    fn check(&self, fields: &mut Checks) {
        let (name, purpose) = (
            self.policy_name.as_deref(),
            self.use_case_description.as_deref(),
        );
        fields
            .not_null("policyName", name.as_ref())
            .not_null("useCaseDescription", purpose.as_ref())
            .length("useCaseDescription", purpose, (0, 4000));
    }
}

/// The request that now awaits its decision.
#[derive(Debug, Serialize, ToSchema)]
pub struct MappingRequested {
    /// Id of the request.
    pub mappingkey: String,
    /// A sentence about it.
    pub message: &'static str,
}

struct Command {
    caller: Caller,
    partner_id: String,
    policy_name: String,
    purpose: String,
    stamp: Stamp,
}

/// Asks for a policy.
///
/// # Errors
/// The rules of contract partner.md §4.20 and §4.10, in their order.
pub async fn handle(
    caller: Caller,
    id: web::Path<String>,
    Body(request): Body<RequestMapping>,
    context: web::Data<Context>,
) -> ApiResult<MappingRequested> {
    let command = Command {
        partner_id: id.into_inner(),
        policy_name: request.policy_name.unwrap_or_default(),
        purpose: request.use_case_description.unwrap_or_default(),
        stamp: context.stamp(&caller),
        caller,
    };
    let by = command.stamp.clone();
    let work = move |conn: &mut Connection, trail: &mut AuditTrail| {
        trail.note(audits::REQUEST_MAPPING, about_partner(&command.partner_id));
        keep_wanted(conn, &command.partner_id, &command.policy_name)?;
        // Locked, so that of two requests for one policy the second sees the first.
        let partner = command.lock_active_partner(conn, trail)?;
        let mappingkey = command.place(conn, trail, &partner)?;
        trail.note(audits::API_KEY_REQUESTED, about_partner(&partner.id));
        let message = "Policy mapping request submitted successfully.";
        Ok(MappingRequested {
            mappingkey,
            message,
        })
    };
    Ok(context.db.audited(by, work).await?)
}

impl Command {
    fn lock_active_partner(
        &self,
        conn: &mut Connection,
        trail: &mut AuditTrail,
    ) -> Result<Partner, DbError> {
        let (failed, about) = (audits::RETRIEVE_FAILED, about_partner(&self.partner_id));
        let Some(partner) = partners::lock(conn, &self.partner_id)? else {
            return Err(trail.refuse(failed, about, errors::PARTNER_UNKNOWN));
        };
        self.caller.require_owner(&partner.user_id, &partner.id)?;
        partner
            .standing()
            .must_be_active()
            .map_err(|error| trail.refuse(failed, about, error))?;
        Ok(partner)
    }

    fn place(
        &self,
        conn: &mut Connection,
        trail: &mut AuditTrail,
        partner: &Partner,
    ) -> Result<String, DbError> {
        let policy = usable_by(conn, partner, &self.policy_name, self.stamp.at)
            .map_err(|failure| self.refused(trail, failure))?;
        let earlier = mapping_requests::list(conn, &partner.id, &policy.id)?;
        let statuses: Vec<&str> = earlier
            .iter()
            .map(|request| request.status_code.as_str())
            .collect();
        mapping::may_request_again(&statuses).map_err(|error| self.refused(trail, error))?;
        let id = ids::decimal()?;
        let request = NewMappingRequest {
            id: &id,
            part_id: &partner.id,
            policy_id: &policy.id,
            request_detail: &self.purpose,
            status_code: mapping::IN_PROGRESS,
        };
        mapping_requests::insert(conn, &request, &self.stamp)?;
        Ok(id)
    }

    fn refused(&self, trail: &mut AuditTrail, error: impl Into<DbError>) -> DbError {
        trail.refuse(
            audits::API_KEY_REQUEST_FAILED,
            about_policy(&self.policy_name),
            error,
        )
    }
}
