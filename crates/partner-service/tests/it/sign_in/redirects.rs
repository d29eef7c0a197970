//! No link can use the login to send people elsewhere.

use super::support::{Login, PUBLIC, STATE, base64, login_path};
use pms_testkit::Who;

const TRICKS: [&str; 40] = [
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
    "///evil.com",
    "/\\evil.com",
    "\\/evil.com",
    "https:\\\\evil.com",
    "https://evil.com\\@portal.example.org/",
    "https://portal.example.org\\@evil.com/",
    "https://portal.example.org:443@evil.com/",
    "https://evil.com%00.allowed.org/",
    "https://evil.com%0d%0a.allowed.org/",
    "https://evil.com\t.allowed.org/",
    "https://portal.example.org\0.evil.com/",
    "https://portal.example.org%E3%80%82evil.com/",
    "https://portal\u{3002}example.org/",
    "https://evil.com\u{2044}.allowed.org/",
    "https://\u{ff45}vil.com/.allowed.org",
    "https://x.all\u{43e}wed.org/",
    "https://allowed.org/",
    "https://[::1].allowed.org/",
    "https://2130706433/",
    "HTTPS://EVIL.COM/",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "",
    " https://portal.example.org/",
];

/// Percent signs are signs of the address here, not of its transport.
#[actix_web::test]
async fn encodings_of_the_base64_open_no_other_address() {
    let login = Login::start().await;
    let standard = base64("https://evil.com/?>>>???");
    let for_urls = standard.replace('+', "-").replace('/', "_");
    let (begin, end) = standard.split_at(8);
    let lines = format!("{begin}%0A{end}");
    let twice = base64(&standard);
    let padded = format!("{standard}====");
    let prefixed = format!("{}{standard}", base64("https://portal.example.org/"));
    for tail in [standard, for_urls, lines, twice, padded, prefixed] {
        let path = format!("/v1/partnermanager/login/{tail}?state={STATE}");
        let seen = login.browser().open(&path).await;
        seen.assert_refused(200, "KER-ACP-009", "url not found in allowed url's");
    }
}

/// What is allowed comes out as it went in: nothing in it can begin another
/// header or another address.
#[actix_web::test]
async fn encoded_line_ends_stay_encoded() {
    let login = Login::start().await;
    let target = "https://x.allowed.org/%0d%0aSet-Cookie:%20a=b?c=%0A#/%5C%5Cevil.com";
    let mut browser = login.browser();
    let address = browser.log_in_at_provider(target).await;

    let seen = browser.open(&address).await;

    assert_eq!(seen.location.as_deref(), Some(target), "{}", seen.text);
    assert!(!seen.set_cookies.is_empty());
    assert!(
        seen.set_cookies
            .iter()
            .all(|cookie| !cookie.starts_with("a="))
    );
}

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
