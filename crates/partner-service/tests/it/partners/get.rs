use pms_testkit::peers::key_manager::{PeerFailure, lost};
use pms_testkit::{Who, logs};
use serde_json::json;

use crate::support::{Row, Stage, auth_partner, neutral, refused};

#[actix_web::test]
async fn a_partner_reads_its_profile_in_clear() {
    let stage = Stage::start().await;
    let (email, phone) = (stage.keys.seal("info@acme.org"), stage.keys.seal("700-1"));
    let address = stage.keys.seal("Straße 1");
    stage.partner(&Row {
        email: &email,
        phone: &phone,
        address: &address,
        email_hash: Some("hash"),
        ..Row::default()
    });

    let reply = stage.get(&auth_partner("ACME"), "/partners/acme").await;

    let expected = json!({
        "id": "mosip.partnermanagement.partners.retrieve",
        "version": "1.0",
        "responsetime": "<time>",
        "metadata": null,
        "response": {
            "partnerID": "acme",
            "status": "active",
            "organizationName": "Org acme",
            "contactNumber": "700-1",
            "emailId": "info@acme.org",
            "address": "Straße 1",
            "partnerType": "Auth_Partner",
            "policyGroup": "Group One",
            "isActive": true,
        },
        "errors": [],
    });
    assert_eq!((reply.status, reply.timeless()), (200, expected.clone()));
    // Members come in the contract's order, which `==` does not see.
    let order = reply.text.find("contactNumber") < reply.text.find("emailId");
    assert!(order && reply.text.find("emailId") < reply.text.find("address"));
    assert_eq!(stage.keys.calls("decrypt"), 3);
    stage.assert_audits(&[]);

    let again = stage.get(&auth_partner("acme"), "/partners/acme").await;
    assert_eq!(again.timeless(), expected);
    assert_eq!(
        stage.keys.calls("decrypt"),
        3,
        "cipher texts are opened once"
    );
}

#[actix_web::test]
async fn our_own_key_manager_is_called_once_for_all_columns() {
    let keys = pms_testkit::peers::KeyManagerPeer::start();
    let base = keys.base();
    let mut stage = Stage::with(|builder| {
        builder
            .setting("key_manager.url", "")
            .setting("services.certificate_url", &base)
    })
    .await;
    stage.keys = keys;
    let (email, phone) = (stage.keys.seal("info@acme.org"), stage.keys.seal("700-1"));
    stage.partner(&Row {
        email: &email,
        phone: &phone,
        ..Row::default()
    });

    let response = stage.get(&Who::admin(), "/partners/acme").await.response();

    assert_eq!(response["emailId"], "info@acme.org");
    assert_eq!(response["contactNumber"], "700-1");
    assert_eq!(response["address"], "1 Main Street");
    assert_eq!(
        (
            stage.keys.calls("decryptBatch"),
            stage.keys.recorded().len()
        ),
        (1, 1)
    );
}

#[actix_web::test]
async fn rows_of_any_age_are_read() {
    let stage = Stage::start().await;
    stage.partner(&Row::default());
    // Encrypted once, then written back in part: a hash, but clear text.
    let phone = stage.keys.seal("700-2");
    stage.partner(&Row {
        id: "half",
        phone: &phone,
        email_hash: Some("h"),
        ..Row::default()
    });
    // Cipher text of a key that is gone.
    let lost_phone = lost();
    stage.partner(&Row {
        id: "lost",
        phone: &lost_phone,
        ..Row::default()
    });
    stage.sql("UPDATE partner SET address = NULL, policy_group_id = NULL WHERE id = 'lost'");

    let admin = Who::admin();
    let plain = stage.get(&admin, "/partners/acme").await.response();
    let half = stage.get(&admin, "/partners/half").await.response();
    let lost = stage.get(&admin, "/partners/lost").await.response();

    assert_eq!(plain["contactNumber"], "700-1");
    assert_eq!(plain["emailId"], "info@acme.org");
    assert_eq!(half["contactNumber"], "700-2");
    assert_eq!(half["address"], "1 Main Street");
    assert_eq!(lost["contactNumber"], lost_phone);
    assert_eq!(lost["address"], json!(null));
    assert_eq!(lost["policyGroup"], json!(null));
}

#[actix_web::test]
async fn an_inactive_partner_is_shown_as_de_active() {
    let stage = Stage::start().await;
    stage.partner(&Row {
        active: false,
        ..Row::default()
    });

    let response = stage.get(&Who::admin(), "/partners/acme").await.response();

    assert_eq!(response["status"], "De-active");
    assert_eq!(response["isActive"], false);
}

