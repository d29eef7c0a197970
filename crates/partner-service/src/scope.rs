//! Whose rows a search may show: all, or those of the caller's own
//! partners.

use pms_database::partners;
use pms_database::search::ConditionFn;
use pms_runtime::Visible;
use pms_web::{Caller, Scope};

/// The rows of the caller's partners, which `of_partners` picks, or all.
pub(crate) fn rows_of_own<S: 'static>(
    caller: Caller,
    of_partners: fn(Vec<String>) -> ConditionFn<S>,
) -> Visible<S> {
    match caller.scope() {
        Scope::All => Visible::All,
        Scope::Own => Visible::only(move |conn| {
            let own = partners::owned_by(conn, caller.user_id())?;
            Ok(vec![of_partners(own)])
        }),
    }
}
