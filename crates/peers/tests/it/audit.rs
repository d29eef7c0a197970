use pms_peers::audit::{Audits, PATH};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::running::{Running, codes, read, run, status};

const TOKEN: &str = "roles:ANY";

pub fn record() -> Value {
    json!({
        "eventId": "PMS_PRT_101", "eventName": "POST REGISTER PARTNER", "eventType": "SYSTEM",
        "actionTimeStamp": "2026-11-24T10:00:00.000Z", "hostName": "pms", "hostIp": "10.0.0.1",
        "applicationId": "Partner management portal", "applicationName": "10002",
        "sessionUserId": "anna", "sessionUserName": "anna", "id": "acme", "idType": "partnerId",
        "createdBy": "anna", "moduleName": "Partner Management Service", "moduleId": "PMS_PRT",
        "description": "Registering the partner",
    })
}

async fn send(running: &Running<Audits>, record: &Value) -> Value {
    let body = json!({ "id": null, "requesttime": null, "request": record });
    let (status, body) = read(running.ask(Method::POST, PATH, TOKEN).json(&body)).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    body
}

fn with(name: &str, value: Value) -> Value {
    let mut record = record();
    record[name] = value;
    record
}

#[actix_web::test]
async fn a_record_is_taken() {
    let running = run(Audits::default());

    let body = send(&running, &record()).await;
    send(&running, &with("id", Value::Null)).await;

    let expected = json!({
        "id": null, "version": null, "responsetime": "2026-11-24T10:00:00.000Z",
        "metadata": null, "response": { "status": true }, "errors": [],
    });
    assert_eq!(body, expected);
    let records = running.stand_in.work().records();
    assert_eq!(records, [record(), with("id", Value::Null)]);
}

#[actix_web::test]
async fn every_length_is_a_limit() {
    let running = run(Audits::default());
    for (name, longest) in [
        ("eventId", 64),
        ("eventName", 128),
        ("eventType", 64),
        ("hostName", 128),
        ("hostIp", 256),
        ("applicationId", 64),
        ("applicationName", 128),
        ("sessionUserId", 256),
        ("sessionUserName", 128),
        ("id", 64),
        ("idType", 64),
        ("createdBy", 256),
        ("moduleName", 128),
        ("moduleId", 64),
        ("description", 2048),
    ] {
        let longest_text = json!("é".repeat(longest));
        let taken = send(&running, &with(name, longest_text)).await;
        assert_eq!(taken["response"], json!({ "status": true }), "{name}");
        let too_long = json!("e".repeat(longest + 1));
        let refused = send(&running, &with(name, too_long)).await;
        assert_eq!(codes(&refused), ["KER-AUD-001"], "{name}");
        assert_eq!(refused["response"], Value::Null);
    }
}

#[actix_web::test]
async fn everything_but_the_reference_is_needed() {
    let running = run(Audits::default());
    for name in record().as_object().unwrap().keys() {
        for value in [Value::Null, json!(""), json!(7)] {
            let body = send(&running, &with(name, value.clone())).await;
            let optional = ["id", "idType"].contains(&name.as_str()) && value != json!(7);
            let expected: &[&str] = if optional { &[] } else { &["KER-AUD-001"] };
            assert_eq!(codes(&body), expected, "{name} {value}");
        }
    }
    for time in [
        "yesterday",
        "2026-11-24T10:00:00Z",
        "2026-11-24 10:00:00.000",
    ] {
        let body = send(&running, &with("actionTimeStamp", json!(time))).await;
        assert_eq!(codes(&body), ["KER-AUD-001"], "{time}");
    }
    assert_eq!(codes(&send(&running, &Value::Null).await), ["KER-AUD-001"]);
}

#[actix_web::test]
async fn what_it_refuses() {
    let running = run(Audits::default());
    let body = json!({ "request": record() });

    let open = running.open(Method::POST, PATH).json(&body);
    assert_eq!(status(open).await, StatusCode::UNAUTHORIZED);
    // The cookie is enough.
    let cookie = format!("Authorization={TOKEN}");
    let cookie = running.open(Method::POST, PATH).header("Cookie", cookie);
    assert_eq!(status(cookie.json(&body)).await, StatusCode::OK);
    let text = running.ask(Method::POST, PATH, TOKEN).body("{}");
    assert_eq!(status(text).await, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let get = running.ask(Method::GET, PATH, TOKEN);
    assert_eq!(status(get).await, StatusCode::METHOD_NOT_ALLOWED);
    let elsewhere = running.ask(Method::POST, "/v1/auditmanager", TOKEN);
    assert_eq!(status(elsewhere).await, StatusCode::NOT_FOUND);
    assert_eq!(running.stand_in.work().records().len(), 1);
}
