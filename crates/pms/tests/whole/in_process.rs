//! partner-service alone, and a key manager with a port of its own.

use std::path::Path;

use pms_testkit::TestDatabase;
use reqwest::StatusCode;
use serde_json::Value;

use crate::process::{Process, directory, free_port, pms, run, service};

const SECRET: &str = "a-secret-of-this-test";

fn up(database: &TestDatabase, dir: &Path, port: u16) -> Process {
    let mut command = pms();
    command
        .args(["up", "--port", &port.to_string(), "--database-url"])
        .arg(database.url())
        .arg("--data-dir")
        .arg(dir.join("data"))
        .env("PMS__SERVICE_ACCOUNT__CLIENT_SECRET", SECRET);
    Process::start(command, dir, "up").listening(port)
}

fn start(
    name: &str,
    port: u16,
    identity: u16,
    database: &TestDatabase,
    dir: &Path,
    more: &[(&str, String)],
) -> Process {
    let mut command = service(name);
    command
        .env("PMS__SERVER__HOST", "127.0.0.1")
        .env("PMS__SERVER__PORT", port.to_string())
        .env("PMS__DATABASE__URL", database.url())
        .env(
            "PMS__AUTH__ISSUER",
            format!("http://127.0.0.1:{identity}/auth/realms/mosip"),
        )
        .env("PMS__SERVICE_ACCOUNT__CLIENT_SECRET", SECRET)
        .envs(more.iter().map(|(name, value)| (*name, value.as_str())));
    Process::start(command, dir, name).listening(port)
}

fn token(port: u16) -> String {
    let mut command = pms();
    command.args([
        "token",
        "--user",
        "partner-admin",
        "--url",
        &format!("http://127.0.0.1:{port}"),
    ]);
    run(&mut command).trim().to_owned()
}

async fn get(port: u16, path: &str, token: &str) -> (StatusCode, Value) {
    let client = reqwest::Client::builder().build().unwrap();
    let request = client.get(format!("http://127.0.0.1:{port}{path}"));
    let answer = request.bearer_auth(token).send().await.unwrap();
    (answer.status(), answer.json().await.unwrap_or(Value::Null))
}

#[tokio::test]
async fn the_partner_service_alone_answers_certificate_routes_with_the_deployments_key_manager() {
    let (dir, database) = (directory(), TestDatabase::new());
    let (pms, partner) = (free_port(), free_port());
    let _up = up(&database, dir.path(), pms);
    let more = [
        ("PMS__SERVICES__CERTIFICATE", "in-process".to_owned()),
        (
            "PMS__KEY_MANAGER__URL",
            format!("http://127.0.0.1:{pms}/v1/keymanager"),
        ),
    ];
    let _partner = start(
        "partner-service",
        partner,
        pms,
        &database,
        dir.path(),
        &more,
    );
    let token = tokio::task::spawn_blocking(move || token(pms))
        .await
        .unwrap();

    let listed = get(
        partner,
        "/v1/partnermanager/trust-chain-certificates?pageNo=0&pageSize=1",
        &token,
    )
    .await;
    let licences = get(partner, "/v1/partnermanager/misps", &token).await;
    let keys = get(
        partner,
        "/v1/keymanager/getCertificate?applicationId=PMS",
        &token,
    )
    .await;
    let (_, document) = get(partner, "/v1/partnermanager/v3/api-docs", &token).await;

    assert_eq!(listed.0, StatusCode::OK, "{}", listed.1);
    assert_eq!(listed.1["errors"], Value::Array(Vec::new()), "{}", listed.1);
    assert_eq!(licences.0, StatusCode::OK, "{}", licences.1);
    assert_eq!(
        keys.0,
        StatusCode::NOT_FOUND,
        "no key manager here: {}",
        keys.1
    );
    assert!(
        document["paths"].get("/trust-chain-certificates").is_some()
            || document.to_string().contains("trust-chain-certificates")
    );
}

