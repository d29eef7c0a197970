//! The three services as processes of their own, behind nginx.

use std::path::Path;
use std::process::Command;

use pms_testkit::TestDatabase;
use pms_testkit::waiting::eventually;
use serde_json::{Value, json};

use crate::process::{Process, directory, free_port, pms, run, service};

const NGINX: &str = include_str!("../../../../deploy/nginx/pms.conf");
const SECRET: &str = "a-secret-of-this-test";

/// Ports of the processes.
struct Ports {
    pms: u16,
    policy: u16,
    partner: u16,
    certificate: u16,
    proxy: u16,
}

fn start(name: &str, port: u16, ports: &Ports, database: &TestDatabase, dir: &Path) -> Process {
    let identity = format!("http://127.0.0.1:{}", ports.pms);
    let mut command = service(name);
    command
        .env("PMS__SERVER__HOST", "127.0.0.1")
        .env("PMS__SERVER__PORT", port.to_string())
        .env("PMS__DATABASE__URL", database.url())
        .env("PMS__AUTH__ISSUER", format!("{identity}/auth/realms/mosip"))
        .env("PMS__SERVICE_ACCOUNT__CLIENT_SECRET", SECRET)
        .env("PMS__WEBSUB__URL", format!("{identity}/dev/hub"))
        .env(
            "PMS__SERVICES__CERTIFICATE_URL",
            format!("http://127.0.0.1:{}", ports.certificate),
        )
        .env("PMS__KEY_MANAGER__KEK_FILE", dir.join("kek"));
    Process::start(command, dir, name).listening(port)
}

fn proxy(ports: &Ports, dir: &Path) -> Process {
    let configuration = NGINX
        .replace("9107", &ports.policy.to_string())
        .replace("9109", &ports.partner.to_string())
        .replace("9111", &ports.certificate.to_string())
        .replace("8088", &ports.proxy.to_string())
        .replace("/tmp/pms-nginx", &dir.join("nginx").display().to_string());
    let file = dir.join("nginx.conf");
    std::fs::write(&file, configuration).unwrap();
    let mut command = Command::new("nginx");
    command
        .arg("-p")
        .arg(dir)
        .arg("-c")
        .arg(&file)
        .args(["-e", "stderr"]);
    Process::start(command, dir, "nginx").listening(ports.proxy)
}

async fn make_user(ports: &Ports, name: &str, roles: &[&str]) {
    let url = format!("http://127.0.0.1:{}/auth/realms/mosip/dev/users", ports.pms);
    let user = json!({ "username": name, "password": "demo-password", "roles": roles });
    let answer = reqwest::Client::builder()
        .build()
        .unwrap()
        .post(url)
        .json(&user)
        .send()
        .await;
    assert!(answer.unwrap().status().is_success());
}

fn demo(ports: &Ports, port: u16, partner: &str) -> String {
    let issuer = format!("http://127.0.0.1:{}/auth/realms/mosip", ports.pms);
    let url = format!("http://127.0.0.1:{port}");
    run(pms()
        .args([
            "demo",
            "--url",
            &url,
            "--issuer",
            &issuer,
            "--admin-user",
            "boss",
        ])
        .args([
            "--admin-password",
            "demo-password",
            "--partner-user",
            partner,
        ])
        .args(["--partner-password", "demo-password"]))
}

#[actix_web::test]
async fn the_journey_passes_with_three_processes_behind_nginx_and_by_forwarding() {
    let dir = directory();
    let database = TestDatabase::seeded();
    let ports = Ports {
        pms: free_port(),
        policy: free_port(),
        partner: free_port(),
        certificate: free_port(),
        proxy: free_port(),
    };
    // Identity provider and hub; its own services stay unused.
    let mut command = pms();
    command
        .args([
            "up",
            "--port",
            &ports.pms.to_string(),
            "--database-url",
            &database.url(),
        ])
        .arg("--data-dir")
        .arg(dir.path().join("data"))
        .env("PMS__SERVICE_ACCOUNT__CLIENT_SECRET", SECRET)
        .env("PMS__KEY_MANAGER__KEK_FILE", dir.path().join("kek"))
        .env("PMS__OUTBOX__DISPATCH", "false");
    let _identity = Process::start(command, dir.path(), "pms").listening(ports.pms);
    let policy = start(
        "policy-service",
        ports.policy,
        &ports,
        &database,
        dir.path(),
    );
    let certificate = start(
        "certificate-service",
        ports.certificate,
        &ports,
        &database,
        dir.path(),
    );
    let partner = start(
        "partner-service",
        ports.partner,
        &ports,
        &database,
        dir.path(),
    );
    for service in [&policy, &certificate, &partner] {
        service.assert_guarded();
    }
    let _proxy = proxy(&ports, dir.path());
    make_user(&ports, "boss", &["PARTNER_ADMIN", "POLICYMANAGER"]).await;
    make_user(&ports, "bank-one", &["AUTH_PARTNER"]).await;

    let reported = demo(&ports, ports.proxy, "bank-one");

    let key = reported
        .lines()
        .find_map(|line| line.trim().strip_prefix("API key"))
        .unwrap()
        .trim();
    let events = format!("http://127.0.0.1:{}/dev/events.json", ports.pms);
    eventually("the key's event", async || {
        let events: Value = reqwest::get(&events).await.unwrap().json().await.unwrap();
        events.to_string().contains(key)
    })
    .await;

    // In-cluster callers ask the partner service, which passes them on.
    let forwarded = format!(
        "http://127.0.0.1:{}/v1/partnermanager/partners/certificate/ca/upload",
        ports.partner
    );
    let client = reqwest::Client::builder().build().unwrap();
    let answer = client
        .post(forwarded)
        .json(&json!({}))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 401, "answered by certificate-service");
    let document = format!(
        "http://127.0.0.1:{}/v1/partnermanager/v3/api-docs",
        ports.partner
    );
    let document: Value = client
        .get(document)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    for path in ["/partners", "/partners/certificate/ca/upload"] {
        let path = format!("/v1/partnermanager{path}");
        assert!(
            document["paths"][&path]["post"].is_object(),
            "{path} is not documented"
        );
    }
}
