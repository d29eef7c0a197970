//! What the partner onboarder sends to this service, in its order and spelling
//! (contract onboarder-client.md §2 and §3).

use pms_testkit::{Reply, Who};
use serde_json::{Value, json};

use crate::support::{BASE, Row, Stage};

const GROUP: &str = "mpolicygroup-default-x";
const POLICY: &str = "mpolicy-default-x";

/// A stage with the module's policy group and its published policy.
async fn stage() -> Stage {
    let stage = Stage::start().await;
    stage.group("g-x", GROUP, true);
    stage.policy("p-x", Some("g-x"), POLICY, true);
    stage
}

/// The temporary partner manager, or a partner of that name.
fn manager(name: &str) -> Who {
    Who::user(name, &["PARTNER_ADMIN", "AUTH_PARTNER"])
}

/// The service client behind the tool's unset variable, which stays in the
/// first of two cookies.
fn service_client(stage: &Stage) -> Who {
    let roles = ["GLOBAL_ADMIN", "ID_AUTHENTICATION", "PARTNER_ADMIN"];
    let user = "service-account-mosip-deployment-client";
    let token = stage.app.token(user, &roles);
    Who::Token(format!("{{Authentication token }}; Authorization={token}"))
}

/// One call with the tool's envelope; business errors are HTTP 200 as well.
async fn call(stage: &Stage, who: &Who, method: &str, path: &str, request: Value) -> Reply {
    let metadata = if method == "PATCH" {
        Value::Null
    } else {
        json!({})
    };
    let body = json!({
        "id": "string",
        "metadata": metadata,
        "request": request,
        "requesttime": stage.app.now_text(),
        "version": "LTS",
    });
    let path = format!("{BASE}{path}");
    let reply = stage
        .app
        .send(who, method, &path, Some(body.to_string()))
        .await;
    assert_eq!(reply.status, 200, "{method} {path}: {}", reply.text);
    reply
}

async fn register(stage: &Stage, who: &Who, id: &str, kind: &str) -> Reply {
    let request = json!({
        "address": "00343 Ritchie Village",
        "contactNumber": "700-008-5275",
        "emailId": "Randall39@hotmail.com",
        "organizationName": "IITB",
        "partnerId": id,
        "partnerType": kind,
        "policyGroup": GROUP,
    });
    call(stage, who, "POST", "/partners", request).await
}

/// What the upload of its certificate leaves of a partner.
fn certify(stage: &Stage, id: &str) {
    stage.sql(&format!(
        "UPDATE partner SET is_active = true, approval_status = 'approved',
           certificate_alias = 'cert-1' WHERE id = '{id}'"
    ));
}

async fn map(stage: &Stage, who: &Who, id: &str) -> String {
    let request = json!({
        "policyName": POLICY,
        "useCaseDescription": "mapping partner to policy name",
    });
    let path = format!("/partners/{id}/policy/map");
    let reply = call(stage, who, "POST", &path, request).await;
    reply.response()["mappingkey"].as_str().unwrap().to_owned()
}

async fn approve(stage: &Stage, who: &Who, key: &str) {
    let path = format!("/partners/policy/{key}");
    let reply = call(stage, who, "PUT", &path, json!({ "status": "Approved" })).await;
    assert_eq!(reply.response(), "Policy mapping approved successfully");
}

#[actix_web::test]
async fn esignet_a_misp_is_registered_activated_and_mapped() {
    let stage = stage().await;
    let (who, id) = (
        manager("esignet-kc-mockusername"),
        "mpartner-default-esignet",
    );

    let registered = register(&stage, &who, id, "Misp_Partner").await;
    let expected = json!({ "partnerId": id, "status": "InProgress" });
    assert_eq!(registered.response(), expected);
    let kind = format!("SELECT partner_type_code FROM partner WHERE id = '{id}'");
    assert_eq!(stage.text(&kind).as_deref(), Some("MISP_Partner"));
    let again = register(&stage, &who, id, "Misp_Partner").await;
    assert_eq!(again.error().0, "PMS_PRT_011", "a second run goes on");

    certify(&stage, id);
    let active = json!({ "status": "ACTIVE" });
    let activated = call(&stage, &who, "PATCH", &format!("/partners/{id}"), active).await;
    let expected = json!({ "message": "Partner activated successfully" });
    assert_eq!(activated.response(), expected);
    assert_eq!(stage.app.events().len(), 0, "the partner was active before");

    let key = map(&stage, &who, id).await;
    approve(&stage, &who, &key).await;
}

