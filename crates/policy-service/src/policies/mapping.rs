//! Whether a policy may be changed as one of a group (contract policy.md §6).

use pms_database::outbox::AuditTrail;
use pms_database::policies::{self, Policy};
use pms_database::policy_groups::{self, PolicyGroup};
use pms_database::{Connection, DbError};
use pms_domain::audit::AuditDef;
use pms_domain::policy::audits::UPDATE_POLICY_FAILURE;
use pms_domain::policy::errors::{GROUP_INACTIVE, GROUP_UNKNOWN, NOT_MAPPED, POLICY_UNKNOWN};

/// Locks group and policy, in that order, and gives the policy. `failed` is
/// the audit record of an operation that ends here.
pub(crate) fn lock_mapped(
    conn: &mut Connection,
    trail: &mut AuditTrail,
    failed: AuditDef,
    (group_id, policy_id): (&str, &str),
) -> Result<Policy, DbError> {
    let Some(group) = policy_groups::lock(conn, group_id)? else {
        return Err(trail.refuse(failed, Some((group_id, "policyGroupAttr")), GROUP_UNKNOWN));
    };
    lock_in_group(conn, trail, failed, (&group, policy_id))
}

/// The rest of [`lock_mapped`], for a group that is locked already.
pub(crate) fn lock_in_group(
    conn: &mut Connection,
    trail: &mut AuditTrail,
    failed: AuditDef,
    (group, policy_id): (&PolicyGroup, &str),
) -> Result<Policy, DbError> {
    if !group.is_active {
        let about = Some((group.name.as_str(), "policyGroupName"));
        return Err(trail.refuse(UPDATE_POLICY_FAILURE, about, GROUP_INACTIVE));
    }
    let Some(policy) = policies::lock(conn, policy_id)? else {
        let about = Some((group.id.as_str(), "policyAttr"));
        return Err(trail.refuse(failed, about, POLICY_UNKNOWN));
    };
    if policy.policy_group_id.as_ref() != Some(&group.id) {
        let about = Some((policy.name.as_str(), "policyName"));
        return Err(trail.refuse(failed, about, NOT_MAPPED));
    }
    Ok(policy)
}
