//! The self-registration page.

use reqwest::StatusCode;
use serde_json::json;
use url::Url;

use crate::browser::{AUTHORIZE, Browser, REDIRECT, login_url, parameter};
use crate::site::Site;

const REGISTRATIONS: &str = "/auth/realms/mosip/protocol/openid-connect/registrations";

/// As the official portal's user-interface tests fill it in.
const FIELDS: [(&str, &str); 11] = [
    ("firstName", "Nadia"),
    ("lastName", "New"),
    ("organizationName", "AABBCC"),
    ("user.attributes.partnerType", "FTM_PROVIDER"),
    ("address", "2 New Street"),
    ("email", "nadia@example.org"),
    ("phoneNumber", "9000000001"),
    ("user.attributes.langCode", "fra"),
    ("username", "pmpui-ftm"),
    ("password", "mosip123"),
    ("password-confirm", "mosip123"),
];

fn with(name: &str, value: &'static str) -> Vec<(&'static str, &'static str)> {
    FIELDS
        .iter()
        .map(|&(n, v)| if n == name { (n, value) } else { (n, v) })
        .collect()
}

/// The page behind the login page's link.
fn registration_url(site: &Site) -> Url {
    let mut url = login_url(site, &[]);
    assert_eq!(url.path(), AUTHORIZE);
    url.set_path(REGISTRATIONS);
    url
}

#[actix_web::test]
async fn registering_from_the_login_page_logs_in() {
    let site = Site::start().await;
    let mut browser = Browser::new(&site);
    let login = browser.open(&login_url(&site, &[])).await;
    assert!(
        login.html.contains(REGISTRATIONS),
        "the login page links to it"
    );
    let page = browser.open(&registration_url(&site)).await;

    let answer = browser.submit(&page, &FIELDS).await;

    assert_eq!(answer.status, StatusCode::FOUND, "{}", answer.html);
    let target = answer.location.unwrap();
    assert!(target.as_str().starts_with(REDIRECT));
    assert!(parameter(&target, "code").is_some());
    let (_, tokens) = site.password_grant("pmpui-ftm", "mosip123").await;
    let claims = site.access_claims(&tokens).await;
    let expected = json!({
        "given_name": "Nadia", "family_name": "New", "organizationName": "AABBCC",
        "partnerType": "FTM_PROVIDER", "addressTest": "2 New Street",
        "email": "nadia@example.org", "phoneNumber": "9000000001", "langCode": "fra",
        "locale": "fra", "realm_access": {"roles": ["FTM_PROVIDER"]},
    });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&claims[name], value, "{name}");
    }
}

#[actix_web::test]
async fn registering_without_a_login_ends_on_a_page() {
    let site = Site::start().await;
    let mut browser = Browser::new(&site);
    let page = browser.open(&site.url(REGISTRATIONS)).await;

    let answer = browser.submit(&page, &FIELDS).await;

    assert_eq!(answer.status, StatusCode::CREATED);
    assert!(answer.html.contains("can log in now"));
}

#[actix_web::test]
async fn mistakes_are_shown_and_nothing_typed_is_lost() {
    let site = Site::start().await;
    let cases = [
        (with("phoneNumber", ""), "Please fill in this field."),
        (
            with("password-confirm", "mosip124"),
            "The two passwords differ.",
        ),
        (
            with("user.attributes.partnerType", "PARTNER_ADMIN"),
            "can&#39;t be chosen",
        ),
        (
            with("user.attributes.partnerType", "KING"),
            "no such partner type",
        ),
        (with("email", "nobody"), "This is no e-mail address."),
        (with("username", "<script>"), "Only letters"),
    ];
    for (fields, complaint) in cases {
        let mut browser = Browser::new(&site);
        let page = browser.open(&registration_url(&site)).await;

        let again = browser.submit(&page, &fields).await;

        assert_eq!(again.status, StatusCode::BAD_REQUEST);
        assert!(again.html.contains(complaint), "{}", again.html);
        assert!(again.html.contains("value=\"AABBCC\""));
        assert!(!again.html.contains("mosip123") && !again.html.contains("<script"));
    }
    assert_eq!(
        site.password_grant("pmpui-ftm", "mosip123").await.0,
        StatusCode::UNAUTHORIZED
    );
}

#[actix_web::test]
async fn a_taken_name_is_refused() {
    let site = Site::start().await;
    let mut browser = Browser::new(&site);
    let page = browser.open(&registration_url(&site)).await;

    let again = browser
        .submit(&page, &with("username", "partner-admin"))
        .await;

    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.html.contains("This user name is taken."));
}

#[actix_web::test]
async fn a_form_from_another_site_registers_no_user() {
    let site = Site::start().await;
    let page = Browser::new(&site).open(&registration_url(&site)).await;

    let answer = Browser::new(&site).submit(&page, &FIELDS).await;

    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(site.identity.mint("pmpui-ftm").is_err());
}
