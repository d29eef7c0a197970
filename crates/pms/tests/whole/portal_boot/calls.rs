//! How the portal calls, and what it wants to see of every answer.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::portal::Portal;
use crate::browser;

impl Portal {
    /// The `response` of a call that must succeed.
    pub(super) async fn read(&mut self, method: Method, path: &str, body: Option<&Value>) -> Value {
        let page = self.call(method, path, body).await;
        assert_eq!(page.status, StatusCode::OK, "{path} {}", page.text);
        let mut answer = page.json();
        let errors = &answer["errors"];
        assert!(
            errors.is_null() || *errors == json!([]),
            "{path} {}",
            page.text
        );
        let response = answer["response"].take();
        assert!(!response.is_null(), "{path} {}", page.text);
        response
    }

    pub(super) async fn call(
        &mut self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> browser::Page {
        let api = if path.starts_with("policies/") {
            &self.policy_api
        } else {
            &self.partner_api
        };
        let url = api.join(path).unwrap();
        let own = url.origin().ascii_serialization() == self.origin;
        // Browsers ask before what a form could not have sent.
        if !own && (body.is_some() || method == Method::PUT || method == Method::PATCH) {
            let allowed = self.browser.ask_first(&method, &url, &self.origin).await;
            assert_eq!(allowed.status, StatusCode::NO_CONTENT, "{path}");
            self.assert_readable(&allowed);
            let list = |name: &str| allowed.headers[name].to_str().unwrap().to_lowercase();
            let method = method.as_str().to_lowercase();
            assert!(list("access-control-allow-methods").contains(&method));
            assert!(list("access-control-allow-headers").contains("content-type"));
        }
        let page = self.browser.call((method, &url), &self.origin, body).await;
        if !own {
            self.assert_readable(&page);
        }
        page
    }

    /// Whether the script gets to see the answer.
    fn assert_readable(&self, page: &browser::Page) {
        let header = |name: &str| page.headers.get(name).and_then(|value| value.to_str().ok());
        assert_eq!(
            header("access-control-allow-origin"),
            Some(self.origin.as_str())
        );
        assert_eq!(header("access-control-allow-credentials"), Some("true"));
    }
}

pub fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no text"))
        .to_owned()
}

pub fn now() -> String {
    let now = pms_database::Clock::system().now();
    now.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

/// Most envelopes have an empty id.
pub fn v1(request: &Value) -> Value {
    json!({ "id": "", "version": "1.0", "requesttime": now(), "request": request })
}

pub fn v2(id: &str, request: &Value) -> Value {
    json!({ "id": id, "version": "1.0", "requestTime": now(), "request": request })
}
