//! Audit records of OIDC clients (contract clients-users-notifications.md §1.14).
#![expect(missing_docs, reason = "the descriptions say when a record is made")]

use crate::audit::audits;

audits! {
    // The older form records its success under the text of an attempt.
    Success CREATED_OLDER = "PMS_PRT_300", "POST CREATE OIDC CLIENT", "Creating the OIDC Client", else CREATE_FAILED;
    Success CREATED = "PMS_PRT_301", "POST CREATE OIDC CLIENT", "Creating the OIDC Client Success", else CREATE_FAILED;
    Failure CREATE_FAILED = "PMS_PRT_302", "POST CREATE OIDC CLIENT", "Creating the OIDC Client Failed";

    Success UPDATED_OLDER = "PMS_PRT_303", "PUT UPDATE OIDC CLIENT", "Updating OIDC Client", else UPDATE_FAILED;
    Success UPDATED = "PMS_PRT_304", "PUT UPDATE OIDC CLIENT", "Updating OIDC Client Success", else UPDATE_FAILED;
    Failure UPDATE_FAILED = "PMS_PRT_305", "PUT UPDATE OIDC CLIENT", "Updating OIDC Client Failed";

    Failure GET_REFUSED = "PMS_PRT_306", "GET OIDC CLIENT", "Get OIDC Client";
}
