//! The owner of a new partner, and ids that are names of other users.

use futures_util::future::join;
use pms_testkit::Who;
use pms_testkit::peers::{Behaviour, RecordingPeer};
use serde_json::{Value, json};

use crate::support::{Row, Stage, auth_partner, refused};

async fn register(stage: &Stage, who: &Who, id: &str) -> Value {
    let request = json!({
        "partnerId": id,
        "organizationName": "IITB",
        "address": "x",
        "contactNumber": "1",
        "emailId": format!("{}@acme.org", id.to_lowercase()),
        "partnerType": "Device_Provider",
    });
    let reply = stage.send(who, "POST", "/partners", request).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.timeless()
}

fn user(name: &str) -> Who {
    Who::user(name, &["DEVICE_PROVIDER"])
}

fn taken() -> Value {
    refused(
        "PMS_PRT_051",
        "A Partner is already registered with the same Id",
    )
}

fn owner_of(stage: &Stage, id: &str) -> Option<String> {
    stage.text(&format!("SELECT user_id FROM partner WHERE id = '{id}'"))
}

#[actix_web::test]
async fn a_partner_belongs_to_who_registers_it_and_an_administrators_to_its_namesake() {
    let stage = Stage::start().await;

    register(&stage, &user("Zoe"), "firm").await;
    register(&stage, &Who::admin(), "acme").await;

    assert_eq!(owner_of(&stage, "firm").as_deref(), Some("Zoe"));
    let past = "SELECT user_id FROM partner_h WHERE id = 'firm'";
    assert_eq!(stage.text(past).as_deref(), Some("Zoe"));
    assert_eq!(owner_of(&stage, "acme").as_deref(), Some("acme"));
    for (who, path, own) in [
        (user("zoe"), "/partners/firm", true),
        (user("firm"), "/partners/firm", false),
        (user("acme"), "/partners/acme", true),
        (user("zoe"), "/partners/acme", false),
    ] {
        let body = stage.get(&who, path).await.json();
        assert_eq!(body["errors"] == json!([]), own, "{path} {body}");
    }
}

#[actix_web::test]
async fn the_name_of_a_user_with_partners_can_not_be_taken() {
    let stage = Stage::start().await;
    stage.partner(&Row {
        id: "shop",
        user: "Bob",
        email: "shop@example.org",
        ..Row::default()
    });
    stage.partner(&Row {
        id: "ORPHAN",
        user: "",
        email: "nobodys@example.org",
        ..Row::default()
    });

    for id in ["bob", "BOB", "orphan"] {
        assert_eq!(
            register(&stage, &user("mallory"), id).await,
            taken(),
            "{id}"
        );
    }
    // It is not its own user's that it is kept from, nor an administrator's.
    assert_eq!(
        register(&stage, &user("BOB"), "bob").await["errors"],
        json!([])
    );
    assert_eq!(owner_of(&stage, "bob").as_deref(), Some("BOB"));
    let by_admin = register(&stage, &Who::admin(), "orphan").await;
    assert_eq!(by_admin["errors"], json!([]));
    // An id is no claim to a row of another user.
    register(&stage, &user("mallory"), "alice").await;
    let body = stage.get(&user("alice"), "/partners/alice").await.json();
    assert_eq!(body["errors"][0]["errorCode"], "PMS_PRT_055");
}

#[actix_web::test]
async fn of_a_claim_to_a_name_and_its_owners_first_partner_only_one_comes_first() {
    let stage = Stage::start().await;

    let (mallory, bob) = (user("mallory"), user("bob"));
    let (claim, own) = join(
        register(&stage, &mallory, "bob"),
        register(&stage, &bob, "bobs-shop"),
    )
    .await;

    assert_eq!(own["errors"], json!([]));
    if claim["errors"] == json!([]) {
        assert_eq!(owner_of(&stage, "bob").as_deref(), Some("mallory"));
    } else {
        assert_eq!(claim, taken());
    }
}

#[actix_web::test]
async fn names_of_users_are_fetched_where_an_address_is_set() {
    let known = json!([{ "username": "Bob" }, { "username": "bobby" }]);
    let users = RecordingPeer::start(Behaviour::Answer(200, known.to_string()));
    let stage = Stage::with(|app| app.setting("keycloak.users_url", &users.url())).await;

    assert_eq!(register(&stage, &user("mallory"), "bob").await, taken());
    stage.assert_audits(&[
        ("PMS_PRT_101", "bob", "partnerId"),
        ("PMS_PRT_401", "bob", "partnerId"),
    ]);
    assert_eq!(
        register(&stage, &user("mallory"), "free").await["errors"],
        json!([])
    );
    assert_eq!(
        register(&stage, &user("BOB"), "bob").await["errors"],
        json!([])
    );

    for behaviour in [Behaviour::Answer(500, String::new()), Behaviour::Drop] {
        users.behave(behaviour);
        let id = format!("free-{}", stage.audits().len());
        assert_eq!(
            register(&stage, &user("mallory"), &id).await["errors"],
            json!([])
        );
    }
}

