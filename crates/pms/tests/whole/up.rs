//! `pms up`, `pms demo` and what happens to them.

use std::process::Command;

use serde_json::Value;

use crate::process::{Process, directory, free_port, pms, run};

fn up(dir: &std::path::Path, port: u16) -> Process {
    let mut command = pms();
    command
        .args(["up", "--port", &port.to_string(), "--data-dir"])
        .arg(dir.join("data"));
    Process::start(command, dir, "up").listening(port)
}

fn demo(port: u16) -> Command {
    let mut command = pms();
    command.args(["demo", "--url", &format!("http://127.0.0.1:{port}")]);
    command
}

fn get(url: &str) -> String {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async { reqwest::get(url).await.unwrap().text().await.unwrap() })
}

#[test]
fn a_partner_is_onboarded_again_and_again_even_after_a_kill() {
    let dir = directory();
    let port = free_port();
    let base = format!("http://127.0.0.1:{port}");
    let first = up(dir.path(), port);

    let reported = run(&mut demo(port));
    assert!(
        reported.contains("OpenSSL accepts the signed certificate"),
        "{reported}"
    );
    assert!(
        reported.contains("APIKEY_APPROVED") && reported.contains("Summary"),
        "{reported}"
    );
    run(&mut demo(port));

    // SIGKILL at any moment: the next start finds everything.
    first.kill();
    let second = up(dir.path(), port);
    run(&mut demo(port));

    let page = get(&format!("{base}/"));
    assert!(
        page.contains("Partner management") && page.contains(&base),
        "{page}"
    );
    let status: Value = serde_json::from_str(&get(&format!("{base}/dev/status.json"))).unwrap();
    assert_eq!(status["services"].as_array().unwrap().len(), 3);
    assert_eq!(status["users"].as_array().unwrap().len(), 7);
    let token = run(pms().args(["token", "--user", "partner-admin", "--url", &base]));
    assert_eq!(token.trim().split('.').count(), 3);

    let log = second.log();
    for secret in ["PRIVATE KEY", "client_secret", token.trim()] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
    second.stop();
}

#[test]
fn a_taken_port_an_exposed_address_and_a_wrong_setting_are_one_clear_line() {
    let dir = directory();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = listener.local_addr().unwrap().port().to_string();
    let complaint = |command: &mut Command| {
        let output = command
            .arg("--data-dir")
            .arg(dir.path().join("x"))
            .output()
            .unwrap();
        assert!(!output.status.success());
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(text.trim().lines().count(), 1, "{text}");
        text
    };

    assert!(complaint(pms().args(["up", "--port", &taken])).contains("can't be bound"));
    let exposed = complaint(pms().args(["up", "--host", "0.0.0.0", "--port", "0"]));
    assert!(exposed.contains("refusing to start"), "{exposed}");
    let wrong = complaint(pms().arg("up").env("PMS__DATABASE__POOL_SISE", "3"));
    assert!(wrong.contains("pool_sise"), "{wrong}");
}

#[test]
fn demo_says_what_is_wrong_when_nothing_runs() {
    let output = demo(free_port()).output().unwrap();

    assert!(!output.status.success());
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("is `pms up` running there?"), "{text}");
}

#[test]
fn routes_are_listed_with_their_owner_and_role() {
    let routes = run(pms().arg("routes"));

    let line = routes
        .lines()
        .find(|line| line.contains("/v1/policymanager/policies/{policyId}/partner/{partnerId}"))
        .unwrap();
    assert!(
        line.starts_with("GET") && line.contains("policy-service"),
        "{line}"
    );
    assert!(line.contains("getpoliciespolicyid"), "{line}");
}
