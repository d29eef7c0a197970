//! Making a licence.

use pms_database::misp_licences::{self, MispLicence, NewMispLicence};
use pms_database::{Connection, DbError, Stamp, ids, mapping_requests, policies};
use pms_domain::misp::errors;
use pms_domain::partner::mapping::APPROVED;
use pms_domain::validity;

use crate::context::Rules;

/// Inserts a licence for a MISP, with the policy that it may use.
///
/// The caller holds [`pms_database::locks::Lock::MispLicence`], and informs
/// relying modules.
///
/// # Errors
/// None of the MISP's mapping requests is approved, or its policy is gone.
pub(super) fn insert(
    conn: &mut Connection,
    misp_id: &str,
    rules: &Rules,
    stamp: &Stamp,
) -> Result<MispLicence, DbError> {
    let policy_id = policy_of(conn, misp_id)?;
    let license_key = ids::alphanumeric(rules.licence_key_length)?;
    let new = NewMispLicence {
        misp_id,
        license_key: &license_key,
        policy_id: policy_id.as_deref(),
        valid_to_date: validity::end(stamp.at, rules.licence_validity_days),
    };
    Ok(misp_licences::insert(conn, &new, stamp)?)
}

/// The policy of the newest approved request. A MISP that never asked for one
/// has none; a rejected or pending request is no obstacle.
fn policy_of(conn: &mut Connection, misp_id: &str) -> Result<Option<String>, DbError> {
    let Some(request) = mapping_requests::newest_in_status(conn, misp_id, APPROVED)? else {
        return if mapping_requests::exists_for_partner(conn, misp_id)? {
            Err(errors::POLICY_NOT_APPROVED.into())
        } else {
            Ok(None)
        };
    };
    let policy = policies::find(conn, &request.policy_id)?;
    Ok(Some(policy.ok_or(errors::POLICY_UNKNOWN)?.id))
}
