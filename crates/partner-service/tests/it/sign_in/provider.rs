//! A token endpoint that is down, slow, or answers with something else.

use std::time::Duration;

use pms_integrations::observer::Peer;
use pms_testkit::peers::{Fault, IdentityPeer};
use pms_testkit::waiting::found;

use super::support::{BROWSER, Login};

const DASHBOARD: &str = "https://portal.example.org/#/partnermanagement/dashboard";

#[actix_web::test]
async fn a_provider_out_of_order_and_one_that_refuses_have_codes_of_their_own() {
    let login = Login::with(|builder| builder.setting("outbox.timeout_ms", "400")).await;
    let unreachable = "Problem in connecting to auth service";
    let unreadable = |status: u16| {
        format!(
            "Error occur while parsing error from response \
             (HTTP status {status}, no JSON object of OAuth 2.0)"
        )
    };

    login.provider.fail(Fault::Slow(Duration::from_secs(5)));
    login
        .there_and_back(DASHBOARD)
        .await
        .assert_refused(200, "KER-ACP-004", unreachable);
    login.provider.fail(Fault::Reset);
    login
        .there_and_back(DASHBOARD)
        .await
        .assert_refused(200, "KER-ACP-004", unreachable);
    login.provider.fail(Fault::Status(502));
    login
        .there_and_back(DASHBOARD)
        .await
        .assert_refused(200, "KER-ACP-005", &unreadable(502));
    for body in ["{}", "[]", "not JSON", r#"{"access_token":1}"#] {
        login.provider.fail(Fault::Body(body.to_owned()));
        login
            .there_and_back(DASHBOARD)
            .await
            .assert_refused(200, "KER-ACP-005", &unreadable(200));
    }
    login
        .provider
        .fail(Fault::Body(r#"{"access_token":"a.b.c"}"#.to_owned()));
    let invalid = "Authentication Failed : Invalid Token : not accepted here";
    login
        .there_and_back(DASHBOARD)
        .await
        .assert_refused(401, "KER-ATH-401", invalid);
}

#[actix_web::test]
async fn a_provider_that_is_down_is_reported() {
    // A port without listener.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let down = format!("http://{}/token", listener.local_addr().unwrap());
    drop(listener);
    let login = Login::with(|builder| builder.setting("auth.token_endpoint", &down)).await;

    let seen = login.there_and_back(DASHBOARD).await;
    seen.assert_refused(200, "KER-ACP-004", "Problem in connecting to auth service");

    let mut browser = login.browser();
    let address = browser.log_in_at_provider(DASHBOARD).await;
    BROWSER.clone_into(&mut browser.accept);
    let seen = browser.open(&address).await;
    assert_eq!(seen.status, 200);
    assert!(seen.text.contains("KER-ACP-004") && seen.text.contains("try again"));
}

#[actix_web::test]
async fn a_login_goes_on_where_the_provider_left_it() {
    let login = Login::with(|builder| builder.setting("outbox.timeout_ms", "400")).await;
    let mut browser = login.browser();
    let address = browser.log_in_at_provider(DASHBOARD).await;

    login.provider.fail(Fault::Status(503));
    let seen = browser.open(&address).await;
    assert!(seen.text.contains("KER-ACP-005"), "{}", seen.text);
    // Slow, but not too slow.
    login.provider.fail(Fault::Slow(Duration::from_millis(50)));
    let seen = browser.open(&address).await;

    assert_eq!(seen.location.as_deref(), Some(DASHBOARD), "{}", seen.text);
}

/// What a provider says is shown to people as text, and not at any length.
#[actix_web::test]
async fn texts_of_the_provider_do_no_harm() {
    let login = Login::start().await;
    let reason = format!("<script>alert(1)</script>\r\n{}", "x".repeat(5000));
    login.provider.refuse(&reason);

    let mut browser = login.browser();
    let address = browser.log_in_at_provider(DASHBOARD).await;
    BROWSER.clone_into(&mut browser.accept);
    let seen = browser.open(&address).await;

    assert_eq!(seen.status, 200);
    assert!(
        seen.text.contains("&lt;script&gt;alert(1)"),
        "{}",
        seen.text
    );
    assert!(!seen.text.contains("<script"), "{}", seen.text);
    assert!(seen.text.len() < 3000, "{}", seen.text.len());
    assert!(seen.set_cookies.is_empty());
}

/// A browser at a token endpoint that hung for three logins before.
async fn after_three_hanging_logins(login: &Login) {
    login.provider.fail(Fault::Slow(Duration::from_secs(2)));
    for _ in 0..3 {
        let seen = login.there_and_back(DASHBOARD).await;
        seen.assert_refused(200, "KER-ACP-004", "Problem in connecting to auth service");
    }
    assert_eq!(login.provider.recorded().len(), 3);
}

#[actix_web::test]
async fn a_provider_that_hangs_is_not_asked_until_it_answers_again() {
    let login = Login::with(|builder| builder.setting("outbox.timeout_ms", "400")).await;
    after_three_hanging_logins(&login).await;
    let mut browser = login.browser();
    let address = browser.log_in_at_provider(DASHBOARD).await;

    let seen = browser.open(&address).await;

    seen.assert_refused(200, "KER-ACP-004", "Problem in connecting to auth service");
    assert_eq!(login.provider.recorded().len(), 3);
    // The account's own endpoint is another one.
    let open = |peer| login.app.runtime.observer.breaker(peer).is_open();
    assert!(open(Peer::LoginToken) && !open(Peer::Token));
    // The code was not used up: the same address finishes the login.
    login.provider.fail(Fault::Slow(Duration::ZERO));
    // The breaker lets a call through when its pause is over.
    let seen = found("the login goes on", async || {
        Some(browser.open(&address).await).filter(|seen| seen.status == 302)
    })
    .await;
    assert_eq!(seen.location.as_deref(), Some(DASHBOARD));
    assert_eq!(login.provider.recorded().len(), 4);
    assert!(!open(Peer::LoginToken));
}

#[actix_web::test]
async fn logins_and_the_account_share_the_breaker_of_one_endpoint() {
    let account = IdentityPeer::start().token_endpoint();
    let login = Login::with(|builder| {
        builder
            .setting("auth.token_endpoint", &account)
            .setting("service_account.token_endpoint", &account)
    })
    .await;
    let breaker = login.app.runtime.observer.breaker(Peer::Token);
    for _ in 0..3 {
        breaker.permit().unwrap().timed_out();
    }

    let seen = login.there_and_back(DASHBOARD).await;

    seen.assert_refused(200, "KER-ACP-004", "Problem in connecting to auth service");
}
