//! The official portal from its first page to its dashboard at `pms up`: its
//! requests in its order with its headers, and the members that it reads
//! (contract portal.md §2, §3 and §5.1 to §5.2).

mod calls;
mod portal;

use serde_json::Value;
use url::Url;

use crate::process::{Process, directory, free_port, pms};
use portal::{Page, Portal};

const STATES: [&str; 4] = [
    "1b4e28ba-2fa1-41d2-883f-0016d3cca427",
    "6fa459ea-ee8a-4ca4-894e-db77e160355e",
    "7d444840-9dc0-41d1-b245-5ffdce74fad2",
    "9f0bfa5e-6b1c-4b3c-9c58-0a1e8e3a4f11",
];

#[test]
fn the_portal_boots_signs_people_up_and_shows_its_dashboard() {
    let dir = directory();
    let port = free_port();
    let base = format!("http://127.0.0.1:{port}/");
    let elsewhere = format!("http://127.0.0.1:{}", free_port());
    let mut command = pms();
    command
        .args(["up", "--port", &port.to_string(), "--data-dir"])
        .arg(dir.path().join("data"))
        .env("PMS__CORS__ALLOWED_ORIGINS", &elsewhere)
        .env(
            "PMS__AUTH__ALLOWED_REDIRECTS",
            format!("{base},{elsewhere}/"),
        );
    let process = Process::start(command, dir.path(), "up").listening(port);
    let base = Url::parse(&base).unwrap();
    let own = base.as_str().trim_end_matches('/');

    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        partner(&base, own, "auth-partner").await;
        administrator(&base, own).await;
        policy_manager(&base, own).await;
        // A portal on a host of its own, from the first page on.
        partner(&base, &elsewhere, "credential-partner").await;
        come_again(&base, &elsewhere, "auth-partner").await;
    });

    let log = process.log();
    for fault in ["ERROR", "eyJ", "code="] {
        assert!(!log.contains(fault), "{fault} is in the log\n{log}");
    }
    process.stop();
}

/// A partner registers, chooses a policy group and consents.
async fn partner(base: &Url, origin: &str, user: &str) {
    let mut portal = Portal::new(base, origin);
    portal.first_page().await;
    portal.sign_in(STATES[0], user).await;

    let page = portal.load().await;
    assert!(!page.is_registered);
    let role = &page.me.role;
    assert!(!role.contains("PARTNER_ADMIN") && !role.contains("POLICYMANAGER"));
    assert!(page.policy_required.contains(role), "{role}");
    let group = portal.policy_groups().await;
    portal.register(&page.me, Some(&group)).await;

    let page = portal.load().await;
    assert!(page.is_registered);
    portal.consent(&page.me.user_id).await;
    let page = portal.load().await;
    assert_eq!(portal.has_consented().await, Some(true));
    assert_eq!(portal.expiring_certificates().await, 0);
    assert_eq!(page.notifications, 0);
    portal.open_the_bell(&page.me.user_id).await;
    portal.log_out().await;
}

/// An administrator registers without asking, and sees the counters.
async fn administrator(base: &Url, origin: &str) {
    let mut portal = Portal::new(base, origin);
    portal.first_page().await;
    portal.sign_in(STATES[1], "partner-admin").await;

    let page = portal.load().await;
    assert!(page.me.role.contains("PARTNER_ADMIN"));
    portal.register(&page.me, None).await;
    portal.consent(&page.me.user_id).await;
    let Page { config, .. } = portal.load().await;
    assert_eq!(config["isRootIntermediateCertAvailable"], "true");
    let [roots, intermediates] = portal.expiring_authorities().await;
    assert_eq!((roots, intermediates), (0, 0));
    portal.counters().await;

    // The tab is closed, and the portal opened again: no login is needed.
    let again = portal.load().await;
    assert!(again.is_registered);
    portal.log_out().await;
}

/// Policy managers are no administrators, and no partners of policies either.
async fn policy_manager(base: &Url, origin: &str) {
    let mut portal = Portal::new(base, origin);
    portal.first_page().await;
    portal.sign_in(STATES[2], "policy-manager").await;

    let page = portal.load().await;
    assert_eq!(page.me.role, "POLICYMANAGER");
    portal.register(&page.me, None).await;
    portal.consent(&page.me.user_id).await;
    portal.load().await;
    assert_eq!(portal.expiring_certificates().await, 0);
    portal.log_out().await;
}

/// Who has registered and consented before sees the dashboard at once, after
/// every login.
async fn come_again(base: &Url, origin: &str, user: &str) {
    let mut portal = Portal::new(base, origin);
    portal.sign_in(STATES[3], user).await;
    let first = portal.load().await;
    portal.log_out().await;
    portal.first_page().await;
    portal.sign_in(STATES[0], user).await;
    let second = portal.load().await;

    assert!(first.is_registered && second.is_registered);
    assert_eq!(first.me.user_id, second.me.user_id);
    assert_ne!(second.me.claims["iat"], Value::Null);
    assert_eq!(portal.has_consented().await, Some(true));
}
