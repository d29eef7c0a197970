//! A portal's browser, the service and an identity provider.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pms_testkit::peers::OidcPeer;
use pms_testkit::{TestApp, TestAppBuilder, tokens};
use reqwest::header::{COOKIE, SET_COOKIE};
use serde_json::{Value, json};
use url::Url;

pub const PORTAL: &str = "https://portal.example.org/";
pub const STATE: &str = "1b4e28ba-2fa1-41d2-883f-0016d3cca427";
pub const OTHER_STATE: &str = "6fa459ea-ee8a-4ca4-894e-db77e160355e";
/// As browsers send it when a user opens an address.
pub const BROWSER: &str =
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8";
pub const PROGRAM: &str = "application/json, text/plain, */*";
/// The path of the service's public address, which the provider sends browsers to.
pub const PUBLIC: &str = "https://api.example.org/v1/partnermanager/login-redirect/";

pub struct Login {
    pub app: TestApp,
    pub provider: OidcPeer,
}

impl Login {
    pub async fn start() -> Self {
        Self::with(|builder| builder).await
    }

    pub async fn with(configure: impl FnOnce(TestAppBuilder) -> TestAppBuilder) -> Self {
        let provider = OidcPeer::start(Value::Null);
        let builder = TestApp::builder()
            .setting("auth.authorization_endpoint", &provider.url("/auth"))
            .setting("auth.token_endpoint", &provider.url("/token"))
            .setting("auth.redirect_uri", PUBLIC)
            .setting("auth.client_secret", OidcPeer::SECRET)
            .setting("auth.client_id", OidcPeer::CLIENT)
            .setting(
                "auth.allowed_redirects",
                "https://portal.example.org/,https://*.allowed.org/**",
            );
        let app = configure(builder).start(pms_partner_service::module).await;
        let login = Self { app, provider };
        login.provider.issue(login.claims());
        login
    }

    /// Claims of a good token.
    pub fn claims(&self) -> Value {
        let expires = self.app.clock.now().timestamp() + 300;
        let mut claims = tokens::claims("acme", &["AUTH_PARTNER", "POLICYMANAGER"], expires);
        claims["mobile"] = json!("700-1");
        claims["partnerType"] = json!("AUTH_PARTNER");
        claims
    }

    /// A browser leaves for the provider and comes back.
    pub async fn there_and_back(&self, target: &str) -> Seen {
        let mut browser = self.browser();
        let address = browser.log_in_at_provider(target).await;
        browser.open(&address).await
    }

    pub fn browser(&self) -> Browser<'_> {
        Browser {
            login: self,
            cookies: BTreeMap::new(),
            accept: PROGRAM.to_owned(),
        }
    }
}

/// Follows no redirects by itself, but keeps cookies.
pub struct Browser<'a> {
    login: &'a Login,
    pub cookies: BTreeMap<String, String>,
    pub accept: String,
}

/// An answer as a browser sees it.
#[derive(Debug)]
pub struct Seen {
    pub status: u16,
    pub location: Option<String>,
    pub set_cookies: Vec<String>,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
}

impl Browser<'_> {
    /// Opens a path of the service, or the service's public address.
    pub async fn open(&mut self, address: &str) -> Seen {
        let path = address.replacen("https://api.example.org", "", 1);
        let url = if path.starts_with('/') {
            self.login.app.url(&path)
        } else {
            path
        };
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .map(|(n, v)| format!("{n}={v}"))
            .collect();
        let client = client();
        let mut request = client.get(url).header("accept", &self.accept);
        if !cookies.is_empty() {
            request = request.header(COOKIE, cookies.join("; "));
        }
        let response = request.send().await.unwrap();
        let headers = response.headers().clone();
        let set_cookies: Vec<String> = headers
            .get_all(SET_COOKIE)
            .iter()
            .map(|value| value.to_str().unwrap().to_owned())
            .collect();
        for cookie in &set_cookies {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let location = headers
            .get("location")
            .map(|value| value.to_str().unwrap().to_owned());
        Seen {
            status: response.status().as_u16(),
            location,
            set_cookies,
            headers,
            text: response.text().await.unwrap(),
        }
    }

    /// Goes to the provider and takes its answer: the address to come back to.
    pub async fn log_in_at_provider(&mut self, target: &str) -> String {
        let seen = self.open(&login_path(target, STATE)).await;
        let page = seen
            .location
            .unwrap_or_else(|| panic!("{seen:?}", seen = seen.text));
        let mut elsewhere = self.login.browser();
        elsewhere.open(&page).await.location.unwrap()
    }
}

/// Connections of their own, so that nothing is shared between browsers.
fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(std::time::Duration::from_secs(30))
        .build()
        .unwrap()
}

impl Seen {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The whole refusal, as programs get it.
    pub fn assert_refused(&self, status: u16, code: &str, message: &str) {
        let mut body = self.json();
        assert_eq!(body["responsetime"], "2026-11-24T10:00:00.000Z");
        body["responsetime"] = json!("<time>");
        let expected = json!({
            "id": null, "version": null, "responsetime": "<time>", "metadata": null,
            "response": null,
            "errors": [{ "errorCode": code, "message": message }],
        });
        assert_eq!((self.status, body), (status, expected));
        assert_eq!(self.headers["content-type"], "application/json");
        assert!(self.set_cookies.is_empty(), "{:?}", self.set_cookies);
    }
}

pub fn base64(text: &str) -> String {
    STANDARD.encode(text)
}

pub fn login_path(target: &str, state: &str) -> String {
    format!("/v1/partnermanager/login/{}?state={state}", base64(target))
}

pub fn parameters(address: &str) -> BTreeMap<String, String> {
    Url::parse(address)
        .unwrap()
        .query_pairs()
        .into_owned()
        .collect()
}
