//! Fields of a form body or of a query.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::{HttpMessage, HttpRequest};
use url::form_urlencoded;

use super::oauth_error::OAuthError;

/// More fields than any form of ours has.
const MAX_FIELDS: usize = 50;

/// Fields by name; no name twice.
#[derive(Default)]
pub(super) struct Form(HashMap<String, String>);

impl Form {
    /// The fields of a form-encoded body.
    pub(super) fn of_body(request: &HttpRequest, body: &[u8]) -> Result<Self, OAuthError> {
        if request.content_type() != "application/x-www-form-urlencoded" {
            return Err(OAuthError::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "invalid_request",
                "Content-Type must be application/x-www-form-urlencoded",
            ));
        }
        Self::parse(body)
    }

    /// The fields of the request's query.
    pub(super) fn of_query(request: &HttpRequest) -> Result<Self, OAuthError> {
        Self::parse(request.query_string().as_bytes())
    }

    fn parse(text: &[u8]) -> Result<Self, OAuthError> {
        let mut fields = HashMap::new();
        for (name, value) in form_urlencoded::parse(text) {
            if fields
                .insert(name.into_owned(), value.into_owned())
                .is_some()
            {
                return Err(OAuthError::invalid_request("duplicated parameter"));
            }
            if fields.len() > MAX_FIELDS {
                return Err(OAuthError::invalid_request("too many parameters"));
            }
        }
        Ok(Self(fields))
    }

    /// A field that was sent and isn't empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// A field without which there is no answer.
    pub(super) fn required(&self, name: &str) -> Result<&str, OAuthError> {
        self.get(name)
            .ok_or_else(|| OAuthError::invalid_request(format!("Missing form parameter: {name}")))
    }

    /// A field's text, empty when it wasn't sent.
    pub(super) fn text(&self, name: &str) -> String {
        self.get(name).unwrap_or_default().to_owned()
    }
}
