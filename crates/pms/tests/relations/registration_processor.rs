//! Registration Processor fetches the policies and extractors that it shares
//! biometrics by: its requests and its role, from the default rows on.

use pms_testkit::Who;
use serde_json::json;

use crate::consumers::{self, Ask, responses};
use crate::system::System;

fn asks() -> Vec<Ask> {
    let who = || {
        let roles = ["PARTNER", "PARTNER_ADMIN", "PMS_USER", "POLICYMANAGER"];
        Who::user("service-account-mosip-regproc-client", &roles)
    };
    let paths = [
        // The ABIS handler, manual adjudication and verification.
        "/v1/policymanager/policies/mpolicy-default-abis/partner/mpartner-default-abis",
        "/v1/policymanager/policies/mpolicy-default-adjudication/partner/mpartner-default-adjudication",
        "/v1/partnermanager/partners/mpartner-default-auth/bioextractors/mpolicy-default-auth",
    ];
    paths.map(|path| Ask { who: who(), path }).into()
}

#[actix_web::test]
async fn it_gets_what_it_reads() {
    let system = System::new();
    let _process = system.start().await;

    let found = responses(&system, &asks()).await;

    let share = &found[0]["policies"]["dataSharePolicies"];
    assert_eq!(share["typeOfShare"], "Data Share");
    assert_eq!(share["encryptionType"], "Partner Based");
    assert_eq!(share["shareDomain"], "datashare.datashare");
    let attributes = found[0]["policies"]["shareableAttributes"]
        .as_array()
        .unwrap();
    assert_eq!(attributes[0]["attributeName"], "biometrics");
    assert_eq!(attributes[0]["encrypted"], true);
    assert!(found[1]["policies"]["shareableAttributes"].is_array());
    let extractors = found[2]["extractors"].as_array().unwrap();
    assert_eq!(extractors.len(), 3);
    assert_eq!(
        extractors[0]["extractor"],
        json!({ "provider": "mock", "version": "1.1" })
    );
    // No extractors is what this code says, and it goes on.
    let none =
        "/v1/partnermanager/partners/mpartner-default-abis/bioextractors/mpolicy-default-abis";
    let reply = system.api().get(&asks()[0].who, none).await;
    assert_eq!(reply.error().0, "PMS_PRT_064");
}

#[actix_web::test]
async fn while_the_identity_provider_is_down_it_is_let_in_by_known_keys() {
    consumers::identity_provider_down(&asks()).await;
}

#[actix_web::test]
async fn while_the_key_manager_is_down_it_misses_nothing() {
    consumers::key_manager_down(&asks()).await;
}

#[actix_web::test]
async fn while_the_database_is_down_or_stuck_it_gets_errors_and_recovers() {
    consumers::database_down(&asks()).await;
}

#[actix_web::test]
async fn while_the_database_is_slow_it_gets_errors_in_time() {
    consumers::database_slow(&asks()).await;
}

#[actix_web::test]
async fn killed_we_answer_its_next_tries() {
    consumers::killed(&asks()).await;
}
