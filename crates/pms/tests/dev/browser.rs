//! What a browser does with the provider's pages.

use std::collections::BTreeMap;

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{RequestBuilder, StatusCode};
use url::Url;

use crate::site::Site;

pub const AUTHORIZE: &str = "/auth/realms/mosip/protocol/openid-connect/auth";
pub const REDIRECT: &str = "http://127.0.0.1:9/v1/partnermanager/login-redirect/aHR0cDovLw==";

/// Follows no redirects, but keeps cookies.
pub struct Browser<'a> {
    site: &'a Site,
    pub cookies: BTreeMap<String, String>,
}

/// An answer as a browser sees it.
pub struct Page {
    pub status: StatusCode,
    pub location: Option<Url>,
    pub policy: String,
    pub html: String,
}

impl<'a> Browser<'a> {
    pub fn new(site: &'a Site) -> Self {
        Self {
            site,
            cookies: BTreeMap::new(),
        }
    }

    pub async fn open(&mut self, url: &Url) -> Page {
        self.send(self.site.http.get(url.clone())).await
    }

    /// Sends the form of `page` with `fields` filled in; hidden fields are taken from the page.
    pub async fn submit(&mut self, page: &Page, fields: &[(&str, &str)]) -> Page {
        let action = self
            .site
            .url(&attribute(&page.html, "<form method=\"post\" action=\""));
        let token = attribute(&page.html, "name=\"csrf\" value=\"");
        let mut form = vec![("csrf", token.as_str())];
        form.extend(fields);
        self.send(self.site.http.post(action).form(&form)).await
    }

    pub async fn send(&mut self, request: RequestBuilder) -> Page {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(n, v)| format!("{n}={v}"))
            .collect();
        let response = request
            .header(COOKIE, cookies.join("; "))
            .send()
            .await
            .unwrap();
        for cookie in response.headers().get_all(SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            assert!(
                cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
                "{cookie}"
            );
            assert!(cookie.contains("Path=/auth/realms/mosip"), "{cookie}");
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let header = |name: &str| {
            response
                .headers()
                .get(name)
                .map(|value| value.to_str().unwrap().to_owned())
        };
        Page {
            status: response.status(),
            location: header(LOCATION.as_str()).map(|url| Url::parse(&url).unwrap()),
            policy: header("content-security-policy").unwrap_or_default(),
            html: response.text().await.unwrap(),
        }
    }

    /// Logs a user in and gives the address the browser is sent back to.
    pub async fn log_in(&mut self, url: &Url, username: &str) -> Url {
        let page = self.open(url).await;
        assert_eq!(page.status, StatusCode::OK);
        let answer = self
            .submit(&page, &[("username", username), ("password", "demo")])
            .await;
        assert_eq!(answer.status, StatusCode::FOUND, "{}", answer.html);
        answer.location.unwrap()
    }
}

/// The address of the login page for the portal's client.
pub fn login_url(site: &Site, more: &[(&str, &str)]) -> Url {
    let fields = [
        ("client_id", "mosip-pms-client"),
        ("redirect_uri", REDIRECT),
        ("response_type", "code"),
        ("scope", "email"),
        ("state", "1b4e28ba-2fa1-11d2-883f-0016d3cca427"),
    ];
    address(site, AUTHORIZE, &fields, more)
}

/// An address with parameters; those of `more` replace those of `fields`, and an empty
/// one removes it.
pub fn address(site: &Site, path: &str, fields: &[(&str, &str)], more: &[(&str, &str)]) -> Url {
    let mut all: BTreeMap<&str, &str> = fields.iter().copied().collect();
    all.extend(more.iter().copied());
    let mut url = site.url(path);
    url.query_pairs_mut()
        .extend_pairs(all.iter().filter(|(_, value)| !value.is_empty()));
    url
}

/// A parameter of an address.
pub fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

/// The text between `before` and the next double quote, un-escaped.
fn attribute(html: &str, before: &str) -> String {
    let (_, rest) = html.split_once(before).expect("no such attribute");
    rest.split('"').next().unwrap().replace("&amp;", "&")
}
