//! `GET /login-redirect/{redirectURI}`.

use pms_testkit::tokens;
use serde_json::{Value, json};

use super::support::{BROWSER, Login, OTHER_STATE, PORTAL, PUBLIC, STATE, base64};

const DASHBOARD: &str = "https://portal.example.org/#/partnermanagement/dashboard";
const REFUSED: &str = "Error Occured while getting access token from iam ";
const NOT_MATCHING: &str = "state is not maching";

#[actix_web::test]
async fn a_login_ends_where_it_began_with_the_tokens_cookie() {
    let login = Login::start().await;
    let mut browser = login.browser();
    let address = browser.log_in_at_provider(DASHBOARD).await;

    let seen = browser.open(&address).await;

    assert_eq!(seen.status, 302, "{}", seen.text);
    assert_eq!(seen.location.as_deref(), Some(DASHBOARD));
    let token = tokens::sign(&login.claims());
    let gone = "=; HttpOnly; SameSite=Lax; Secure; Path=/";
    assert_eq!(
        seen.set_cookies,
        [
            format!("Authorization={token}; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=360"),
            format!("sign_in{gone}v1/partnermanager/login-redirect/; Max-Age=0"),
            format!("state{gone}; Max-Age=0"),
        ]
    );
    let requested = login.provider.recorded()[0].json();
    assert_eq!(requested["grant_type"], "authorization_code");
    assert_eq!(
        requested["redirect_uri"],
        format!("{PUBLIC}{}", base64(DASHBOARD))
    );
    let seen = browser
        .open("/v1/partnermanager/authorize/admin/validateToken")
        .await;
    assert_eq!(seen.json()["response"]["userId"], "acme");
}

#[actix_web::test]
async fn cookies_are_for_plain_connections_too_if_the_operator_says_so() {
    let login = Login::with(|builder| builder.setting("auth.secure_cookies", "false")).await;

    let seen = login.there_and_back(DASHBOARD).await;

    assert_eq!(seen.status, 302);
    assert!(!seen.set_cookies.is_empty());
    assert!(
        seen.set_cookies
            .iter()
            .all(|cookie| !cookie.contains("Secure"))
    );
}

#[actix_web::test]
async fn addresses_whose_base64_holds_slashes_and_pluses_come_through() {
    let login = Login::start().await;
    for target in [
        "https://x.allowed.org/#/list?a=1???",
        "https://xx.allowed.org/#/list?a=1???",
        "https://xxx.allowed.org/#/list?a=1??>~~>~>~>",
        "https://xxx.allowed.org/#/>>>~~~".trim_end_matches('>'),
    ] {
        let mut browser = login.browser();
        // Addresses with such signs are allowed only where patterns say so.
        let target = target.replace('>', "~");
        let address = browser.log_in_at_provider(&target).await;

        let seen = browser.open(&address).await;

        assert_eq!(
            seen.location.as_deref(),
            Some(target.as_str()),
            "{}",
            seen.text
        );
    }
    assert!(base64("https://x.allowed.org/#/list?a=1???").contains('/'));

    // Some proxies encode what browsers send plain.
    let mut browser = login.browser();
    let target = "https://x.allowed.org/#/list?a=1???";
    let address = browser.log_in_at_provider(target).await;
    let (path, query) = address.split_once('?').unwrap();
    let (base, tail) = path.split_at(PUBLIC.len());
    let tail = tail
        .replace('/', "%2F")
        .replace('=', "%3D")
        .replace('+', "%2B");
    let seen = browser.open(&format!("{base}{tail}?{query}")).await;
    assert_eq!(seen.location.as_deref(), Some(target), "{}", seen.text);
}

#[actix_web::test]
async fn a_browser_must_come_back_with_its_own_state() {
    let login = Login::start().await;
    let mut browser = login.browser();
    let address = browser.log_in_at_provider(DASHBOARD).await;

    let refused = |seen: super::support::Seen| {
        seen.assert_refused(200, "KER-ACP-007", NOT_MATCHING);
    };
    refused(login.browser().open(&address).await);
    refused(browser.open(&address.replace(STATE, OTHER_STATE)).await);
    refused(browser.open(&address.replace(STATE, "")).await);
    refused(browser.open(&address.replace("state=", "x=")).await);
    let mut tampered = login.browser();
    tampered.cookies = browser.cookies.clone();
    tampered
        .cookies
        .insert("state".to_owned(), OTHER_STATE.to_owned());
    refused(tampered.open(&address).await);
    tampered.cookies.insert("state".to_owned(), String::new());
    refused(tampered.open(&address.replace(STATE, "")).await);
    assert!(login.provider.recorded().is_empty());

    // Nothing was used up; but a state is good once.
    assert_eq!(browser.open(&address).await.status, 302);
    refused(browser.open(&address).await);
}

