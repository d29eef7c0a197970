use pms_testkit::Who;
use serde_json::json;

use crate::support::{Stage, plain};

#[actix_web::test]
async fn every_caller_with_a_token_sees_the_portals_roles() {
    let stage = Stage::start().await;

    let reply = stage.get(&Who::user("guest", &[]), "/roles").await;

    let roles = json!([
        "AUTH_PARTNER",
        "DEVICE_PROVIDER",
        "CREDENTIAL_PARTNER",
        "FTM_PROVIDER",
        "MISP_PARTNER",
        "POLICYMANAGER",
        "PARTNER_ADMIN",
    ]);
    assert_eq!(reply.timeless(), plain(&json!({ "roles": roles })));
}
