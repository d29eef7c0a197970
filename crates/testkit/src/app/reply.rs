//! The caller of an app under test, and the reply.

use serde_json::{Value, json};

/// The caller of a request.
#[derive(Debug, Clone)]
pub enum Who {
    /// Nobody: no token.
    Nobody,
    /// A user with roles.
    User(String, Vec<String>),
    /// Whatever this token says.
    Token(String),
}

impl Who {
    /// A user with roles.
    pub fn user(name: &str, roles: &[&str]) -> Self {
        Self::User(
            name.to_owned(),
            roles.iter().map(|role| (*role).to_owned()).collect(),
        )
    }

    /// A user `admin` with the role `PARTNER_ADMIN`.
    pub fn admin() -> Self {
        Self::user("admin", &["PARTNER_ADMIN"])
    }

    /// A user `policy-manager` with the role `POLICYMANAGER`.
    pub fn policy_manager() -> Self {
        Self::user("policy-manager", &["POLICYMANAGER"])
    }
}

/// An HTTP answer.
#[derive(Debug, Clone)]
pub struct Reply {
    /// Status code.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub text: String,
}

impl Reply {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|error| panic!("not JSON ({error}): {}", self.text))
    }

    /// The body as JSON with `responsetime` / `responseTime` replaced by
    /// `"<time>"`, after a check that it is one.
    pub fn timeless(&self) -> Value {
        let mut body = self.json();
        for name in ["responsetime", "responseTime"] {
            if let Some(time) = body.get_mut(name) {
                assert!(time.as_str().is_some_and(|text| text.len() >= 19), "{time}");
                *time = json!("<time>");
            }
        }
        body
    }

    /// `response` of the envelope, after a check that there are no errors.
    pub fn response(&self) -> Value {
        let body = self.json();
        let fine = body["errors"].is_null() || body["errors"] == json!([]);
        assert!(self.status == 200 && fine, "{} {}", self.status, self.text);
        body["response"].clone()
    }

    /// `(errorCode, message)` of the first error.
    pub fn error(&self) -> (String, String) {
        let body = self.json();
        let text = |name: &str| {
            body["errors"][0][name]
                .as_str()
                .unwrap_or("<null>")
                .to_owned()
        };
        assert!(
            body["errors"][0].is_object(),
            "{} {}",
            self.status,
            self.text
        );
        (text("errorCode"), text("message"))
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.as_str())
    }
}