#[actix_web::test]
async fn an_unknown_partner_is_refused_and_audited() {
    let stage = Stage::start().await;

    let reply = stage.get(&auth_partner("acme"), "/partners/nobody").await;

    assert_eq!(
        reply.timeless(),
        refused("PMS_PRT_005", "Partner does not exist")
    );
    stage.assert_audits(&[("PMS_PRT_419", "nobody", "partnerId")]);
}

#[actix_web::test]
async fn profiles_belong_to_their_partners() {
    let stage = Stage::start().await;
    stage.partner(&Row {
        user: "anna",
        ..Row::default()
    });

    let stranger = stage.get(&auth_partner("other"), "/partners/acme").await;
    let owner = stage.get(&auth_partner("Anna"), "/partners/acme").await;
    let resident = stage
        .get(&Who::user("svc", &["RESIDENT"]), "/partners/acme")
        .await;

    assert_eq!(
        stranger.timeless(),
        refused("PMS_PRT_055", "User not authorized.")
    );
    assert_eq!(owner.response()["partnerID"], "acme");
    assert_eq!(resident.response()["partnerID"], "acme");
}

#[actix_web::test]
async fn ownership_can_be_switched_off() {
    let stage = Stage::with(|builder| builder.setting("security.ownership", "legacy")).await;
    stage.partner(&Row::default());

    let stranger = stage.get(&auth_partner("other"), "/partners/acme").await;

    assert_eq!(stranger.response()["partnerID"], "acme");
}

#[actix_web::test]
async fn a_policy_group_that_is_gone_is_reported() {
    let stage = Stage::start().await;
    stage.partner(&Row {
        group: Some("gone"),
        ..Row::default()
    });

    let reply = stage.get(&Who::admin(), "/partners/acme").await;

    assert_eq!(
        reply.timeless(),
        refused("PMS_PRT_002", "Policy group does not exist")
    );
}

#[actix_web::test]
async fn a_key_manager_that_is_down_is_not_explained() {
    let stage = Stage::start().await;
    let phone = stage.keys.seal("700-1");
    stage.partner(&Row {
        phone: &phone,
        ..Row::default()
    });
    stage.keys.fail("decrypt", PeerFailure::Status(503));

    let reply = stage.get(&Who::admin(), "/partners/acme").await;

    assert_eq!((reply.status, reply.timeless()), (200, neutral()));
}

#[actix_web::test]
async fn a_text_that_looks_sealed_is_not_opened_a_second_time() {
    let stage = Stage::start().await;
    let secret = stage.keys.seal("somebody else's address");
    let address = stage.keys.seal(&secret);
    stage.partner(&Row {
        address: &address,
        email_hash: Some("h"),
        ..Row::default()
    });

    for _ in 0..2 {
        let profile = stage.get(&auth_partner("acme"), "/partners/acme").await;
        assert_eq!(profile.response()["address"], secret);
    }
}

#[actix_web::test]
async fn requests_that_a_hanging_key_manager_fails_have_no_line_each() {
    let ids = ["read-of-a-refusal", "read-of-a-breaker"].map(str::to_owned);
    logs::watch(&ids);
    let keys = pms_testkit::peers::KeyManagerPeer::start();
    let base = keys.base();
    let stage = Stage::with(|builder| {
        builder
            .setting("key_manager.url", "")
            .setting("services.certificate_url", &base)
            .setting("key_manager.timeout_ms", "300")
    })
    .await;
    stage.partner(&Row {
        email: &keys.seal("info@acme.org"),
        ..Row::default()
    });
    let cookie = format!(
        "Authorization={}",
        stage.app.token("admin", &["PARTNER_ADMIN"])
    );
    let client = reqwest::Client::default();
    let read = async |id: &str| {
        let request = client.get(stage.app.url("/v1/partnermanager/partners/acme"));
        let request = request.header("cookie", &cookie).header("x-request-id", id);
        request.send().await.unwrap().status()
    };
    let failures = |id: &String| {
        let mut lines = logs::holding(std::slice::from_ref(id));
        lines.retain(|line| line.contains("WARN") || line.contains("ERROR"));
        lines
    };

    keys.fail("decryptBatch", PeerFailure::Status(418));
    read(&ids[0]).await;
    keys.fail("decryptBatch", PeerFailure::Hang);
    for _ in 0..3 {
        read("hung").await;
    }
    let calls = keys.calls("decryptBatch");
    futures_util::future::join_all((0..50).map(|_| read(&ids[1]))).await;

    let refusal = failures(&ids[0]);
    assert_eq!(refusal.len(), 1, "{refusal:#?}");
    assert!(refusal[0].contains("the key manager refuses status=418"));
    assert_eq!(keys.calls("decryptBatch"), calls);
    assert_eq!(failures(&ids[1]), Vec::<String>::new());
}
