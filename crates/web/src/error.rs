//! How a use case fails.

use actix_web::http::StatusCode;
use pms_database::DbError;
use pms_domain::{BusinessError, ErrorDef};

use crate::http_error::HttpError;

/// How a use case fails; the route's dialect turns it into an answer.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// A business rule says no: HTTP 200 with the codes.
    #[error("refused: {0}")]
    Rejected(BusinessError),
    /// Refused before the operation began: on V2 routes the answer still has
    /// the V1 shape (feature flags and path patterns, contract envelope-and-search.md §6.7).
    #[error("refused early: {0}")]
    RejectedEarly(BusinessError),
    /// The request itself is wrong in a way only the use case can see: HTTP 400.
    #[error("bad request: {0}")]
    Refused(HttpError),
    /// The caller's roles are not enough for what it asks for: HTTP 403.
    #[error("forbidden: {0}")]
    Forbidden(&'static str),
    /// A peer does not let us do what the caller asks for: its HTTP status, 401 or
    /// 403, with the code.
    #[error("denied with {0}")]
    Denied(StatusCode, ErrorDef),
    /// Too much work at once: HTTP 503 with `Retry-After`.
    #[error("busy: {0}")]
    Busy(&'static str),
    /// A text of the request holds the character NUL, which the database takes for
    /// a fault: HTTP 400 with the field.
    #[error("a text holds the character NUL")]
    Nul,
    /// The request asks for what the contract has no code for: the neutral one,
    /// as for a fault, but there is nothing to repair.
    #[error("no answer: {0}")]
    NoAnswer(&'static str),
    /// A fault whose cause the log has already, perhaps for many requests together: the
    /// neutral code, and no line of its own.
    #[error("a fault that was logged: {0}")]
    Logged(&'static str),
    /// A fault of ours or of a peer: the neutral code; the cause only in the log.
    #[error("unexpected: {0}")]
    Unexpected(String),
}

/// What a handler returns.
pub type ApiResult<T> = Result<T, ApiError>;

impl ApiError {
    /// Wraps any cause that the client must not see.
    pub fn unexpected(cause: impl std::fmt::Display) -> Self {
        Self::Unexpected(cause.to_string())
    }
}

impl From<DbError> for ApiError {
    fn from(failure: DbError) -> Self {
        match failure {
            DbError::Rejected(rejection) => Self::Rejected(rejection),
            DbError::Busy(why) => Self::Busy(why),
            DbError::OutOfTime => Self::Busy("the time of the request is over"),
            failure if failure.is_about_nul() => Self::Nul,
            other => Self::Unexpected(other.to_string()),
        }
    }
}

impl From<BusinessError> for ApiError {
    fn from(rejection: BusinessError) -> Self {
        Self::Rejected(rejection)
    }
}

impl From<ErrorDef> for ApiError {
    fn from(def: ErrorDef) -> Self {
        Self::Rejected(def.into())
    }
}

impl From<HttpError> for ApiError {
    fn from(refusal: HttpError) -> Self {
        Self::Refused(refusal)
    }
}
