//! Logging in to the portal at `pms up`, as a browser does it.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{ACCEPT, COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::Value;
use url::Url;

use crate::process::{Process, directory, free_port, pms};

/// Follows no redirects by itself. Cookies are kept with their path, and for
/// encrypted connections only if they say so, which these are not.
struct Browser {
    client: Client,
    jar: BTreeMap<(String, String), String>,
}

struct Page {
    status: StatusCode,
    location: Option<Url>,
    text: String,
}

impl Browser {
    fn new() -> Self {
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(std::time::Duration::from_secs(30))
            .build()
            .unwrap();
        Self {
            client,
            jar: BTreeMap::new(),
        }
    }

    async fn open(&mut self, url: &Url) -> Page {
        let request = self.client.get(url.clone());
        self.send(url, request).await
    }

    async fn send(&mut self, url: &Url, request: RequestBuilder) -> Page {
        let cookies: Vec<_> = self
            .jar
            .iter()
            .filter(|((_, path), _)| url.path().starts_with(path.as_str()))
            .map(|((name, _), value)| format!("{name}={value}"))
            .collect();
        let request = request.header(ACCEPT, "text/html,*/*;q=0.8");
        let request = request.header(COOKIE, cookies.join("; "));
        let response = request.send().await.unwrap();
        for cookie in response.headers().get_all(SET_COOKIE) {
            self.keep(cookie.to_str().unwrap());
        }
        let location = response.headers().get(LOCATION);
        let location = location.map(|to| url.join(to.to_str().unwrap()).unwrap());
        Page {
            status: response.status(),
            location,
            text: response.text().await.unwrap(),
        }
    }

    fn keep(&mut self, cookie: &str) {
        assert!(cookie.contains("HttpOnly"), "{cookie}");
        let mut parts = cookie.split("; ");
        let (name, value) = parts.next().unwrap().split_once('=').unwrap();
        let rest: Vec<&str> = parts.collect();
        let path = rest.iter().find_map(|part| part.strip_prefix("Path="));
        let key = (name.to_owned(), path.unwrap_or("/").to_owned());
        if rest.contains(&"Max-Age=0") {
            self.jar.remove(&key);
        } else if !rest.contains(&"Secure") {
            self.jar.insert(key, value.to_owned());
        }
    }

    fn has(&self, name: &str) -> bool {
        self.jar.keys().any(|(known, _)| known == name)
    }

    /// Fills in the provider's login page.
    async fn log_in(&mut self, url: &Url, page: &Page) -> Page {
        let text = |before: &str| {
            let (_, rest) = page.text.split_once(before).unwrap();
            rest.split('"').next().unwrap().replace("&amp;", "&")
        };
        let action = url.join(&text("<form method=\"post\" action=\"")).unwrap();
        let token = text("name=\"csrf\" value=\"");
        let form = [
            ("csrf", token.as_str()),
            ("username", "auth-partner"),
            ("password", "demo"),
        ];
        let request = self.client.post(action.clone()).form(&form);
        self.send(&action, request).await
    }
}

#[test]
fn people_log_in_and_out_with_nothing_configured() {
    let dir = directory();
    let port = free_port();
    let mut command = pms();
    command
        .args(["up", "--port", &port.to_string(), "--data-dir"])
        .arg(dir.path().join("data"));
    let process = Process::start(command, dir.path(), "up").listening(port);
    let base = Url::parse(&format!("http://127.0.0.1:{port}/")).unwrap();

    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(journey(&base));

    let log = process.log();
    for secret in ["eyJ", "code=", "client_secret"] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
    process.stop();
}

async fn journey(base: &Url) {
    let at = |path: &str| base.join(path).unwrap();
    let whoami = at("v1/partnermanager/authorize/admin/validateToken");
    let mut browser = Browser::new();
    assert_eq!(browser.open(&whoami).await.status, StatusCode::UNAUTHORIZED);

    // A page whose address makes base64 with a slash, as the portal has one.
    let page = (0..3)
        .map(|pad| format!("{base}#/{}list?sbiId=1", "x".repeat(pad)))
        .find(|page| STANDARD.encode(page).contains('/'))
        .unwrap();
    let state = "1b4e28ba-2fa1-41d2-883f-0016d3cca427";
    let tail = STANDARD.encode(&page);
    let login = at(&format!("v1/partnermanager/login/{tail}?state={state}"));

    let to_provider = browser.open(&login).await;
    assert_eq!(
        to_provider.status,
        StatusCode::FOUND,
        "{}",
        to_provider.text
    );
    let provider = to_provider.location.unwrap();
    let form = browser.open(&provider).await;
    let back = browser.log_in(&provider, &form).await.location.unwrap();
    assert!(
        back.path()
            .starts_with("/v1/partnermanager/login-redirect/")
    );
    let landed = browser.open(&back).await;
    assert_eq!(landed.status, StatusCode::FOUND, "{}", landed.text);
    assert_eq!(landed.location.unwrap().as_str(), page);
    assert!(browser.has("Authorization") && !browser.has("state"));

    let me: Value = serde_json::from_str(&browser.open(&whoami).await.text).unwrap();
    assert_eq!(me["response"]["userId"], "auth-partner");
    assert_eq!(me["response"]["role"], "AUTH_PARTNER");
    assert_eq!(me["errors"], Value::Null);
    let partners = browser
        .open(&at("v1/partnermanager/partners/v3?status=approved"))
        .await;
    assert_eq!(partners.status, StatusCode::OK);

    // The same address again is of no use, and says so to people.
    let again = browser.open(&back).await;
    assert!(again.text.contains("KER-ACP-007"), "{}", again.text);
    assert!(again.text.contains("Back to the portal"), "{}", again.text);

    let home = STANDARD.encode(format!("{base}#/partnermanagement/dashboard"));
    let logout = at(&format!("v1/partnermanager/logout/user?redirecturi={home}"));
    let to_provider = browser.open(&logout).await.location.unwrap();
    assert!(!browser.has("Authorization"));
    let landed = browser.open(&to_provider).await.location.unwrap();
    assert!(landed.as_str().starts_with(base.as_str()), "{landed}");
    assert_eq!(browser.open(&whoami).await.status, StatusCode::UNAUTHORIZED);

    // The login at the provider has ended too.
    let to_provider = browser.open(&login).await.location.unwrap();
    assert_eq!(browser.open(&to_provider).await.status, StatusCode::OK);

    let evil = STANDARD.encode("https://evil.com/");
    let refused = at(&format!("v1/partnermanager/login/{evil}?state={state}"));
    assert!(browser.open(&refused).await.text.contains("KER-ACP-009"));
}
