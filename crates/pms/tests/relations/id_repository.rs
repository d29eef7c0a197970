//! ID Repository and its credential service fetch credential partners, their
//! policies and extractors: their requests, roles and the fields they read.

use pms_testkit::Who;

use crate::consumers::{self, Ask, responses};
use crate::system::System;

fn asks() -> Vec<Ask> {
    let repository = Who::user("service-account-mosip-idrepo-client", &["ID_REPOSITORY"]);
    let credentials = || {
        let name = "service-account-mosip-creser-client";
        Who::user(name, &["CREDENTIAL_ISSUANCE"])
    };
    vec![
        Ask {
            who: repository,
            path: "/v1/partnermanager/partners?partnerType=Online_Verification_Partner",
        },
        Ask {
            who: credentials(),
            path: "/v1/partnermanager/partners/mpartner-default-auth/credentialtype/auth/policies",
        },
        Ask {
            who: credentials(),
            path: "/v1/partnermanager/partners/mpartner-default-print/credentialtype/euin/policies",
        },
        Ask {
            who: credentials(),
            path: "/v1/partnermanager/partners/mpartner-default-auth/bioextractors/mpolicy-default-auth",
        },
    ]
}

#[actix_web::test]
async fn they_get_what_they_read() {
    let system = System::new();
    let _process = system.start().await;

    let found = responses(&system, &asks()).await;

    let partners = found[0]["partners"].as_array().unwrap();
    assert_eq!(partners.len(), 1);
    assert_eq!(partners[0]["partnerID"], "mpartner-default-auth");
    let status = partners[0]["status"].as_str().unwrap();
    assert!(status.eq_ignore_ascii_case("active"), "{status}");
    let policy = &found[1];
    assert_eq!(policy["partnerId"], "mpartner-default-auth");
    assert_eq!(policy["credentialType"], "auth");
    assert_eq!(policy["policyId"], "mpolicy-default-auth");
    for member in [
        "policyName",
        "policyDesc",
        "policyType",
        "publishDate",
        "validTill",
        "status",
        "version",
        "schema",
        "cr_by",
        "cr_dtimes",
    ] {
        assert!(policy[member].is_string(), "{member}: {policy}");
    }
    assert_eq!(policy["is_Active"], true);
    let attributes = policy["policies"]["shareableAttributes"].as_array();
    let attributes = attributes.unwrap();
    assert!(!attributes.is_empty(), "{policy}");
    assert!(
        attributes
            .iter()
            .all(|one| one["attributeName"].is_string())
    );
    assert!(policy["policies"]["dataSharePolicies"].is_object());
    assert_eq!(found[2]["policyId"], "mpolicy-default-euin");
    let extractors = found[3]["extractors"].as_array().unwrap();
    let biometrics: Vec<&str> = extractors
        .iter()
        .map(|one| one["biometric"].as_str().unwrap())
        .collect();
    assert_eq!(biometrics, ["face", "iris", "finger"]);
}

#[actix_web::test]
async fn while_the_identity_provider_is_down_they_are_let_in_by_known_keys() {
    consumers::identity_provider_down(&asks()).await;
}

#[actix_web::test]
async fn while_the_key_manager_is_down_they_miss_nothing() {
    consumers::key_manager_down(&asks()).await;
}

#[actix_web::test]
async fn while_the_database_is_down_or_stuck_they_get_errors_and_recover() {
    consumers::database_down(&asks()).await;
}

#[actix_web::test]
async fn while_the_database_is_slow_they_get_errors_in_time() {
    consumers::database_slow(&asks()).await;
}

#[actix_web::test]
async fn killed_we_answer_their_next_tries() {
    consumers::killed(&asks()).await;
}
