use pms_testkit::Who;
use serde_json::{Value, json};

use crate::support::{BASE, Stage, echoed, refused, violation};

fn request(id: &str) -> Value {
    json!({
        "partnerId": id,
        "organizationName": "IITB",
        "address": "1 Main Street",
        "contactNumber": "1",
        "emailId": format!("{id}@acme.org"),
        "partnerType": "Device_Provider",
    })
}

#[actix_web::test]
async fn logo_and_additional_information_are_kept() {
    let stage = Stage::start().await;
    let cases = [
        ("absent", None, json!("[]")),
        ("null", Some(Value::Null), json!("null")),
        (
            "object",
            Some(json!({ "b": [1, null], "a": "x" })),
            json!(r#"{"b":[1,null],"a":"x"}"#),
        ),
        ("text", Some(json!("x")), json!(r#""x""#)),
    ];
    for (id, info, stored) in cases {
        let mut request = request(id);
        if let Some(info) = info {
            request["additionalInfo"] = info;
            request["logoUrl"] = json!("https://acme.org/logo.png");
        }
        let reply = stage
            .send(&Who::admin(), "POST", "/partners/v2", request)
            .await;

        let expected = echoed(&json!({ "partnerId": id, "status": "InProgress" }));
        assert_eq!((reply.status, reply.timeless()), (200, expected));
        let logo = if id == "absent" {
            Value::Null
        } else {
            json!("https://acme.org/logo.png")
        };
        let row = format!("SELECT addl_info, logo_url FROM partner WHERE id = '{id}'");
        assert_eq!(
            stage.rows(&row),
            json!([{ "addl_info": stored, "logo_url": logo }])
        );
    }
}

#[actix_web::test]
async fn additional_information_keeps_every_digit_and_loses_its_blanks() {
    let stage = Stage::start().await;
    let mut request = request("acme");
    request["additionalInfo"] = json!("<info>");
    let sent = r#"{ "b" : 123456789012345678901234567890, "a": [ 1.10, 1E2, "x  y" ] }"#;
    let body = stage
        .app
        .v1(&request)
        .to_string()
        .replace(r#""<info>""#, sent);

    let path = format!("{BASE}/partners/v2");
    let reply = stage
        .app
        .send(&Who::admin(), "POST", &path, Some(body))
        .await;

    assert_eq!(reply.response()["partnerId"], "acme");
    let stored = stage.text("SELECT addl_info FROM partner WHERE id = 'acme'");
    let expected = r#"{"b":123456789012345678901234567890,"a":[1.10,1E2,"x  y"]}"#;
    assert_eq!(stored.as_deref(), Some(expected));
}

#[actix_web::test]
async fn additional_information_is_bounded() {
    let stage = Stage::with(|app| app.setting("partner.additional_info_bytes", "20")).await;
    let mut longest = request("acme");
    longest["additionalInfo"] = json!({ "a": "x".repeat(12) });
    let mut longer = request("other");
    longer["additionalInfo"] = json!({ "a": "x".repeat(13) });
    let changed = json!({
        "address": "x",
        "contactNumber": "1",
        "additionalInfo": ["é".repeat(9)],
    });

    let registered = stage
        .send(&Who::admin(), "POST", "/partners/v2", longest)
        .await;
    let refusals = [
        stage
            .send(&Who::admin(), "POST", "/partners/v2", longer)
            .await,
        stage
            .send(&Who::admin(), "PUT", "/partners/v2/acme", changed)
            .await,
    ];

    assert_eq!(registered.response()["partnerId"], "acme");
    let expected = violation("size must be between 0 and 20", "additionalInfo");
    for refusal in refusals {
        assert_eq!(
            (refusal.status, refusal.timeless()),
            (400, expected.clone())
        );
    }
    assert_eq!(
        stage.rows("SELECT addl_info FROM partner WHERE id IN ('acme', 'other')"),
        json!([{ "addl_info": r#"{"a":"xxxxxxxxxxxx"}"# }])
    );
}

#[actix_web::test]
async fn the_request_time_is_not_required() {
    let stage = Stage::start().await;

    let body = json!({ "request": request("acme") });
    let reply = stage
        .app
        .post(&Who::admin(), &format!("{BASE}/partners/v2"), &body)
        .await;

    assert_eq!(reply.response()["partnerId"], "acme");
}

#[actix_web::test]
async fn the_rules_are_those_of_the_older_endpoint() {
    let stage = Stage::start().await;
    stage
        .send(&Who::admin(), "POST", "/partners/v2", request("acme"))
        .await;

    let again = stage
        .send(&Who::admin(), "POST", "/partners/v2", request("acme"))
        .await;
    assert_eq!(
        again.timeless(),
        refused("PMS_PRT_011", "Email is already exists.")
    );

    let mut long = request("other");
    long["logoUrl"] = json!("x".repeat(257));
    let reply = stage
        .send(&Who::admin(), "POST", "/partners/v2", long)
        .await;
    let expected = violation("size must be between 0 and 256", "logoUrl");
    assert_eq!((reply.status, reply.timeless()), (400, expected));
}
