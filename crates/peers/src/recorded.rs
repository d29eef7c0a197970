//! Requests as they came.

use actix_web::HttpRequest;
use serde_json::Value;

use crate::stand_in::header;

/// One request that a stand-in got. It holds secrets.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// HTTP method.
    pub method: String,
    /// Path with query.
    pub uri: String,
    /// The `Cookie` header.
    pub cookie: Option<String>,
    /// The `x-request-id` header.
    pub request_id: Option<String>,
    /// The body as text.
    pub body: String,
}

impl Recorded {
    /// A request with its body.
    pub fn of(request: &HttpRequest, body: &[u8]) -> Self {
        Self {
            method: request.method().to_string(),
            uri: request.uri().to_string(),
            cookie: header(request, "cookie"),
            request_id: header(request, "x-request-id"),
            body: String::from_utf8_lossy(body).into_owned(),
        }
    }

    /// The body as JSON; null when it is something else.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or(Value::Null)
    }
}
