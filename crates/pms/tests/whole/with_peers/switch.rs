//! Without the switch, and where it can't be.

use reqwest::StatusCode;

use super::site::Site;
use crate::process::{directory, pms};

#[actix_web::test]
async fn without_the_switch_there_is_none_of_it() {
    let site = Site::with(&[]);

    for page in [
        "",
        "/subscriber",
        "/mails",
        "/audits",
        "/datashare",
        "/esignet",
        "/faults",
    ] {
        for path in [format!("/dev{page}"), format!("/dev{page}.json")] {
            assert_eq!(
                site.get(&path).await.status(),
                StatusCode::NOT_FOUND,
                "{path}"
            );
        }
    }
    let form = [("peer", "notifier"), ("fault", "500")];
    let refused = site.post("/dev/faults").form(&form).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::NOT_FOUND);
    let audit = site.post("/dev/peers/audit/v1/auditmanager/audits");
    assert_eq!(audit.send().await.unwrap().status(), StatusCode::NOT_FOUND);
    assert_eq!(site.get("/dev/events").await.status(), StatusCode::OK);

    let start = site.get("/").await.text().await.unwrap();
    assert!(start.contains("pms up --with-peers"), "{start}");
    assert_eq!(site.json("/dev/status.json").await["peers"], false);
    let log = site.log();
    assert!(log.contains("psql -h "), "{log}");
    assert!(!log.contains("Stand-ins"), "{log}");
    site.stop();
}

#[test]
fn stand_ins_need_the_development_identity_provider() {
    let dir = directory();
    let mut command = pms();
    command
        .args(["up", "--with-peers", "--port", "0", "--data-dir"])
        .arg(dir.path().join("data"))
        .env(
            "PMS__AUTH__ISSUER",
            "https://iam.example.org/auth/realms/mosip",
        );

    let output = command.output().unwrap();

    assert!(!output.status.success());
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(text.trim().lines().count(), 1, "{text}");
    assert!(
        text.contains("--with-peers") && text.contains("auth.issuer"),
        "{text}"
    );
}
