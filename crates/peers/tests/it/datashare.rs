use pms_peers::datashare::{Shares, Terms};
use reqwest::multipart::{Form, Part};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::running::{Running, codes, read, run, status};

const TOKEN: &str = "roles:CREATE_SHARE";
const CREATE: &str = "/v1/datashare/create/mpolicy-default-cert/mpartner-default-cert";
const GET: &str = "/v1/datashare/get/mpolicy-default-cert/mpartner-default-cert";

fn form(content: &str) -> Form {
    let file = Part::text(content.to_owned()).file_name("certsChain");
    Form::new().text("name", "certsChain").part("file", file)
}

async fn create(running: &Running<Shares>, path: &str, form: Form) -> Value {
    let request = running.ask(Method::POST, path, TOKEN).multipart(form);
    let (status, body) = read(request).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    body
}

/// The address of a new share, below the mount point.
async fn shared(running: &Running<Shares>, path: &str) -> String {
    let body = create(running, path, form("chain")).await;
    let url = body["dataShare"]["url"].as_str().unwrap();
    url.strip_prefix(&running.url("")).unwrap().to_owned()
}

async fn download(running: &Running<Shares>, path: &str) -> (StatusCode, Value) {
    read(running.open(Method::GET, path)).await
}

fn gone(message: &str) -> (StatusCode, Value) {
    let body = json!({
        "id": "mosip.data.share", "version": "v1.0",
        "responsetime": "2026-11-24T10:00:00.000Z", "dataShare": null,
        "errors": [{ "errorCode": "DAT-SER-006", "message": message }],
    });
    (StatusCode::OK, body)
}

#[actix_web::test]
async fn a_share_is_made_and_downloaded_as_often_as_allowed() {
    let running = run(Shares::default());

    let body = create(&running, CREATE, form("chain ü")).await;

    let url = body["dataShare"]["url"].as_str().unwrap();
    let expected = json!({
        "id": "mosip.data.share", "version": "v1.0",
        "responsetime": "2026-11-24T10:00:00.000Z",
        "dataShare": {
            "url": url, "validForInMinutes": 30, "transactionsAllowed": 2,
            "policyId": "mpolicy-default-cert", "subscriberId": "mpartner-default-cert",
            "signature": "unsigned",
        },
        "errors": null,
    });
    assert_eq!(body, expected);
    assert!(url.starts_with(&running.url(GET)), "{url}");
    let path = url.strip_prefix(&running.url("")).unwrap();
    let first = running.open(Method::GET, path).send().await.unwrap();
    assert_eq!(first.headers()["content-type"], "application/octet-stream");
    assert_eq!(first.text().await.unwrap(), "chain ü");
    assert_eq!(download(&running, path).await.1, json!("chain ü"));
    let third = download(&running, path).await;
    assert_eq!(third, gone("Data share Usage Expired"));
    let made = running.stand_in.work().made();
    assert_eq!(made.len(), 1);
    assert_eq!((made[0].url.as_str(), made[0].downloads), (url, 0));
    assert_eq!(made[0].content, "chain ü".as_bytes());
}

#[actix_web::test]
async fn a_share_ends_in_time() {
    let running = run(Shares::default());
    let path = shared(&running, CREATE).await;

    running.wait(30 * 60 - 1);
    assert_eq!(download(&running, &path).await.1, json!("chain"));
    running.wait(1);
    let (_, late) = download(&running, &path).await;

    assert_eq!(codes(&late), ["DAT-SER-006"]);
    assert_eq!(late["errors"][0]["message"], "Data share Usage Expired");
}

#[actix_web::test]
async fn only_the_exact_address_leads_to_a_share() {
    let running = run(Shares::default());
    let path = shared(&running, CREATE).await;
    let key = path.rsplit('/').next().unwrap();

    for path in [
        format!("{GET}/nosuch"),
        format!("/v1/datashare/get/mpolicy-default-cert/other/{key}"),
        format!("/v1/datashare/get/other/mpartner-default-cert/{key}"),
    ] {
        let answer = download(&running, &path).await;
        assert_eq!(answer, gone("Data share not found"), "{path}");
    }
}

#[actix_web::test]
async fn a_share_needs_a_file() {
    let running = run(Shares::default());
    let no_name = Part::text("chain");
    let forms = [
        Form::new().text("name", "certsChain"),
        Form::new().part("file", no_name),
        form(""),
    ];
    for form in forms {
        let body = create(&running, CREATE, form).await;
        assert_eq!(codes(&body), ["DAT-SER-003"]);
        assert_eq!(body["dataShare"], Value::Null);
    }
    let json = running.ask(Method::POST, CREATE, TOKEN).json(&json!({}));
    assert_eq!(status(json).await, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert!(running.stand_in.work().made().is_empty());
}

#[actix_web::test]
async fn policies_are_known_or_not() {
    let running = run(Shares::default());
    let shares = running.stand_in.work();
    let path = "/v1/datashare/create/p%20one/sub";

    let unknown = create(&running, path, form("chain")).await;
    let terms = Terms {
        minutes: 1,
        downloads: 1,
    };
    shares.allow("p one", "sub", terms);
    let got = shared(&running, path).await;
    shares.forbid("mpolicy-default-cert", "mpartner-default-cert");
    let forbidden = create(&running, CREATE, form("chain")).await;

    assert_eq!(codes(&unknown), ["DAT-SER-007"]);
    assert_eq!(codes(&forbidden), ["DAT-SER-007"]);
    assert_eq!(download(&running, &got).await.1, json!("chain"));
    assert_eq!(codes(&download(&running, &got).await.1), ["DAT-SER-006"]);
}

#[actix_web::test]
async fn making_one_needs_the_role() {
    let running = run(Shares::default());
    let open = running.open(Method::POST, CREATE).multipart(form("chain"));
    assert_eq!(status(open).await, StatusCode::UNAUTHORIZED);
    let other = running.ask(Method::POST, CREATE, "roles:PARTNER");
    let other = status(other.multipart(form("chain"))).await;
    assert_eq!(other, StatusCode::FORBIDDEN);
    let get = status(running.ask(Method::GET, CREATE, TOKEN)).await;
    assert_eq!(get, StatusCode::METHOD_NOT_ALLOWED);
    let post = status(running.open(Method::POST, &format!("{GET}/key"))).await;
    assert_eq!(post, StatusCode::METHOD_NOT_ALLOWED);
    let elsewhere = status(running.ask(Method::POST, "/v1/datashare/create/p", TOKEN)).await;
    assert_eq!(elsewhere, StatusCode::NOT_FOUND);
}
