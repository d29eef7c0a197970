//! Nobody can use the login to send people elsewhere.

use super::support::{Login, PUBLIC, STATE, base64, login_path};
use pms_testkit::Who;

const TRICKS: [&str; 16] = [
    "//evil.com",
    "\\\\evil.com",
    "https:evil.com",
    "https:///evil.com/",
    "https://portal.example.org.evil.com/",
    "https://portal.example.org@evil.com/",
    "https://portal.example.org%2f@evil.com/",
    "https://evil.com/#https://portal.example.org/",
    "https://evil.com\\.allowed.org/",
    "https://evil.com?.allowed.org/",
    "https://evil.com#.allowed.org/",
    "https://evil.com%23.allowed.org/",
    "https://allowed.evil.com/",
    "javascript:alert(document.cookie)",
    "https://portal.example.org/\r\nSet-Cookie: Authorization=x",
    "http://portal.example.org/",
];

#[actix_web::test]
async fn tricks_with_addresses_are_refused_at_every_endpoint() {
    let login = Login::start().await;
    let token = login.app.token("acme", &["AUTH_PARTNER"]);
    let message = "url not found in allowed url's";
    for trick in TRICKS {
        let mut browser = login.browser();
        let seen = browser.open(&login_path(trick, STATE)).await;
        seen.assert_refused(200, "KER-ACP-009", message);

        let encoded = base64(trick);
        let seen = browser.open(&format!("{PUBLIC}{encoded}?error=x")).await;
        seen.assert_refused(200, "KER-ACP-009", message);

        browser.cookies.insert("state".to_owned(), STATE.to_owned());
        let seen = browser
            .open(&format!("{PUBLIC}{encoded}?state={STATE}&code=x"))
            .await;
        seen.assert_refused(200, "KER-ACP-009", message);

        browser
            .cookies
            .insert("Authorization".to_owned(), token.clone());
        let path = format!("/v1/partnermanager/logout/user?redirecturi={encoded}");
        let seen = browser.open(&path).await;
        seen.assert_refused(200, "KER-ACP-009", message);
    }
    assert!(login.provider.recorded().is_empty());
}

#[actix_web::test]
async fn the_paths_of_the_login_open_no_other_path() {
    let login = Login::start().await;
    for path in [
        "/v1/partnermanager/login",
        "/v1/partnermanager/logins/x",
        "/v1/partnermanager/x/login/y",
        "/v1/partnermanager/logout/user",
        "/v1/partnermanager/authorize/admin/validateToken",
    ] {
        let reply = login.app.get(&Who::Nobody, path).await;
        assert_eq!(reply.status, 401, "{path}");
    }
    // Whatever is behind it, the login takes for the address to come back to.
    let path = "/v1/partnermanager/login/..%2fpartners/v3";
    let reply = login.app.get(&Who::Nobody, path).await;
    assert_eq!(reply.error().0, "KER-ACP-010");
}

#[actix_web::test]
async fn a_list_that_would_allow_everything_stops_the_start() {
    for entry in ["*", "https://**", "portal.example.org"] {
        let settings = pms_web::Settings::with_overrides(&[
            ("database.url", "postgres://nowhere.invalid/x"),
            ("auth.issuer", "http://iam.test/auth/realms/mosip"),
            ("auth.allowed_redirects", entry),
        ]);
        let clock = pms_database::Clock::system();
        let runtime = pms_runtime::Runtime::build(settings.unwrap(), "test", clock).unwrap();

        let refused = pms_partner_service::module(&runtime).await.err().unwrap();

        assert!(
            refused.to_string().contains("auth.allowed_redirects"),
            "{refused}"
        );
    }
}
