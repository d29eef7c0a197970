//! `PUT /partners/policy/{mappingkey}`
//!
//! A partner manager approves or rejects a mapping request
//! (contract partner-admin.md §1.8).

use actix_web::web;
use pms_database::mapping_requests::{self, MappingRequest};
use pms_database::outbox::AuditTrail;
use pms_database::partners::Partner;
use pms_database::{Connection, DbError, Stamp, bio_extractors, partners, policies};
use pms_domain::partner::mapping::{self, Decision};
use pms_domain::partner::{audits, errors};
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Context;
use crate::context::Rules;
use crate::policies::state_of;

/// The decision.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct DecideMapping {
    /// `Approved` or `Rejected`, in any case.
    pub status: Option<String>,
}

impl Request for DecideMapping {
    fn check(&self, fields: &mut Checks) {
        fields.not_blank_or("status", self.status.as_deref(), "value is empty or null");
    }
}

/// Decides a mapping request.
///
/// # Errors
/// The rules of contract partner-admin.md §1.8, in its order.
pub async fn handle(
    caller: Caller,
    key: web::Path<String>,
    Body(request): Body<DecideMapping>,
    context: web::Data<Context>,
) -> ApiResult<&'static str> {
    let (key, status) = (key.into_inner(), request.status.unwrap_or_default());
    let (stamp, rules) = (context.stamp(&caller), context.rules.clone());
    let (by, cascade) = (stamp.clone(), context.cascade_deactivation);
    let work = move |conn: &mut Connection, trail: &mut AuditTrail| {
        let about = Some((key.as_str(), "mappingKey"));
        trail.note(audits::DECIDE_MAPPING, None);
        if cascade && is_repeated_rejection(conn, &key, &status)? {
            trail.note(audits::MAPPING_DECIDED, about);
            return Ok(Decision::Reject.message());
        }
        let (request, partner) = lock_undecided(conn, trail, &rules, &key)?;
        check_policy(conn, trail, &request, &stamp)?;
        let decision = Decision::parse(&status)
            .map_err(|error| trail.refuse(audits::DECIDE_MAPPING_FAILED, about, error))?;
        if decision == Decision::Approve
            && let Some(partner) = partner
        {
            let admitted = partner.standing().must_be_active();
            admitted.map_err(|error| trail.refuse(audits::DECIDE_MAPPING_FAILED, about, error))?;
        }
        mapping_requests::set_status(conn, &request.id, decision.status_code(), &stamp)?;
        trail.note(audits::MAPPING_DECIDED, about);
        Ok(decision.message())
    };
    Ok(context.db.audited(by, work).await?)
}

/// Whether the request was rejected with the deactivation of its partner, and is to
/// be rejected: that is so already, and will stay so, hence no lock. One that was
/// rejected before is refused like any other.
fn is_repeated_rejection(conn: &mut Connection, key: &str, status: &str) -> Result<bool, DbError> {
    if Decision::parse(status) != Ok(Decision::Reject) {
        return Ok(false);
    }
    let Some(request) = mapping_requests::find(conn, key)? else {
        return Ok(false);
    };
    if !request.status_code.eq_ignore_ascii_case(mapping::REJECTED) {
        return Ok(false);
    }
    let Some(partner) = partners::find(conn, &request.part_id)? else {
        return Ok(false);
    };
    let rejected = (request.upd_by.as_deref(), request.upd_dtimes);
    Ok(partners::ended_with(conn, &partner, [rejected])?)
}

/// The request, if it awaits a decision and its extractors are there, and its
/// partner, which is locked before it, as everywhere.
fn lock_undecided(
    conn: &mut Connection,
    trail: &mut AuditTrail,
    rules: &Rules,
    key: &str,
) -> Result<(MappingRequest, Option<Partner>), DbError> {
    let failed = audits::DECIDE_MAPPING_FAILED;
    // What deactivates the policy or the partner waits, and sees the decision.
    // Those of a request do not change.
    let mut partner = None;
    if let Some(request) = mapping_requests::find(conn, key)? {
        policies::keep(conn, &request.policy_id)?;
        partner = partners::lock(conn, &request.part_id)?;
    }
    let Some(request) = mapping_requests::lock(conn, key)? else {
        return Err(trail.refuse(failed, None, errors::MAPPING_UNKNOWN));
    };
    mapping::is_undecided(&request.status_code)
        .map_err(|error| trail.refuse(failed, None, error))?;
    if partner
        .as_ref()
        .is_some_and(|partner| rules.needs_extractors(&partner.partner_type_code))
        && !bio_extractors::exists_for(conn, &request.part_id, &request.policy_id)?
    {
        return Err(trail.refuse(failed, None, errors::EXTRACTORS_MISSING));
    }
    Ok((request, partner))
}

fn check_policy(
    conn: &mut Connection,
    trail: &mut AuditTrail,
    request: &MappingRequest,
    stamp: &Stamp,
) -> Result<(), DbError> {
    let found = policies::find_with_group(conn, &request.policy_id)?;
    mapping::can_be_decided(found.as_ref().map(state_of), stamp.at).map_err(|error| {
        let about = Some((request.policy_id.as_str(), "policyId"));
        trail.refuse(audits::MAPPED_POLICY_REFUSED, about, error)
    })
}
