//! Audit records of the policy service (contract integrations.md §3.4,
//! contract policy.md §8.1), texts as the Audit Manager gets them.
#![expect(missing_docs, reason = "names and descriptions say what happened")]

use crate::audit::{AuditDef, AuditModule};

const MODULE: AuditModule = AuditModule {
    name: "Partner Management Service",
    id: "PMS_PRT",
};

const fn audit(
    event_id: &'static str,
    event_name: &'static str,
    description: &'static str,
) -> AuditDef {
    AuditDef {
        event_id,
        event_name,
        description,
        module: MODULE,
    }
}

pub const CREATE_GROUP: AuditDef = audit("PMS_PRT_115", "CREATE", "Creating policy group ");
pub const CREATE_GROUP_SUCCESS: AuditDef =
    audit("PMS_PRT_215", "CREATE", "Creating policy group success ");
pub const CREATE_GROUP_FAILURE: AuditDef =
    audit("PMS_PRT_415", "CREATE", "Creating policy group failed");

pub const UPDATE_GROUP: AuditDef = audit("PMS_PRT_156", "UPDATE", "Updating policy group ");
pub const UPDATE_GROUP_SUCCESS: AuditDef =
    audit("PMS_PRT_256", "UPDATE", "Updating policy group success ");
pub const UPDATE_GROUP_FAILURE: AuditDef =
    audit("PMS_PRT_456", "UPDATE", "Updating policy group failed");

pub const CREATE_POLICY: AuditDef = audit("PMS_PRT_137", "CREATE", "Creating policy");
pub const CREATE_POLICY_SUCCESS: AuditDef =
    audit("PMS_PRT_237", "CREATE", "Creating policy success");
pub const CREATE_POLICY_FAILURE: AuditDef =
    audit("PMS_PRT_437", "CREATE", "Creating policy failed");

pub const UPDATE_POLICY: AuditDef = audit("PMS_PRT_183", "UPDATE", "Updating policy");
pub const UPDATE_POLICY_SUCCESS: AuditDef =
    audit("PMS_PRT_283", "UPDATE", "Updating policy success ");
/// Also noted when another operation finds the group inactive.
pub const UPDATE_POLICY_FAILURE: AuditDef =
    audit("PMS_PRT_483", "UPDATE", "Updating policy failed");

pub const PUBLISH_POLICY: AuditDef = audit("PMS_PRT_157", "PUBLISH", "Publishing policy");
pub const PUBLISH_POLICY_SUCCESS: AuditDef =
    audit("PMS_PRT_257", "PUBLISH", "Publishing policy success");
pub const PUBLISH_POLICY_FAILURE: AuditDef =
    audit("PMS_PRT_457", "PUBLISH", "Publishing policy failed");

pub const CHANGE_STATUS: AuditDef = audit("PMS_PRT_184", "UPDATE", "Updating policy status");
pub const CHANGE_STATUS_SUCCESS: AuditDef =
    audit("PMS_PRT_284", "UPDATE", "Update policy status success");
pub const CHANGE_STATUS_FAILURE: AuditDef =
    audit("PMS_PRT_484", "UPDATE", "Update policy status failed");

pub const SEARCH_GROUPS: AuditDef = audit("PMS_PRT_194", "SEARCH", "Searching policy group(s)");
pub const SEARCH_GROUPS_SUCCESS: AuditDef =
    audit("PMS_PRT_294", "SEARCH", "Searching policy group(s) sucess");
pub const SEARCH_POLICIES: AuditDef = audit("PMS_PRT_190", "SEARCH", "Searching policy");
pub const SEARCH_POLICIES_SUCCESS: AuditDef =
    audit("PMS_PRT_290", "SEARCH", "Searching policy success");
pub const FILTER_GROUPS: AuditDef = audit("PMS_PRT_192", "FILTERVALUES", "Filtering policy group");
pub const FILTER_GROUPS_SUCCESS: AuditDef = audit(
    "PMS_PRT_292",
    "FILTERVALUES",
    "Filtering policy group success",
);
pub const FILTER_POLICIES: AuditDef = audit("PMS_PRT_193", "FILTERVALUES", "Filtering policy");
pub const FILTER_POLICIES_SUCCESS: AuditDef =
    audit("PMS_PRT_293", "FILTERVALUES", "Filtering policy success");

pub const DOCUMENT_UNREADABLE: AuditDef =
    audit("PMS_PRT_487", "GET", "Retrieving policy/policies failure");
