//! A browser, as far as a login needs one.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{ACCEPT, COOKIE, HeaderMap, LOCATION, SET_COOKIE};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::Value;
use url::Url;

/// What browsers send when somebody opens an address.
const NAVIGATION: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
/// What the portal's scripts send.
const SCRIPT: &str = "application/json, text/plain, */*";

/// Follows no redirects by itself. Cookies are kept with their path, and for
/// encrypted connections only if they say so, which these are not.
pub struct Browser {
    client: Client,
    jar: BTreeMap<(String, String), String>,
}

/// What came of a request.
pub struct Page {
    pub status: StatusCode,
    pub location: Option<Url>,
    pub headers: HeaderMap,
    pub text: String,
}

impl Page {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }
}

impl Browser {
    pub fn new() -> Self {
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

    /// Somebody opens an address.
    pub async fn open(&mut self, url: &Url) -> Page {
        let request = self.client.get(url.clone()).header(ACCEPT, NAVIGATION);
        self.send(url, request).await
    }

    /// A script of the page at `origin` calls, as axios does it.
    pub async fn call(
        &mut self,
        (method, url): (Method, &Url),
        origin: &str,
        body: Option<&Value>,
    ) -> Page {
        let mut request = self.client.request(method.clone(), url.clone());
        request = request.header(ACCEPT, SCRIPT);
        let own = url.origin().ascii_serialization() == origin;
        if !own || method != Method::GET {
            request = request.header("origin", origin);
        }
        if own && let Some(token) = self.jar.get(&("XSRF-TOKEN".to_owned(), "/".to_owned())) {
            request = request.header("x-xsrf-token", token);
        }
        if let Some(body) = body {
            request = request
                .header("content-type", "application/json")
                .body(body.to_string());
        }
        self.send(url, request).await
    }

    /// A browser asks before a script's call to another origin.
    pub async fn ask_first(&self, method: &Method, url: &Url, origin: &str) -> Page {
        let request = self.client.request(Method::OPTIONS, url.clone());
        let request = request
            .header("origin", origin)
            .header("access-control-request-method", method.as_str())
            .header("access-control-request-headers", "content-type");
        page(url, request.send().await.unwrap()).await
    }

    async fn send(&mut self, url: &Url, request: RequestBuilder) -> Page {
        let cookies: Vec<_> = self
            .jar
            .iter()
            .filter(|((_, path), _)| url.path().starts_with(path.as_str()))
            .map(|((name, _), value)| format!("{name}={value}"))
            .collect();
        let request = request.header(COOKIE, cookies.join("; "));
        let response = request.send().await.unwrap();
        for cookie in response.headers().get_all(SET_COOKIE) {
            self.keep(cookie.to_str().unwrap());
        }
        page(url, response).await
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

    pub fn has(&self, name: &str) -> bool {
        self.jar.keys().any(|(known, _)| known == name)
    }

    /// A script sets a cookie.
    pub fn set(&mut self, name: &str, value: &str) {
        let key = (name.to_owned(), "/".to_owned());
        self.jar.insert(key, value.to_owned());
    }

    /// Fills in the provider's login page.
    pub async fn log_in(&mut self, url: &Url, page: &Page, user: &str) -> Page {
        let text = |before: &str| {
            let (_, rest) = page.text.split_once(before).unwrap();
            rest.split('"').next().unwrap().replace("&amp;", "&")
        };
        let action = url.join(&text("<form method=\"post\" action=\"")).unwrap();
        let token = text("name=\"csrf\" value=\"");
        let form = [
            ("csrf", token.as_str()),
            ("username", user),
            ("password", "demo"),
        ];
        let request = self.client.post(action.clone()).header(ACCEPT, NAVIGATION);
        self.send(&action, request.form(&form)).await
    }

    /// From an address of the portal to the provider, through its login page
    /// if it shows one, and back.
    pub async fn sign_in(&mut self, api: &Url, here: &str, state: &str, user: &str) -> Url {
        self.set("state", state);
        let login = format!("login/{}?state={state}", STANDARD.encode(here));
        let provider = self.open(&api.join(&login).unwrap()).await;
        let provider = provider
            .location
            .unwrap_or_else(|| panic!("{}", provider.text));
        let mut answer = self.open(&provider).await;
        if answer.location.is_none() {
            answer = self.log_in(&provider, &answer, user).await;
        }
        let back = answer.location.unwrap_or_else(|| panic!("{}", answer.text));
        let landed = self.open(&back).await;
        landed.location.unwrap_or_else(|| panic!("{}", landed.text))
    }
}

async fn page(url: &Url, response: reqwest::Response) -> Page {
    let location = response.headers().get(LOCATION);
    let location = location.map(|to| url.join(to.to_str().unwrap()).unwrap());
    Page {
        status: response.status(),
        location,
        headers: response.headers().clone(),
        text: response.text().await.unwrap(),
    }
}
