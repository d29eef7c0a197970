//! `POST /policies/group/search`
//!
//! A search of policy groups (contract policy.md §6.6).

use pms_database::search::searches::PolicyGroups;
use pms_domain::policy::audits::{SEARCH_GROUPS, SEARCH_GROUPS_SUCCESS};
use pms_runtime::searches::{AuditPair, LegacySearch};
use pms_web::search::Search;

use super::row::GroupRow;
use crate::Context;

/// The search of policy groups, active or not.
pub(crate) struct SearchGroups;

impl LegacySearch for SearchGroups {
    type Context = Context;
    type Entity = PolicyGroups;
    type Request = Search;
    type Found = GroupRow;
    const AUDITS: Option<AuditPair> = Some((&SEARCH_GROUPS, &SEARCH_GROUPS_SUCCESS));
}