#[actix_web::test]
async fn mimoto_keybinding_a_partner_gets_its_api_key() {
    let stage = stage().await;
    let id = "mpartner-default-mimotokeybinding";
    let who = manager(id);

    register(&stage, &who, id, "Auth_Partner").await;
    certify(&stage, id);
    let key = map(&stage, &who, id).await;
    approve(&stage, &who, &key).await;
    let request = json!({
        "policyName": POLICY,
        "label": "5f3a0f4e-6f38-4b44-9d63-8f1c7ad0c0de",
    });
    let path = format!("/partners/{id}/generate/apikey");
    let generated = call(&stage, &who, "PATCH", &path, request).await;

    assert!(generated.response()["apiKey"].is_string());
    assert_eq!(stage.app.events()[0].0, "APIKEY_APPROVED");
}

#[actix_web::test]
async fn resident_oidc_the_last_cookie_decides_who_maps_and_approves() {
    let stage = stage().await;
    let id = "mpartner-default-resident-oidc";
    register(&stage, &manager("resident-kc"), id, "Auth_Partner").await;
    certify(&stage, id);
    let client = service_client(&stage);

    let key = map(&stage, &client, id).await;
    approve(&stage, &client, &key).await;

    let by = format!("SELECT upd_by FROM partner_policy_request WHERE id = '{key}'");
    let client = "service-account-mosip-deployment-client";
    assert_eq!(stage.text(&by).as_deref(), Some(client));
}

#[actix_web::test]
async fn mobileid_a_default_partner_gets_its_credential_type() {
    let stage = stage().await;
    let id = "mpartner-default-mobile";
    let path =
        format!("{BASE}/partners/{id}/credentialtype/vercred/policies/mpolicy-default-mobile");
    // The default rows map it already.
    stage.sql(&format!(
        "DELETE FROM partner_policy_credential_type WHERE part_id = '{id}'"
    ));
    let client = service_client(&stage);

    let mapped = stage.app.send(&client, "POST", &path, None).await;
    let text = "Partner, policy and credentialType mapping done successfully";
    assert!(mapped.text.contains(text), "{}", mapped.text);

    let again = stage.app.send(&client, "POST", &path, None).await;
    assert_eq!(again.error().0, "PMS_PRT_007");
    assert_eq!(again.json()["response"], Value::Null);
}

#[actix_web::test]
async fn interactive_a_credential_partner_gets_extractors_and_a_credential_type() {
    let stage = stage().await;
    stage.partner(&Row {
        kind: "Credential_Partner",
        group: Some("g-x"),
        ..Row::default()
    });
    let who = manager("boss");
    let key = map(&stage, &who, "acme").await;
    let request = json!({ "extractors": [
        {
            "attributeName": "photo",
            "biometric": "face",
            "extractor": { "provider": "t5-face-lowres", "version": "1.1" },
        },
        {
            "attributeName": "face",
            "biometric": "face",
            "extractor": { "provider": "dlib", "version": "3.2" },
        },
    ]});

    let path = "/partners/acme/bioextractors/p-x";
    let added = call(&stage, &who, "POST", path, request.clone()).await;
    assert_eq!(added.response(), "Extractors added successfully.");
    let listed = stage.get(&who, path).await;
    assert_eq!(listed.response(), request, "in the order they were sent");
    let path = format!("{BASE}/partners/acme/credentialtype/vercred/policies/{POLICY}");
    let mapped = stage.app.send(&who, "POST", &path, None).await;
    let text = "Partner, policy and credentialType mapping done successfully.";
    assert_eq!(mapped.response(), text);
    approve(&stage, &who, &key).await;
}
