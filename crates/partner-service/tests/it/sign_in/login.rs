//! `GET /login/{redirectURI}` and `GET /login/v2/{redirectURI}`.

use super::support::{
    BROWSER, Login, OTHER_STATE, PORTAL, PUBLIC, STATE, base64, login_path, parameters,
};

const DASHBOARD: &str = "https://portal.example.org/#/partnermanagement/dashboard";

#[actix_web::test]
async fn the_browser_is_sent_to_the_provider() {
    let login = Login::start().await;
    let mut browser = login.browser();

    let seen = browser.open(&login_path(DASHBOARD, STATE)).await;

    assert_eq!(seen.status, 302);
    let location = seen.location.unwrap();
    assert!(
        location.starts_with(&login.provider.url("/auth")),
        "{location}"
    );
    let sent = parameters(&location);
    let challenge = sent["code_challenge"].clone();
    assert_eq!(challenge.len(), 43);
    let names: Vec<_> = sent.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "client_id",
            "code_challenge",
            "code_challenge_method",
            "redirect_uri",
            "response_type",
            "scope",
            "state"
        ]
    );
    assert_eq!(sent["client_id"], "mosip-pms-client");
    assert_eq!(
        sent["redirect_uri"],
        format!("{PUBLIC}{}", base64(DASHBOARD))
    );
    assert_eq!(sent["response_type"], "code");
    assert_eq!(sent["scope"], "email");
    assert_eq!(sent["state"], STATE);
    assert_eq!(sent["code_challenge_method"], "S256");
    let attempt = &browser.cookies["sign_in"];
    assert_eq!(
        seen.set_cookies,
        [
            format!("state={STATE}; HttpOnly; SameSite=Lax; Secure; Path=/"),
            format!(
                "sign_in={attempt}; HttpOnly; SameSite=Lax; Secure; \
                 Path=/v1/partnermanager/login-redirect/; Max-Age=3600"
            ),
        ]
    );
}

#[actix_web::test]
async fn the_second_version_passes_languages_on() {
    let login = Login::with(|builder| builder.setting("auth.claims", r#"{"userinfo":{}}"#)).await;
    let mut browser = login.browser();
    let tail = base64(DASHBOARD);

    let path = format!("/v1/partnermanager/login/v2/{tail}?state={STATE}&ui_locales=ar%20en");
    let seen = browser.open(&path).await;

    let sent = parameters(&seen.location.unwrap());
    assert_eq!(sent["ui_locales"], "ar en");
    assert_eq!(sent["claims"], r#"{"userinfo":{}}"#);
    assert_eq!(sent["redirect_uri"], format!("{PUBLIC}{tail}"));
}

#[actix_web::test]
async fn the_state_of_the_query_replaces_that_of_the_cookie() {
    let login = Login::start().await;
    let mut browser = login.browser();
    browser
        .cookies
        .insert("state".to_owned(), OTHER_STATE.to_owned());

    let seen = browser.open(&login_path(PORTAL, STATE)).await;
    assert_eq!(parameters(&seen.location.unwrap())["state"], STATE);
    assert_eq!(browser.cookies["state"], STATE);

    browser
        .cookies
        .insert("state".to_owned(), OTHER_STATE.to_owned());
    let path = format!("/v1/partnermanager/login/{}", base64(PORTAL));
    let seen = browser.open(&path).await;
    assert_eq!(parameters(&seen.location.unwrap())["state"], OTHER_STATE);
    assert_eq!(browser.cookies["state"], OTHER_STATE);
}

#[actix_web::test]
async fn a_login_needs_a_state_and_an_address_of_the_portal() {
    let login = Login::start().await;

    let path = format!("/v1/partnermanager/login/{}", base64(PORTAL));
    let seen = login.browser().open(&path).await;
    seen.assert_refused(200, "KER-ACP-010", "state is null or empty");

    let seen = login.browser().open(&login_path(PORTAL, "x")).await;
    seen.assert_refused(200, "KER-ACP-011", "state is not uuid");

    for foreign in ["https://evil.com/", "", "nonsense"] {
        let seen = login.browser().open(&login_path(foreign, STATE)).await;
        seen.assert_refused(200, "KER-ACP-009", "url not found in allowed url's");
    }
    let path = format!("/v1/partnermanager/login/%25%00?state={STATE}");
    let seen = login.browser().open(&path).await;
    seen.assert_refused(200, "KER-ACP-009", "url not found in allowed url's");
}

#[actix_web::test]
async fn people_get_a_page_with_a_way_back() {
    let login = Login::start().await;
    let mut browser = login.browser();
    BROWSER.clone_into(&mut browser.accept);

    let seen = browser.open(&login_path("https://evil.com/", STATE)).await;

    assert_eq!(seen.status, 200);
    assert_eq!(seen.headers["content-type"], "text/html; charset=utf-8");
    assert!(seen.set_cookies.is_empty());
    assert!(seen.text.contains("KER-ACP-009"), "{}", seen.text);
    assert!(
        seen.text.contains("url not found in allowed url&#39;s"),
        "{}",
        seen.text
    );
    assert!(
        seen.text.contains(&format!("href=\"{PORTAL}\"")),
        "{}",
        seen.text
    );
    assert!(!seen.text.contains("evil.com"), "{}", seen.text);
    let policy = seen.headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-"),
        "{policy}"
    );
    assert!(!policy.contains("unsafe"), "{policy}");

    // Where the browser came from, if that is the portal; escaped.
    let page = "https://a.allowed.org/?x=1&y='2'#/z";
    let seen = browser.open(&login_path(page, "x")).await;
    assert!(seen.text.contains("KER-ACP-011"));
    let link = "href=\"https://a.allowed.org/?x=1&amp;y=&#39;2&#39;#/z\"";
    assert!(seen.text.contains(link), "{}", seen.text);
}
