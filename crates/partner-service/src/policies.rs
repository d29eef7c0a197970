//! Policies as this service sees them: whether they can be used, and what
//! events say about them.

use chrono::NaiveDateTime;
use pms_database::partners::{self, Partner};
pub(crate) use pms_database::policies::event_data;
use pms_database::policies::{self, PolicyFacts, PolicyWithGroup};
use pms_database::{Connection, DbError};
use pms_domain::partner::errors;
use pms_domain::partner::mapping::{self, PolicyState};

/// What decides whether a policy can be used.
pub(crate) fn state_of(found: &PolicyWithGroup) -> PolicyState {
    PolicyState {
        is_active: found.policy.is_active,
        valid_to: found.policy.valid_to_date,
        group_active: found.group.as_ref().map(|group| group.is_active),
    }
}

/// The policy with this name, if the partner may ask for it
/// (contract partner.md §4.10).
///
/// # Errors
/// The first broken rule.
pub(crate) fn usable_by(
    conn: &mut Connection,
    partner: &Partner,
    name: &str,
    now: NaiveDateTime,
) -> Result<PolicyFacts, DbError> {
    let active_somewhere = policies::active_with_name(conn, name)?;
    let found = in_group_of(conn, partner, name)?;
    mapping::may_request(active_somewhere, found.as_ref().map(state_of), now)?;
    Ok(found.ok_or(errors::POLICY_OF_OTHER_GROUP)?.policy)
}

/// Keeps the policy that the partner may ask for as it is: what deactivates
/// it waits, and sees the request. To be called before the partner is locked,
/// as everywhere; the group of an active partner does not change any more.
pub(crate) fn keep_wanted(
    conn: &mut Connection,
    partner_id: &str,
    name: &str,
) -> Result<(), DbError> {
    let Some(partner) = partners::find(conn, partner_id)? else {
        return Ok(());
    };
    if let Some(found) = in_group_of(conn, &partner, name)? {
        policies::keep(conn, &found.policy.id)?;
    }
    Ok(())
}

/// The policy with this name in the partner's group, whatever its state.
pub(crate) fn in_group_of(
    conn: &mut Connection,
    partner: &Partner,
    name: &str,
) -> Result<Option<PolicyWithGroup>, DbError> {
    let Some(group_id) = &partner.policy_group_id else {
        return Ok(None);
    };
    Ok(policies::find_with_group_by_name(conn, group_id, name)?)
}
