use pms_testkit::Who;
use serde_json::{Value, json};

use crate::administration::answered;
use crate::support::Stage;

const OPERATION: &str = "mosip.pms.configs.get";
const PATH: &str = "/system-config";

fn defaults() -> Value {
    json!({
        "grantTypes": "authorization_code",
        "clientAuthMethods": "private_key_jwt",
        "inActivityTimer": "25",
        "inActivityPromptTimer": "5",
        "axiosTimeout": "3",
        "maxAllowedExpiryYear": "10",
        "maxAllowedCreatedYear": "10",
        "itemsPerPage": "8",
        "refreshNotificationsTime": "300",
        "isCaSignedPartnerCertificateAvailable": "true",
        "isOidcClientAvailable": "true",
        "isRootIntermediateCertAvailable": "true",
    })
}

#[actix_web::test]
async fn every_caller_with_a_token_gets_texts() {
    let stage = Stage::start().await;

    for who in [Who::user("x", &[]), Who::admin()] {
        let reply = stage.get(&who, PATH).await;
        assert_eq!(
            (reply.status, reply.timeless()),
            (200, answered(OPERATION, &defaults()))
        );
    }
    let nobody = stage.get(&Who::Nobody, PATH).await;
    assert_eq!(
        (nobody.status, nobody.error().0.as_str()),
        (401, "KER-ATH-401")
    );
}

#[actix_web::test]
async fn operators_change_every_value_and_no_statement_is_needed() {
    let stage = Stage::with(|builder| {
        builder
            .setting(
                "portal.oidc_grant_types",
                "authorization_code, refresh_token",
            )
            .setting("portal.oidc_client_auth_methods", "a,b")
            .setting("portal.inactivity_minutes", "11")
            .setting("portal.inactivity_prompt_minutes", "12")
            .setting("portal.request_timeout_minutes", "13")
            .setting("portal.items_per_page", "16")
            .setting("portal.notifications_refresh_seconds", "17")
            .setting("devices.sbi_expiry_max_years", "14")
            .setting("devices.sbi_created_max_years", "15")
            .setting("features.ca_signed_partner_certificate", "false")
            .setting("features.oidc_clients", "false")
            .setting("features.trust_certificates", "false")
    })
    .await;
    stage.sql("DROP SCHEMA pms CASCADE");

    let reply = stage.get(&Who::admin(), PATH).await;

    let expected = json!({
        "grantTypes": "authorization_code,refresh_token",
        "clientAuthMethods": "a,b",
        "inActivityTimer": "11",
        "inActivityPromptTimer": "12",
        "axiosTimeout": "13",
        "maxAllowedExpiryYear": "14",
        "maxAllowedCreatedYear": "15",
        "itemsPerPage": "16",
        "refreshNotificationsTime": "17",
        "isCaSignedPartnerCertificateAvailable": "false",
        "isOidcClientAvailable": "false",
        "isRootIntermediateCertAvailable": "false",
    });
    assert_eq!(reply.response(), expected);
}
