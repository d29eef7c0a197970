//! `POST /policies/group/filtervalues`
//!
//! Values of columns of policy groups (contract policy.md §6.7).

use pms_database::search::searches::PolicyGroups;
use pms_domain::policy::audits::{FILTER_GROUPS, FILTER_GROUPS_SUCCESS};
use pms_runtime::searches::{AuditPair, LegacyValues};
use pms_web::search::Values;

use crate::Context;

/// Values of columns, each with the name of a group that has it.
pub(crate) struct FilterGroups;

impl LegacyValues for FilterGroups {
    type Context = Context;
    type Entity = PolicyGroups;
    type Request = Values;
    const AUDITS: Option<AuditPair> = Some((&FILTER_GROUPS, &FILTER_GROUPS_SUCCESS));
}
