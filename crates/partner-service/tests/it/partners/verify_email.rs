use pms_testkit::Who;
use serde_json::{Value, json};

use crate::support::{Row, Stage, plain, refused};

const PATH: &str = "/partners/email/verify";

fn answer(exists: bool) -> Value {
    plain(&json!({
        "emailExists": exists,
        "policyRequiredPartnerTypes": [
            "ABIS_PARTNER", "AUTH_PARTNER", "BINDING_PARTNER", "CREDENTIAL_PARTNER",
            "INTERNAL_PARTNER", "MANUAL_ADJUDICATION", "ONLINE_VERIFICATION_PARTNER",
            "PRINT_PARTNER",
        ],
    }))
}

#[actix_web::test]
async fn addresses_are_found_by_hash_and_in_clear() {
    let stage = Stage::start().await;
    let hash = stage
        .text("SELECT encode(sha256('sealed@acme.org'), 'hex')")
        .unwrap();
    stage.partner(&Row {
        email: "cipher",
        email_hash: Some(&hash),
        ..Row::default()
    });
    stage.partner(&Row {
        id: "old",
        email: "Clear@acme.org",
        ..Row::default()
    });
    stage.partner(&Row {
        id: "old-2",
        email: "Clear@acme.org",
        ..Row::default()
    });
    let nobody = Who::user("anybody", &[]);

    for (email, exists) in [
        ("sealed@acme.org", true),
        ("SEALED@acme.org", true),
        ("Clear@acme.org", true),
        ("clear@acme.org", false),
        ("new@acme.org", false),
    ] {
        let reply = stage
            .send(&nobody, "PUT", PATH, json!({ "emailId": email }))
            .await;
        assert_eq!(
            (reply.status, reply.timeless()),
            (200, answer(exists)),
            "{email}"
        );
    }
    stage.assert_audits(&[("PMS_PRT_121", "NO_ID", "email"); 5]);
}

#[actix_web::test]
async fn what_is_no_address_is_refused() {
    let stage = Stage::start().await;
    let refusal = refused("PMS_PRT_012", "Invalid emailId.");

    for email in [
        json!(""),
        Value::Null,
        json!("nonsense"),
        json!("a@b"),
        json!("a@b.ORG"),
        json!("a.b-c@d.org"),
        json!("é@d.org"),
        json!(" a@d.org"),
        json!("a@d.org\n"),
    ] {
        let reply = stage
            .send(&Who::admin(), "PUT", PATH, json!({ "emailId": email }))
            .await;
        assert_eq!(reply.timeless(), refusal, "{email}");
    }
    for email in ["a-b+c.d_e@x-y.z.org", "1@2.co"] {
        let reply = stage
            .send(&Who::admin(), "PUT", PATH, json!({ "emailId": email }))
            .await;
        assert_eq!(reply.response()["emailExists"], false, "{email}");
    }
}

#[actix_web::test]
async fn an_address_is_looked_up_though_audit_records_cannot_be_stored() {
    let stage = Stage::start().await;
    stage.sql("ALTER TABLE outbox ADD CHECK (false) NOT VALID");
    let nobody = Who::user("anybody", &[]);

    let body = json!({ "emailId": "new@acme.org" });
    let reply = stage.send(&nobody, "PUT", PATH, body).await;

    assert_eq!((reply.status, reply.timeless()), (200, answer(false)));
}
