//! Error bodies of the token, userinfo and logout endpoints (RFC 6749 §5.2), with Keycloak's
//! texts.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};
use serde_json::json;

use crate::identity::login::LoginError;
use crate::identity::options::IdentityError;

/// An answer of the form `{"error":…,"error_description":…}`.
#[derive(Debug, thiserror::Error)]
#[error("{code}: {description}")]
pub(super) struct OAuthError {
    status: StatusCode,
    pub(super) code: &'static str,
    pub(super) description: String,
}

impl OAuthError {
    pub(super) fn invalid_request(description: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_request", description)
    }

    pub(super) fn invalid_grant(description: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_grant", description)
    }

    pub(super) fn invalid_scope(requested: &str) -> Self {
        let description = format!("Invalid scopes: {requested}");
        Self::new(StatusCode::BAD_REQUEST, "invalid_scope", description)
    }

    pub(super) fn invalid_client() -> Self {
        let description = "Invalid client or Invalid client credentials";
        Self::new(StatusCode::UNAUTHORIZED, "invalid_client", description)
    }

    pub(super) fn unauthorized_client(description: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "unauthorized_client", description)
    }

    pub(super) fn invalid_token() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "invalid_token",
            "Token verification failed",
        )
    }

    pub(super) fn new(
        status: StatusCode,
        code: &'static str,
        description: impl Into<String>,
    ) -> Self {
        Self {
            status,
            code,
            description: description.into(),
        }
    }
}

impl From<IdentityError> for OAuthError {
    fn from(error: IdentityError) -> Self {
        tracing::error!(%error, "the development identity provider can't answer");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "server_error",
            "See the log",
        )
    }
}

impl From<LoginError> for OAuthError {
    fn from(error: LoginError) -> Self {
        match error {
            LoginError::Wrong => Self::new(
                StatusCode::UNAUTHORIZED,
                "invalid_grant",
                "Invalid user credentials",
            ),
            LoginError::TooMany => Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "invalid_grant",
                "Too many wrong passwords, try again in a minute",
            ),
        }
    }
}

impl ResponseError for OAuthError {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        response.insert_header((CACHE_CONTROL, "no-store"));
        match (self.status, self.code) {
            (StatusCode::TOO_MANY_REQUESTS, _) => {
                response.insert_header((RETRY_AFTER, "60"));
            }
            (_, "invalid_client") => {
                response.insert_header((WWW_AUTHENTICATE, "Basic realm=\"mosip\""));
            }
            (_, "invalid_token") => {
                let challenge = "Bearer realm=\"mosip\", error=\"invalid_token\"";
                response.insert_header((WWW_AUTHENTICATE, challenge));
            }
            _ => {}
        }
        response.json(json!({"error": self.code, "error_description": self.description}))
    }
}
