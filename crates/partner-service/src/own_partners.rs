//! What a caller may see in the newer lists: everything, or what belongs to the
//! caller's own partners, which must be complete
//! (contract partner-admin.md §1.12, §1.13).

use pms_database::partners::{self, OwnedPartner};
use pms_database::search::ConditionFn;
use pms_database::{Connection, DbError};
use pms_domain::ErrorDef;
use pms_domain::partner::errors;
use pms_runtime::Visible;
use pms_web::Caller;

/// Types of partners without policies.
pub(crate) const WITHOUT_POLICIES: [&str; 2] = ["Device_Provider", "FTM_Provider"];

/// The partners of the caller.
///
/// # Errors
/// A caller without partners.
pub(crate) fn of(
    conn: &mut Connection,
    caller: &Caller,
    most: i64,
) -> Result<Vec<OwnedPartner>, DbError> {
    let own = partners::list_owned(conn, caller.user_id(), most)?;
    if own.is_empty() {
        return Err(errors::USER_WITHOUT_PARTNERS.into());
    }
    Ok(own)
}

/// The rows of the caller's partners, which `of_partners` picks; all
/// for administrators. Only partners of the types that `listed` tells are
/// checked. It refuses a caller without partners, and the first incomplete one
/// of them.
pub(crate) fn visible<S: 'static>(
    caller: Caller,
    most: i64,
    listed: fn(&str) -> bool,
    of_partners: fn(Vec<String>) -> ConditionFn<S>,
) -> Visible<S> {
    if caller.is_partner_admin() {
        return Visible::All;
    }
    Visible::only(move |conn| {
        let mut ids = Vec::new();
        for partner in of(conn, &caller, most)? {
            if partner.partner_type_code.is_empty() {
                return Err(errors::PARTNER_TYPE_EMPTY.into());
            }
            if listed(&partner.partner_type_code) {
                complete(&partner)?;
                ids.push(partner.id);
            }
        }
        Ok(vec![of_partners(ids)])
    })
}

fn complete(partner: &OwnedPartner) -> Result<(), ErrorDef> {
    let is_empty = |text: &Option<String>| text.as_deref().is_none_or(str::is_empty);
    if partner.id.is_empty() {
        return Err(errors::PARTNER_ID_EMPTY);
    }
    if is_empty(&partner.policy_group_id) {
        return Err(errors::POLICY_GROUP_ID_EMPTY);
    }
    if is_empty(&partner.group_name) {
        return Err(errors::OWN_GROUP_UNKNOWN);
    }
    Ok(())
}