/// Who may have a key of the partner `acme`, which `owner` registered.
async fn may_generate(stage: &Stage, owner: &str, who: &Who) -> bool {
    stage.sql(&format!(
        "DELETE FROM partner_policy WHERE part_id = 'acme';
         UPDATE partner SET user_id = '{owner}' WHERE id = 'acme'"
    ));
    let request = json!({ "policyName": "Policy One", "label": "one" });
    let path = "/partners/acme/generate/apikey";
    let reply = stage.send(who, "PATCH", path, request).await;
    let keys = "SELECT count(*) FROM partner_policy WHERE part_id = 'acme'";
    let has_key = stage.text(keys).as_deref() == Some("1");
    assert_eq!(
        reply.json()["errors"] == json!([]),
        has_key,
        "{}",
        reply.text
    );
    if !has_key {
        assert_eq!(reply.error().0, "PMS_PRT_055", "{}", reply.text);
    }
    has_key
}

fn with_approved_policy(stage: Stage) -> Stage {
    stage.policy("p-1", Some("g-1"), "Policy One", true);
    stage.partner(&Row::default());
    stage.mapping("m-1", "acme", "p-1", "approved");
    stage
}

#[actix_web::test]
async fn an_api_key_is_generated_by_the_owner_alone() {
    let stage = with_approved_policy(Stage::start().await);
    let boss = Who::user("boss", &["PARTNER_ADMIN", "AUTH_PARTNER"]);
    let service = Who::user("acme", &["CREDENTIAL_ISSUANCE"]);

    // The owner, whatever the partner is called.
    for (owner, who) in [("mallory", "mallory"), ("Mallory", "mallory"), ("", "acme")] {
        assert!(
            may_generate(&stage, owner, &auth_partner(who)).await,
            "{owner}"
        );
    }
    assert!(may_generate(&stage, "acme", &auth_partner("ACME")).await);
    // The name of the partner makes no owner, nor does a role that reads for others.
    assert!(!may_generate(&stage, "mallory", &auth_partner("acme")).await);
    assert!(!may_generate(&stage, "mallory", &service).await);
    assert!(!may_generate(&stage, "", &auth_partner("mallory")).await);
    // Administrators get none of others.
    assert!(!may_generate(&stage, "mallory", &boss).await);
}

#[actix_web::test]
async fn without_ownership_the_partners_name_is_enough_for_an_api_key_as_in_the_reference() {
    const LEGACY: (&str, &str) = ("security.ownership", "legacy");
    let stage = Stage::with(|app| app.setting(LEGACY.0, LEGACY.1)).await;
    let stage = with_approved_policy(stage);

    assert!(may_generate(&stage, "mallory", &auth_partner("acme")).await);
    assert!(may_generate(&stage, "mallory", &auth_partner("mallory")).await);
    assert!(!may_generate(&stage, "mallory", &auth_partner("other")).await);
}

#[actix_web::test]
async fn every_partner_that_is_offered_for_a_key_gets_one() {
    let stage = Stage::start().await;
    stage.policy("p-1", Some("g-1"), "Policy One", true);
    let solo = auth_partner("solo");
    let request = json!({
        "partnerId": "solo-p",
        "organizationName": "IITB",
        "address": "x",
        "contactNumber": "1",
        "emailId": "solo@acme.org",
        "partnerType": "Auth_Partner",
        "policyGroup": "Group One",
    });
    let registered = stage.send(&solo, "POST", "/partners", request).await;
    assert_eq!(registered.json()["errors"], json!([]));
    // As after the upload of its certificate and an approval.
    stage.sql(
        "UPDATE partner SET is_active = true, approval_status = 'approved',
           certificate_alias = 'cert-1' WHERE id = 'solo-p'",
    );
    stage.mapping("m-1", "solo-p", "p-1", "approved");

    let offered = "/partners/v3?status=approved&policyGroupAvailable=true";
    let offered = stage.get(&solo, offered).await.json();
    assert_eq!(offered["response"][0]["partnerId"], "solo-p");
    let request = json!({ "policyName": "Policy One", "label": "one" });
    let path = "/partners/solo-p/generate/apikey";
    let reply = stage.send(&solo, "PATCH", path, request).await;
    assert_eq!(reply.json()["errors"], json!([]), "{}", reply.text);
}
