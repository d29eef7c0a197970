//! Ids stand in paths: none is given that a path refuses, and those that others
//! gave are reached in another form.

use percent_encoding::utf8_percent_encode;
use pms_domain::path;
use pms_testkit::Who;
use serde_json::json;

use crate::support::{BASE, Row, Stage, violation};

async fn register(stage: &Stage, id: &str, name: &str) -> (u16, serde_json::Value) {
    let request = json!({
        "partnerId": id,
        "organizationName": name,
        "address": "x",
        "contactNumber": "1",
        "emailId": "new@acme.org",
        "partnerType": "Device_Provider",
    });
    let reply = stage
        .send(&Who::admin(), "POST", "/partners", request)
        .await;
    (reply.status, reply.timeless())
}

#[actix_web::test]
async fn an_id_that_no_path_can_name_is_not_given() {
    let stage = Stage::start().await;

    for id in [
        "ev;il",
        "a/b",
        "x\\y",
        "%2e",
        "100%",
        ".",
        "..",
        "base64url:YQ",
    ] {
        let expected = violation(path::NO_SEGMENT, "partnerId");
        assert_eq!(register(&stage, id, "IITB").await, (400, expected), "{id}");
    }
    for (id, name, field) in [
        ("a\u{202e}b", "IITB", "partnerId"),
        ("a\u{feff}b", "IITB", "partnerId"),
        ("acme", "II\u{2066}TB", "organizationName"),
        ("acme", "II\nTB", "organizationName"),
    ] {
        let expected = violation("must not contain control characters", field);
        assert_eq!(register(&stage, id, name).await, (400, expected), "{id:?}");
    }
    for (id, name, field) in [
        ("aao1egtb\u{200b}", "IITB", "partnerId"),
        ("aao1egtb\u{ad}", "IITB", "partnerId"),
        ("aao1egtb\u{200d}", "IITB", "partnerId"),
        ("acme", "II\u{e000}TB", "organizationName"),
    ] {
        let expected = violation("must not contain invisible or unknown characters", field);
        assert_eq!(register(&stage, id, name).await, (400, expected), "{id:?}");
    }
    let all = "SELECT count(*) FROM partner WHERE partner_type_code = 'Device_Provider' AND name = 'IITB'";
    assert_eq!(stage.text(all).as_deref(), Some("0"));
}

#[actix_web::test]
async fn an_id_that_is_given_is_reached_by_itself() {
    let stage = Stage::start().await;
    let id = "बैंक\u{200d}+a@b:c.d~👩\u{200d}🔬";

    let (status, body) = register(&stage, id, "株式会社").await;

    assert_eq!((status, &body["errors"]), (200, &json!([])));
    let itself = utf8_percent_encode(id, path::RESERVED).to_string();
    for segment in [itself, path::spelled(id)] {
        let reply = stage
            .get(&Who::admin(), &format!("/partners/{segment}"))
            .await;
        assert_eq!(reply.response()["partnerID"], id);
    }
}

#[actix_web::test]
async fn rows_with_other_ids_are_read_and_changed_by_their_spelling() {
    let stage = Stage::start().await;
    for id in [
        "ev;il",
        "a/b",
        "x\\y",
        "%2e",
        ".",
        "..",
        "v2",
        "base64url:YQ",
        "a\nb",
    ] {
        stage.partner(&Row {
            id,
            user: id,
            email: &format!("{}@acme.org", path::spelled(id)),
            ..Row::default()
        });
        let spelled = path::spelled(id);
        let reply = stage
            .get(&Who::admin(), &format!("/partners/{spelled}"))
            .await;
        assert_eq!(reply.response()["partnerID"], id);
        let request = json!({ "status": "De-active" });
        let path = format!("/partners/{spelled}");
        let reply = stage.send(&Who::admin(), "PATCH", &path, request).await;
        assert_eq!(
            reply.response()["message"],
            "Partner de-activated successfully"
        );
        let literal = id.replace('\\', "\\\\");
        let active = format!("SELECT is_active FROM partner WHERE id = E'{literal}'");
        assert_eq!(stage.text(&active).as_deref(), Some("false"), "{id}");
    }
    // Ownership is judged by the id that is spelled.
    let path = format!("/partners/{}", path::spelled("a/b"));
    let reply = stage
        .get(&Who::user("someone", &["AUTH_PARTNER"]), &path)
        .await;
    assert_eq!(reply.error().0, "PMS_PRT_055");
    for (segment, status) in [("base64url:!!", 200), ("base64url:AA", 200), ("a%2Fb", 400)] {
        let reply = stage
            .app
            .get(&Who::admin(), &format!("{BASE}/partners/{segment}"))
            .await;
        assert_eq!(reply.status, status, "{segment}");
    }
}

#[actix_web::test]
async fn a_text_with_nul_is_reported_by_its_field() {
    let stage = Stage::start().await;
    stage.policy("p-1", Some("g-1"), "Policy One", true);
    stage.partner(&Row::default());
    let admin = Who::admin();

    for (method, path, request, field) in [
        (
            "PATCH",
            "/partners/acme/policy/p-1/apiKey/status",
            json!({ "label": "a\u{0}b", "status": "Active" }),
            "label",
        ),
        (
            "PUT",
            "/partners/acme/apikey/k/policies",
            json!({ "oldPolicyID": "p-1", "newPolicyID": "b\u{0}" }),
            "newPolicyID",
        ),
        (
            "POST",
            "/partners/acme/policy/map",
            json!({ "policyName": "\u{0}", "useCaseDescription": "why" }),
            "policyName",
        ),
    ] {
        if field == "newPolicyID" {
            stage.key("k", "acme", "p-1", "label", true);
        }
        let reply = stage.send(&admin, method, path, request).await;
        let expected = violation("must not hold the character NUL", field);
        assert_eq!((reply.status, reply.timeless()), (400, expected), "{path}");
    }
}
