//! The login page itself.

use reqwest::StatusCode;

use crate::browser::{Browser, login_url, parameter};
use crate::site::Site;

#[actix_web::test]
async fn the_page_loads_nothing_and_can_not_be_framed() {
    let site = Site::start().await;

    let page = Browser::new(&site).open(&login_url(&site, &[])).await;

    for rule in [
        "default-src 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    ] {
        assert!(page.policy.contains(rule), "{}", page.policy);
    }
    assert!(!page.html.contains("<script"));
    assert!(!page.html.contains("src="));
}

#[actix_web::test]
async fn a_wrong_password_shows_the_page_again() {
    let site = Site::start().await;
    let mut browser = Browser::new(&site);
    let page = browser.open(&login_url(&site, &[])).await;

    let wrong = [
        ("username", "\"><script>alert(1)</script>"),
        ("password", "x"),
    ];
    let again = browser.submit(&page, &wrong).await;
    let right = [("username", "auth-partner"), ("password", "demo")];
    let answer = browser.submit(&again, &right).await;

    assert_eq!(again.status, StatusCode::UNAUTHORIZED);
    assert!(again.html.contains("Wrong user name or password"));
    assert!(!again.html.contains("<script"), "the name is escaped");
    assert_eq!(answer.status, StatusCode::FOUND);
}

#[actix_web::test]
async fn too_many_wrong_passwords_close_the_page_too() {
    let site = Site::start().await;
    let mut browser = Browser::new(&site);
    let page = browser.open(&login_url(&site, &[])).await;
    for _ in 0..10 {
        browser
            .submit(&page, &[("username", "auth-partner"), ("password", "x")])
            .await;
    }

    let right = [("username", "auth-partner"), ("password", "demo")];
    let answer = browser.submit(&page, &right).await;

    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
}

#[actix_web::test]
async fn a_form_from_another_site_logs_no_user_in() {
    let site = Site::start().await;
    let url = login_url(&site, &[]);
    let mut victim = Browser::new(&site);
    victim.open(&url).await;
    let mut attacker = Browser::new(&site);
    let page = attacker.open(&url).await;

    // The attacker's form, token included, sent by the victim's browser.
    let fields = [("username", "auth-partner"), ("password", "demo")];
    let forged = victim.submit(&page, &fields).await;
    let without = Browser::new(&site).submit(&page, &fields).await;
    let garbage = attacker.send(site.http.post(url).body("garbage")).await;

    for answer in [forged, without, garbage] {
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert!(answer.location.is_none());
    }
}

#[actix_web::test]
async fn a_second_login_needs_no_page() {
    let site = Site::start().await;
    let mut browser = Browser::new(&site);
    let first = browser.log_in(&login_url(&site, &[]), "auth-partner").await;

    let second = browser.open(&login_url(&site, &[])).await;
    let silent = browser.open(&login_url(&site, &[("prompt", "none")])).await;
    let forced = browser
        .open(&login_url(&site, &[("prompt", "login")]))
        .await;
    site.wait(36_000);
    let late = browser.open(&login_url(&site, &[])).await;

    let again = second.location.unwrap();
    assert_eq!(
        parameter(&again, "session_state"),
        parameter(&first, "session_state")
    );
    assert_ne!(parameter(&again, "code"), parameter(&first, "code"));
    assert!(parameter(&silent.location.unwrap(), "code").is_some());
    assert_eq!(
        (forced.status, late.status),
        (StatusCode::OK, StatusCode::OK)
    );
}

#[actix_web::test]
async fn a_silent_login_without_a_login_fails() {
    let site = Site::start().await;

    let mut browser = Browser::new(&site);
    browser
        .cookies
        .insert("PMS_DEV_SESSION".to_owned(), "not.mine".to_owned());
    let answer = browser.open(&login_url(&site, &[("prompt", "none")])).await;

    let target = answer.location.unwrap();
    assert_eq!(
        parameter(&target, "error").as_deref(),
        Some("login_required")
    );
    assert!(parameter(&target, "state").is_some());
}
