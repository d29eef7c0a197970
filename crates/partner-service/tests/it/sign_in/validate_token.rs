//! `GET /authorize/admin/validateToken`.

use pms_testkit::{Who, tokens};
use serde_json::json;

use super::support::{BROWSER, Login};

const PATH: &str = "/v1/partnermanager/authorize/admin/validateToken";

#[actix_web::test]
async fn the_portal_learns_what_the_token_says() {
    let login = Login::start().await;
    let token = tokens::sign(&login.claims());

    let reply = login.app.get(&Who::Token(token.clone()), PATH).await;

    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(
        reply.text,
        json!({
            "id": null,
            "version": null,
            "responsetime": "2026-11-24T10:00:00.000Z",
            "metadata": null,
            "response": {
                "userId": "acme",
                "mobile": "700-1",
                "mail": "acme@example.org",
                "langCode": null,
                "userPassword": null,
                "name": "sub-acme",
                "role": "AUTH_PARTNER,POLICYMANAGER",
                "rid": null,
                "token": token,
            },
            "errors": null,
        })
        .to_string()
    );
    let cookie =
        format!("Authorization={token}; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=360");
    assert_eq!(reply.header("set-cookie"), Some(cookie.as_str()));
}

#[actix_web::test]
async fn it_stays_json_for_browsers_and_names_no_role_as_nothing() {
    let login = Login::start().await;
    let mut browser = login.browser();
    BROWSER.clone_into(&mut browser.accept);
    let token = login.app.token("guest", &[]);
    browser.cookies.insert("Authorization".to_owned(), token);

    let seen = browser.open(PATH).await;

    assert_eq!(seen.json()["response"]["role"], "");
    assert_eq!(seen.json()["response"]["mobile"], json!(null));
}

#[actix_web::test]
async fn of_several_cookies_the_last_well_formed_one_counts() {
    let login = Login::start().await;
    let (first, last) = (login.app.token("first", &[]), login.app.token("last", &[]));
    let request = login.app.runtime.client.get(login.app.url(PATH));
    let cookies = format!("Authorization={first}; Authorization={last}; Authorization=broken");

    let response = request.header("cookie", cookies).send().await.unwrap();

    let body: serde_json::Value = response.json().await.unwrap();
    assert_eq!(body["response"]["userId"], "last");
    assert_eq!(body["response"]["token"], last);
}

#[actix_web::test]
async fn a_tampered_or_expired_token_is_a_401() {
    let login = Login::start().await;
    let good = login.app.token("acme", &["PARTNER_ADMIN"]);
    let (head, rest) = good.split_once('.').unwrap();
    let (_, seal) = rest.split_once('.').unwrap();
    let other = login.app.token("other", &["PARTNER_ADMIN"]);
    let claims = other.split('.').nth(1).unwrap();
    let now = login.app.clock.now().timestamp();
    let expired = tokens::sign(&tokens::claims("acme", &[], now));

    for token in [format!("{head}.{claims}.{seal}"), expired] {
        let reply = login.app.get(&Who::Token(token), PATH).await;
        assert_eq!(reply.status, 401);
        assert_eq!(reply.error().0, "KER-ATH-401");
        assert_eq!(reply.header("set-cookie"), None);
    }
}

#[actix_web::test]
async fn a_token_outside_of_cookies_is_no_login() {
    let login = Login::start().await;
    let token = login.app.token("acme", &[]);
    let ask = async |cookie: Option<&str>| {
        let mut request = login
            .app
            .runtime
            .client
            .get(login.app.url(PATH))
            .bearer_auth(&token);
        if let Some(cookie) = cookie {
            request = request.header("cookie", cookie);
        }
        let body: serde_json::Value = request.send().await.unwrap().json().await.unwrap();
        body["errors"].clone()
    };

    let none = json!([{ "errorCode": "KER-ACP-001", "message": "Cookies are empty" }]);
    assert_eq!(ask(None).await, none);
    let other = json!([{
        "errorCode": "KER-ACP-002", "message": "Token is not present in cookies",
    }]);
    assert_eq!(ask(Some("state=x")).await, other);
}

#[actix_web::test]
async fn scripts_can_be_kept_from_using_the_token() {
    let login = Login::with(|builder| builder.setting("auth.hide_token_signature", "true")).await;
    let token = login.app.token("acme", &["PARTNER_ADMIN"]);

    let reply = login.app.get(&Who::Token(token.clone()), PATH).await;

    let shown = reply.response()["token"].as_str().unwrap().to_owned();
    let (claims, seal) = shown.rsplit_once('.').unwrap();
    assert!(token.starts_with(claims) && seal.bytes().all(|byte| byte == b'A'));
    let again = login.app.get(&Who::Token(shown), PATH).await;
    assert_eq!(again.status, 401);
    assert!(reply.header("set-cookie").unwrap().contains(&token));
}

#[actix_web::test]
async fn people_without_a_login_get_a_page_programs_the_json() {
    let login = Login::start().await;
    let mut browser = login.browser();

    let seen = browser.open(PATH).await;
    seen.assert_refused(401, "KER-ATH-401", "Authentication Failed");

    BROWSER.clone_into(&mut browser.accept);
    let seen = browser.open(PATH).await;
    assert_eq!(seen.status, 401);
    assert!(seen.text.contains("KER-ATH-401"), "{}", seen.text);
    let home = "href=\"https://portal.example.org/\"";
    assert!(seen.text.contains(home), "{}", seen.text);
}
