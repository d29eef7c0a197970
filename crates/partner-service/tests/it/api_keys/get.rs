use pms_testkit::Who;
use serde_json::json;

use crate::administration::{assert_guarded, retrieved};
use crate::support::{Row, Stage, refused};

#[actix_web::test]
async fn a_key_tells_its_policy_to_managers() {
    let stage = Stage::start().await;
    stage.policy("p-1", Some("g-1"), "Policy One", true);
    stage.partner(&Row::default());
    stage.partner(&Row {
        id: "other",
        user: "other",
        ..Row::default()
    });
    stage.key("k-1", "acme", "p-1", "one", false);
    let manager = Who::user("m", &["PARTNERMANAGER"]);

    let found = stage.get(&manager, "/partners/acme/apikey/k-1").await;
    let foreign = stage.get(&manager, "/partners/other/apikey/k-1").await;

    let mapping = json!({ "partnerID": "acme", "policyId": "p-1" });
    assert_eq!(found.timeless(), retrieved(&mapping));
    let unknown = refused(
        "PMS_PMP_009",
        "For given partner and apikey mapping not exists.",
    );
    assert_eq!((foreign.status, foreign.timeless()), (200, unknown));
    assert_guarded(&stage, "/partners/acme/apikey/k-1").await;
}
