//! What must hold about a partner before its certificate is taken.

use pms_database::outbox::AuditTrail;
use pms_database::partners::{self, Partner};
use pms_database::{Connection, DbError};
use pms_domain::audit::about_partner;
use pms_domain::certificate::{audits, errors, lifecycle};
use pms_domain::partner::audits::RETRIEVE_FAILED;
use pms_domain::partner::errors::{PARTNER_UNKNOWN, TYPE_UNKNOWN};
use pms_web::Caller;

use crate::context::Rules;

/// Checks the partner in the order of the contract (contract partner.md §4.14)
/// and notes in `trail` why it may not upload.
///
/// # Errors
/// The first check that fails.
pub(super) fn check_partner(
    conn: &mut Connection,
    partner: Option<Partner>,
    (caller, partner_id): (&Caller, &str),
    trail: &mut AuditTrail,
) -> Result<Partner, DbError> {
    let about = about_partner(partner_id);
    let Some(partner) = partner else {
        return Err(trail.refuse(RETRIEVE_FAILED, about, PARTNER_UNKNOWN));
    };
    caller.require_owner(&partner.user_id, &partner.id)?;
    lifecycle::may_upload(&partner.approval_status, partner.is_active)
        .map_err(|error| trail.refuse(RETRIEVE_FAILED, about, error))?;
    let kind = partners::find_type(conn, &partner.partner_type_code)?;
    let kind = kind.ok_or(TYPE_UNKNOWN)?;
    let group = partner.policy_group_id.as_deref();
    lifecycle::has_policy_group(kind.is_policy_required, group)
        .map_err(|error| trail.refuse(audits::PARTNER_UPLOAD_FAILURE, about, error))?;
    Ok(partner)
}

/// Whether the partner may be trusted in this domain. Unless the operator
/// enforces it, a domain that does not fit is only logged.
///
/// # Errors
/// `KER-PCM-011`, as for a domain that does not exist.
pub(super) fn check_domain(
    partner: &Partner,
    domain: &str,
    rules: &Rules,
    trail: &mut AuditTrail,
) -> Result<(), DbError> {
    let kind = partner.partner_type_code.as_str();
    if lifecycle::fits_domain(kind, &rules.misp_type, domain) {
        return Ok(());
    }
    let partner_id = partner.id.as_str();
    tracing::warn!(
        partner_id,
        kind,
        domain,
        "a certificate's domain does not fit its partner's type"
    );
    if !rules.enforce_partner_domain {
        return Ok(());
    }
    let failed = audits::PARTNER_UPLOAD_FAILURE;
    Err(trail.refuse(
        failed,
        about_partner(partner_id),
        errors::DOMAIN_OF_OTHER_TYPE,
    ))
}