#[actix_web::test]
async fn a_code_from_elsewhere_or_used_before_is_refused() {
    let login = Login::start().await;
    let mut browser = login.browser();
    let address = browser.log_in_at_provider(DASHBOARD).await;
    let cookies = browser.cookies.clone();

    // Somebody who knows the address, but is not the browser.
    let mut thief = login.browser();
    thief.cookies.insert("state".to_owned(), STATE.to_owned());
    let seen = thief.open(&address).await;
    let mismatch = format!("{REFUSED}PKCE verification failed: Code mismatch");
    seen.assert_refused(200, "KER-ACP-006", &mismatch);

    let address = browser.log_in_at_provider(DASHBOARD).await;
    assert_eq!(browser.open(&address).await.status, 302);
    browser.cookies = cookies;
    let seen = browser.open(&address).await;
    seen.assert_refused(200, "KER-ACP-006", &format!("{REFUSED}Code not valid"));

    // The browser's part of the verifier can't be exchanged either.
    let address = browser.log_in_at_provider(DASHBOARD).await;
    let tampered = format!("{}x", browser.cookies["sign_in"]);
    browser.cookies.insert("sign_in".to_owned(), tampered);
    let seen = browser.open(&address).await;
    seen.assert_refused(200, "KER-ACP-006", &mismatch);

    let (without, _) = address.split_once("&code=").unwrap();
    let seen = browser.open(without).await;
    let missing = format!("{REFUSED}Missing parameter: code");
    seen.assert_refused(200, "KER-ACP-006", &missing);
}

#[actix_web::test]
async fn nobody_is_sent_to_another_address_than_at_first() {
    let login = Login::start().await;
    let mut browser = login.browser();
    let address = browser.log_in_at_provider(DASHBOARD).await;
    let to = |target: &str| address.replace(&base64(DASHBOARD), &base64(target));

    let seen = browser.open(&to("https://evil.com/")).await;
    seen.assert_refused(200, "KER-ACP-009", "url not found in allowed url's");
    assert!(login.provider.recorded().is_empty());

    // Allowed, but not what was sent to the provider.
    let seen = browser.open(&to(PORTAL)).await;
    let incorrect = format!("{REFUSED}Incorrect redirect_uri");
    seen.assert_refused(200, "KER-ACP-006", &incorrect);
}

#[actix_web::test]
async fn a_token_that_no_endpoint_would_accept_is_not_kept() {
    let login = Login::start().await;
    let with = |name: &str, value: Value| {
        let mut claims = login.claims();
        claims[name] = value;
        claims
    };
    let now = login.app.clock.now().timestamp();
    let mut foreign = with("aud", json!("account"));
    foreign["azp"] = json!("somebody-else");

    for claims in [
        with("iss", json!("http://iam.test/auth/realms/other")),
        with("iss", json!("http://evil.test/auth/realms/mosip")),
        with("exp", json!(now)),
        with("typ", json!("ID")),
        foreign,
    ] {
        login.provider.issue(claims);
        let invalid = "Authentication Failed : Invalid Token : not accepted here";
        login
            .there_and_back(DASHBOARD)
            .await
            .assert_refused(401, "KER-ATH-401", invalid);
    }
    let mut browser = login.browser();
    let address = browser.log_in_at_provider(DASHBOARD).await;
    BROWSER.clone_into(&mut browser.accept);
    let seen = browser.open(&address).await;
    assert_eq!((seen.status, seen.set_cookies.len()), (401, 0));
    assert!(seen.text.contains("KER-ATH-401"));
    assert!(
        seen.text.contains(&format!("href=\"{DASHBOARD}\"")),
        "{}",
        seen.text
    );
}

#[actix_web::test]
async fn what_the_provider_complains_of_is_passed_on_encoded() {
    let login = Login::start().await;
    let reported = async |target: &str, error: &str| {
        let path = format!("{PUBLIC}{}?error={error}&state={STATE}", base64(target));
        login.browser().open(&path).await
    };

    let seen = reported(DASHBOARD, "access_denied").await;
    assert_eq!(seen.status, 302);
    // Unreserved characters stay as they are (RFC 3986 §2.3): the portal compares the text.
    let location = format!("{DASHBOARD}?error=access_denied");
    assert_eq!(seen.location, Some(location));
    assert!(seen.set_cookies.is_empty());

    let seen = reported(
        "https://a.allowed.org/#/list?id=1",
        "a%26b%0d%0aSet-Cookie:x",
    )
    .await;
    let location = "https://a.allowed.org/#/list?id=1&error=a%26b%0D%0ASet-Cookie%3Ax";
    assert_eq!(seen.location.as_deref(), Some(location));

    let seen = reported("https://evil.com/", "access_denied").await;
    seen.assert_refused(200, "KER-ACP-009", "url not found in allowed url's");
}

#[actix_web::test]
async fn replicas_share_no_memory() {
    let login = Login::start().await;
    let mut browser = login.browser();
    let address = browser.log_in_at_provider(DASHBOARD).await;
    let settings = login.app.runtime.settings.as_ref().clone();
    let other = another_replica(settings, login.app.clock.clone()).await;

    let path = address.replacen("https://api.example.org", "", 1);
    let cookies: Vec<_> = browser
        .cookies
        .iter()
        .map(|(n, v)| format!("{n}={v}"))
        .collect();
    let request = login.app.runtime.client.get(other.url(&path));
    let response = request
        .header("cookie", cookies.join("; "))
        .send()
        .await
        .unwrap();

    assert_eq!(response.status(), 302);
    assert_eq!(response.headers()["location"], DASHBOARD);
}

/// A second server on the same settings.
async fn another_replica(
    settings: pms_web::Settings,
    clock: pms_database::Clock,
) -> actix_test::TestServer {
    let runtime = pms_runtime::Runtime::build(settings, "test", clock).unwrap();
    let application = pms_web::server::Application {
        edge: runtime.edge.clone(),
        modules: vec![pms_partner_service::module(&runtime).await.unwrap()],
        extras: None,
    };
    actix_test::start(move || pms_web::layered!(application.clone()))
}
