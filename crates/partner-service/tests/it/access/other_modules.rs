//! Roles of other modules read for others where an endpoint lists them. They change
//! nothing for others: all endpoints that write are tried, so that a new one is tried too.

use pms_testkit::Who;

use super::deactivated::{rows, writes};
use super::furnish;
use crate::support::Stage;

/// All that are not of partners, nor of those who administer them.
const MODULE_ROLES: [&str; 8] = [
    "CREATE_SHARE",
    "CREDENTIAL_ISSUANCE",
    "ID_AUTHENTICATION",
    "ID_REPOSITORY",
    "PMS_USER",
    "POLICYMANAGER",
    "REGISTRATION_PROCESSOR",
    "RESIDENT",
];

#[actix_web::test]
async fn no_role_of_another_module_changes_anything_of_a_partner() {
    let stage = Stage::start().await;
    furnish(&stage, "p");
    let before = rows(&stage, "p");
    let service = Who::user("service-account-x", &MODULE_ROLES);

    for call in writes() {
        let reply = call.send(&stage, &service, "p").await;

        assert_eq!(rows(&stage, "p"), before, "{}: {}", call.name(), reply.text);
    }
}