#[tokio::test]
async fn the_key_manager_has_a_port_of_its_own_and_answers_on_no_other() {
    let (dir, database) = (directory(), TestDatabase::new());
    let (pms, certificate, manager) = (free_port(), free_port(), free_port());
    let _up = up(&database, dir.path(), pms);
    let more = [
        ("PMS__KEY_MANAGER__PORT", manager.to_string()),
        (
            "PMS__KEY_MANAGER__KEK_FILE",
            dir.path().join("data/kek").display().to_string(),
        ),
        (
            "PMS__SERVICES__CERTIFICATE_URL",
            format!("http://127.0.0.1:{certificate}"),
        ),
    ];
    let _service = start(
        "certificate-service",
        certificate,
        pms,
        &database,
        dir.path(),
        &more,
    )
    .listening(manager);
    let token = tokio::task::spawn_blocking(move || token(pms))
        .await
        .unwrap();
    let of = async |port: u16, path: &str| get(port, path, &token).await.0;
    let key = "/v1/keymanager/getCertificate?applicationId=PMS";
    let licences = "/v1/partnermanager/misps";
    let health = "/v1/keymanager/actuator/health/liveness";

    assert_ne!(of(manager, key).await, StatusCode::NOT_FOUND);
    assert_eq!(of(certificate, key).await, StatusCode::NOT_FOUND);
    assert_eq!(of(certificate, licences).await, StatusCode::OK);
    assert_eq!(of(manager, licences).await, StatusCode::NOT_FOUND);
    assert_eq!(of(certificate, health).await, StatusCode::OK);
}

#[tokio::test]
async fn the_partner_service_is_its_own_key_manager_without_a_call() {
    let (dir, database) = (directory(), TestDatabase::new());
    let (pms, partner) = (free_port(), free_port());
    let _up = up(&database, dir.path(), pms);
    let more = [
        ("PMS__SERVICES__CERTIFICATE", "in-process".to_owned()),
        (
            "PMS__KEY_MANAGER__KEK_FILE",
            dir.path().join("data/kek").display().to_string(),
        ),
    ];
    let _partner = start(
        "partner-service",
        partner,
        pms,
        &database,
        dir.path(),
        &more,
    );
    database.sql(
        "INSERT INTO pms.partner_type (code, partner_description, is_policy_required, is_active, \
           cr_by, cr_dtimes) \
         VALUES ('Device_Provider', 'Device provider', false, true, 'test', now())",
    );
    let token = tokio::task::spawn_blocking(move || token(pms))
        .await
        .unwrap();
    let request = serde_json::json!({
        "id": null, "version": null, "metadata": null,
        "requesttime": pms_database::Clock::system().now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
        "request": {
            "partnerId": "in-process", "organizationName": "In Process", "address": "1 Main Street",
            "contactNumber": "7001", "emailId": "in-process@example.org",
            "partnerType": "Device_Provider",
        },
    });
    let url = format!("http://127.0.0.1:{partner}/v1/partnermanager/partners");
    let client = reqwest::Client::builder().build().unwrap();
    let registering = client.post(url).bearer_auth(&token).json(&request);
    let registered: Value = registering.send().await.unwrap().json().await.unwrap();
    assert_eq!(
        registered["response"]["status"], "InProgress",
        "{registered}"
    );

    // The other process has the same keys and its own session keys.
    for port in [partner, pms] {
        let path = "/v1/partnermanager/partners/in-process";
        let (_, read) = get(port, path, &token).await;
        assert_eq!(
            read["response"]["emailId"], "in-process@example.org",
            "{read}"
        );
        let path = format!("http://127.0.0.1:{port}/v1/partnermanager/actuator/prometheus");
        let numbers = client.get(path).send().await.unwrap().text().await.unwrap();
        let called = "outbound_requests_total{outcome=\"2xx\",peer=\"key_manager\"}";
        assert!(!numbers.contains(called), "{numbers}");
    }
    let sealed = "SELECT email_id LIKE 'VkVSX1Iy%' FROM pms.partner WHERE id = 'in-process'";
    assert_eq!(
        database
            .text(&format!("SELECT ({sealed})::text"))
            .as_deref(),
        Some("true")
    );
}
