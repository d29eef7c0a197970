//! `GET /logout/user`.

use pms_testkit::{Who, tokens};

use super::support::{BROWSER, Browser, Login, base64, parameters};

const DASHBOARD: &str = "https://portal.example.org/#/partnermanagement/dashboard";
const FORGOTTEN: &str = "Authorization=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0";

fn path(target: &str) -> String {
    format!(
        "/v1/partnermanager/logout/user?redirecturi={}",
        base64(target)
    )
}

fn logged_in(login: &Login) -> Browser<'_> {
    let mut browser = login.browser();
    let token = login.app.token("acme", &["AUTH_PARTNER"]);
    browser.cookies.insert("Authorization".to_owned(), token);
    browser
}

#[actix_web::test]
async fn the_login_ends_here_and_at_the_provider() {
    let login = Login::start().await;
    let mut browser = logged_in(&login);

    let seen = browser.open(&path(DASHBOARD)).await;

    assert_eq!(seen.status, 302);
    let location = seen.location.unwrap();
    let page = "http://iam.test/auth/realms/mosip/protocol/openid-connect/logout?";
    assert!(location.starts_with(page), "{location}");
    let sent = parameters(&location);
    assert_eq!(sent["post_logout_redirect_uri"], DASHBOARD);
    assert_eq!(sent["client_id"], "mosip-pms-client");
    assert_eq!(seen.set_cookies, [FORGOTTEN]);
    assert!(!browser.cookies.contains_key("Authorization"));
}

#[actix_web::test]
async fn the_login_may_end_here_only_or_at_a_configured_page() {
    let login = Login::with(|builder| builder.setting("auth.offline_logout", "true")).await;
    let seen = logged_in(&login).open(&path(DASHBOARD)).await;
    assert_eq!(seen.location.as_deref(), Some(DASHBOARD));
    assert_eq!(seen.set_cookies, [FORGOTTEN]);

    let page = "https://iam.example.org/end?x=1";
    let login = Login::with(|builder| builder.setting("auth.end_session_endpoint", page)).await;
    let seen = logged_in(&login).open(&path(DASHBOARD)).await;
    let location = seen.location.unwrap();
    assert!(
        location.starts_with("https://iam.example.org/end?x=1&post_"),
        "{location}"
    );
}

#[actix_web::test]
async fn pluses_of_base64_survive_the_query() {
    let login = Login::start().await;
    let target = "https://x.allowed.org/#/~~~~?a=~~";
    assert!(base64(target).contains('+'), "{}", base64(target));

    let seen = logged_in(&login).open(&path(target)).await;

    assert_eq!(
        parameters(&seen.location.unwrap())["post_logout_redirect_uri"],
        target
    );
}

#[actix_web::test]
async fn a_logout_needs_a_login_and_an_allowed_address() {
    let login = Login::start().await;

    let seen = login.browser().open(&path(DASHBOARD)).await;
    seen.assert_refused(401, "KER-ATH-401", "Authentication Failed");

    let expired = login.app.clock.now().timestamp();
    let expired = tokens::sign(&tokens::claims("acme", &["AUTH_PARTNER"], expired));
    let mut browser = login.browser();
    browser.cookies.insert("Authorization".to_owned(), expired);
    let seen = browser.open(&path(DASHBOARD)).await;
    seen.assert_refused(401, "KER-ATH-401", "Authentication Failed");

    let foreign = "url not found in allowed url's";
    let mut browser = logged_in(&login);
    let seen = browser.open(&path("https://evil.com/")).await;
    seen.assert_refused(200, "KER-ACP-009", foreign);
    let seen = browser.open("/v1/partnermanager/logout/user").await;
    seen.assert_refused(200, "KER-ACP-009", foreign);

    BROWSER.clone_into(&mut browser.accept);
    let seen = browser.open(&path("https://evil.com/")).await;
    assert!(seen.text.contains("KER-ACP-009") && seen.text.contains("<!doctype html>"));

    assert!(seen.text.contains("You could not be signed out"));
    assert!(seen.text.contains("You are still signed in"));
    assert!(browser.cookies.contains_key("Authorization"));

    // A program that shows its token in the header only has no login to end.
    let token = login.app.token("acme", &["AUTH_PARTNER"]);
    let request = login
        .app
        .runtime
        .client
        .get(login.app.url(&path(DASHBOARD)));
    let response = request.bearer_auth(token).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let text = response.text().await.unwrap();
    assert!(text.contains(r#"{"errorCode":"KER-ATH-401","message":"Authentication Failed"}"#));
}

#[actix_web::test]
async fn people_without_a_login_get_a_page_with_a_way_back() {
    let login = Login::start().await;
    let expired = login.app.clock.now().timestamp();
    let expired = tokens::sign(&tokens::claims("acme", &["AUTH_PARTNER"], expired));
    for token in [None, Some(expired), Some("broken".to_owned())] {
        let mut browser = login.browser();
        BROWSER.clone_into(&mut browser.accept);
        if let Some(token) = token {
            browser.cookies.insert("Authorization".to_owned(), token);
        }

        let seen = browser.open(&path(DASHBOARD)).await;
        assert_eq!((seen.status, seen.location), (401, None));
        assert_eq!(seen.headers["content-type"], "text/html; charset=utf-8");
        assert!(seen.text.contains("KER-ATH-401"), "{}", seen.text);
        assert!(seen.text.contains("has ended already"), "{}", seen.text);
        let link = format!("href=\"{DASHBOARD}\"");
        assert!(seen.text.contains(&link), "{}", seen.text);

        // The way back is never a foreign one.
        let seen = browser.open(&path("https://evil.com/")).await;
        assert_eq!(seen.status, 401);
        assert!(!seen.text.contains("evil.com"), "{}", seen.text);
        let home = "href=\"https://portal.example.org/\"";
        assert!(seen.text.contains(home), "{}", seen.text);
    }
    for method in ["POST", "PUT", "OPTIONS"] {
        let path = path(DASHBOARD);
        let reply = login.app.send(&Who::Nobody, method, &path, None).await;
        assert_eq!(reply.status, 401, "{method}");
    }
}
