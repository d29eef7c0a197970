//! Audit records of the policy service (contract integrations.md §3.4,
//! contract policy.md §8.1), texts as the Audit Manager gets them.
#![expect(missing_docs, reason = "names and descriptions say what happened")]

use crate::audit::audits;

audits! {
    Attempt CREATE_GROUP = "PMS_PRT_115", "CREATE", "Creating policy group ", else CREATE_GROUP_FAILURE;
    Success CREATE_GROUP_SUCCESS = "PMS_PRT_215", "CREATE", "Creating policy group success ", else CREATE_GROUP_FAILURE;
    Failure CREATE_GROUP_FAILURE = "PMS_PRT_415", "CREATE", "Creating policy group failed";

    Attempt UPDATE_GROUP = "PMS_PRT_156", "UPDATE", "Updating policy group ", else UPDATE_GROUP_FAILURE;
    Success UPDATE_GROUP_SUCCESS = "PMS_PRT_256", "UPDATE", "Updating policy group success ", else UPDATE_GROUP_FAILURE;
    Failure UPDATE_GROUP_FAILURE = "PMS_PRT_456", "UPDATE", "Updating policy group failed";

    Attempt CREATE_POLICY = "PMS_PRT_137", "CREATE", "Creating policy", else CREATE_POLICY_FAILURE;
    Success CREATE_POLICY_SUCCESS = "PMS_PRT_237", "CREATE", "Creating policy success", else CREATE_POLICY_FAILURE;
    Failure CREATE_POLICY_FAILURE = "PMS_PRT_437", "CREATE", "Creating policy failed";

    Attempt UPDATE_POLICY = "PMS_PRT_183", "UPDATE", "Updating policy", else UPDATE_POLICY_FAILURE;
    Success UPDATE_POLICY_SUCCESS = "PMS_PRT_283", "UPDATE", "Updating policy success ", else UPDATE_POLICY_FAILURE;
    /// Also noted when another operation finds the group inactive.
    Failure UPDATE_POLICY_FAILURE = "PMS_PRT_483", "UPDATE", "Updating policy failed";

    Attempt PUBLISH_POLICY = "PMS_PRT_157", "PUBLISH", "Publishing policy", else PUBLISH_POLICY_FAILURE;
    Success PUBLISH_POLICY_SUCCESS = "PMS_PRT_257", "PUBLISH", "Publishing policy success", else PUBLISH_POLICY_FAILURE;
    Failure PUBLISH_POLICY_FAILURE = "PMS_PRT_457", "PUBLISH", "Publishing policy failed";

    Attempt CHANGE_STATUS = "PMS_PRT_184", "UPDATE", "Updating policy status", else CHANGE_STATUS_FAILURE;
    Success CHANGE_STATUS_SUCCESS = "PMS_PRT_284", "UPDATE", "Update policy status success", else CHANGE_STATUS_FAILURE;
    Failure CHANGE_STATUS_FAILURE = "PMS_PRT_484", "UPDATE", "Update policy status failed";

    Attempt SEARCH_GROUPS = "PMS_PRT_194", "SEARCH", "Searching policy group(s)";
    Success SEARCH_GROUPS_SUCCESS = "PMS_PRT_294", "SEARCH", "Searching policy group(s) sucess";
    Attempt SEARCH_POLICIES = "PMS_PRT_190", "SEARCH", "Searching policy";
    Success SEARCH_POLICIES_SUCCESS = "PMS_PRT_290", "SEARCH", "Searching policy success";
    Attempt FILTER_GROUPS = "PMS_PRT_192", "FILTERVALUES", "Filtering policy group";
    Success FILTER_GROUPS_SUCCESS = "PMS_PRT_292", "FILTERVALUES", "Filtering policy group success";
    Attempt FILTER_POLICIES = "PMS_PRT_193", "FILTERVALUES", "Filtering policy";
    Success FILTER_POLICIES_SUCCESS = "PMS_PRT_293", "FILTERVALUES", "Filtering policy success";

    Failure DOCUMENT_UNREADABLE = "PMS_PRT_487", "GET", "Retrieving policy/policies failure";
}
